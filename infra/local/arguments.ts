import { parseDuration, type Duration } from '../../lambdas/durations.ts';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { hanging } from '../lines.ts';

/** What the command line asks for. */
export type Arguments = {
  readonly urls: readonly string[];
  readonly settings: string | null;
  readonly memory: string | null;
  /** Ids of checks; empty means all. */
  readonly checks: readonly string[];
  /** How far a run without memory looks back; null for the default. */
  readonly since: Duration | null;
  readonly replay: boolean;
  readonly watch: boolean;
  readonly json: boolean;
  readonly help: boolean;
};

/** Every option, with what it takes and means: the text of `--help` and the table of the page are made of it. */
export const optionTexts: readonly {
  readonly name: string;
  readonly takes: string | null;
  readonly meaning: string;
}[] = [
  { name: 'settings', takes: 'FILE', meaning: 'targets, limits and expectations, as for a deployment' },
  { name: 'check', takes: 'ID', meaning: 'only this check; may be given several times' },
  {
    name: 'memory',
    takes: 'FILE',
    meaning: 'remember between runs: durations, changes and totals need an earlier run',
  },
  {
    name: 'since',
    takes: '10m',
    meaning: 'how far a run without memory looks back into closed connections',
  },
  { name: 'replay', takes: null, meaning: 'the recorded scene, even if a server answers' },
  { name: 'watch', takes: null, meaning: 'run every minute until interrupted, with the state of each alarm' },
  { name: 'json', takes: null, meaning: 'one JSON document and nothing else on stdout' },
  { name: 'help', takes: null, meaning: 'this list' },
];

/** `--memory FILE` */
export const optionAsGiven = ({ name, takes }: (typeof optionTexts)[number]): string =>
  `--${name}${takes === null ? '' : ` ${takes}`}`;

export const usage = `Usage: npm start -- [options] [monitoring URL...]

Runs every check once and shows what it found. Without a URL: the targets of
--settings, else of infra/settings.yaml once you edited it, else
http://127.0.0.1:8222, else a recorded scene.

${optionTexts.flatMap((option) => hanging(`  ${optionAsGiven(option).padEnd(16)}  `, option.meaning, 80)).join('\n')}

Exit code: 0 ok, 1 warning, 2 critical, 3 unknown; when several hold: critical,
unknown, warning, ok.
`;

const options = {
  memory: { type: 'string' },
  check: { type: 'string', multiple: true },
  since: { type: 'string' },
  replay: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
} as const;

/** @throws UsageError naming the argument and what is expected */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseCommandLine(argv, options);
  if (values.watch && values.json)
    throw new UsageError('--watch and --json: one document is not a stream, choose one');
  const since = values.since === undefined ? null : parseDuration(values.since);
  if (values.since !== undefined && since === null) {
    throw new UsageError(`--since ${values.since}: expected a duration such as 30s, 10m, 1h30m`);
  }
  if (values.memory === '') throw new UsageError('--memory: expected the path of a file');
  if (positionals.length > 0 && values.settings !== undefined) {
    throw new UsageError('--settings and URLs: settings name the targets themselves, give one of the two');
  }
  if (values.replay && (positionals.length > 0 || values.settings !== undefined)) {
    throw new UsageError('--replay: a recorded scene has targets of its own, give no URL and no --settings');
  }
  if (values.replay && values.memory !== undefined) {
    throw new UsageError('--replay: a recorded scene has one moment, nothing to remember, give no --memory');
  }
  return {
    urls: positionals.map(withScheme),
    settings: values.settings ?? null,
    memory: values.memory ?? null,
    checks: values.check ?? [],
    since,
    replay: values.replay,
    watch: values.watch,
    json: values.json,
    help: values.help,
  };
}

/** `localhost:8222` is short for `http://localhost:8222`. */
const withScheme = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
