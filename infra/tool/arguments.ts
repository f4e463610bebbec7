import { parseCommandLine, UsageError } from '../command-line.ts';
import { parse, type Edition } from '../../lambdas/promql/index.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import { writtenText } from '../rules/inline/expression-text.ts';

const commands = ['check', 'test', 'timeline', 'explain'] as const;
export type Command = (typeof commands)[number];

export type Engine = RulePlan['engine'];
export const engines = ['classic', 'promql'] as const satisfies readonly Engine[];

/** What the command line asks for. */
export type Arguments = {
  readonly command: Command;
  /** At least one. */
  readonly files: readonly string[];
  /** Null for the command's own default. */
  readonly settings: string | null;
  /** Null for those that the command is about. */
  readonly engine: Engine | null;
  /** The major version of Prometheus; null for what settings say. */
  readonly edition: Edition | null;
  readonly alert: string | null;
  readonly json: boolean;
  /** Whether fields of rule files that Prometheus does not know are passed over. */
  readonly ignoreUnknownFields?: true;
  /** Patterns of the tests to run, by name. */
  readonly run?: readonly string[];
  /** Where the results go as JUnit's XML. */
  readonly junit?: string;
};

export const usage = `Usage: npm run rules -- <command> [options] FILE...

  check FILE...              reads Prometheus rule files as promtool does, and
                             says what becomes of each rule
  test FILE...               runs promtool unit-test files against the classic
                             alarms as deployed
  timeline FILE              the states of those alarms over a test file's
                             series, minute by minute
  explain FILE --alert NAME  one rule: what is read and published, its alarms,
                             and what differs from Prometheus

  --settings <file>          targets, labels and alarms, as for a deployment
                             (infra/settings.yaml; test and timeline: none,
                             their targets are those of the test's series)
  --engine classic|promql    only this engine (check, explain)
  --prometheus 2|3           the major version of Prometheus whose reading is
                             meant (what settings say, else 2)
  --alert <name>             the alert to explain
  --ignore-unknown-fields    passes over fields of rule files that Prometheus
                             does not know, such as Thanos' and Mimir's
  --run <regex>              only tests whose name the pattern matches
                             somewhere; may be given several times (test)
  --junit <file>             writes the results as JUnit XML too (test)
  --json                     one JSON document and nothing else on stdout
                             (check, timeline)
  --help

Exit code: 0 all is well; 1 a test failed, or a rule was refused and settings
say alarms.strict; 2 the input cannot be used.
`;

const options = {
  engine: { type: 'string' },
  prometheus: { type: 'string' },
  alert: { type: 'string' },
  'ignore-unknown-fields': { type: 'boolean', default: false },
  run: { type: 'string', multiple: true },
  junit: { type: 'string' },
} as const;

/**
 * Null if help is asked for.
 * @throws UsageError naming the argument and what is expected
 */
export function readArguments(argv: readonly string[]): Arguments | null {
  const { values, positionals } = parseCommandLine(argv, options);
  if (values.help) return null;
  const [word, ...files] = positionals;
  if (word === undefined) throw new UsageError(`expected a command: ${commands.join(', ')}`);
  const command = commands.find((each) => each === word);
  if (command === undefined) throw new UsageError(`no command "${word}"; there are ${commands.join(', ')}`);
  if (files.length === 0) throw new UsageError(`${command}: expected a file`);
  if (files.length > 1 && (command === 'timeline' || command === 'explain'))
    throw new UsageError(`${command}: expected one file, received ${files.join(', ')}`);

  const refuse = (option: keyof typeof values, ...takers: readonly Command[]): void => {
    const isGiven = values[option] !== undefined && values[option] !== false;
    if (isGiven && !takers.includes(command))
      throw new UsageError(
        `${command} has no --${option}; ${takers.join(' and ')} ${takers.length > 1 ? 'have' : 'has'} it`,
      );
  };
  refuse('engine', 'check', 'explain');
  refuse('alert', 'explain');
  refuse('json', 'check', 'timeline');
  refuse('run', 'test');
  refuse('junit', 'test');
  if (command === 'explain' && values.alert === undefined)
    throw new UsageError('explain: expected --alert with the name of a rule');
  return {
    command,
    files,
    settings: values.settings ?? null,
    engine: oneOf('engine', values.engine, engines),
    edition: editionOf(values.prometheus),
    alert: values.alert ?? null,
    json: values.json,
    ...(values['ignore-unknown-fields'] ? { ignoreUnknownFields: true } : {}),
    ...(values.run === undefined ? {} : { run: values.run.map(patternOf) }),
    ...(values.junit === undefined ? {} : { junit: values.junit }),
  };
}

function oneOf<T extends string>(option: string, given: string | undefined, words: readonly T[]): T | null {
  if (given === undefined) return null;
  const found = words.find((word) => word === given);
  if (found === undefined) throw new UsageError(`--${option} ${given}: expected ${words.join(' or ')}`);
  return found;
}

/** @throws UsageError for what is no pattern as Prometheus has them */
function patternOf(given: string): string {
  const { problem } = parse(`m{l=~${writtenText(given)}}`, 3);
  if (problem !== undefined) throw new UsageError(`--run ${given}: ${problem.message}`);
  return given;
}

const editionOf = (given: string | undefined): Edition | null =>
  oneOf('prometheus', given, ['2', '3']) === null ? null : given === '3' ? 3 : 2;
