import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Judgement } from '../../engine/judgement/judge.ts';
import type { Failure, Target } from '../../readings/reading.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
import { withoutOf } from '../../engine/judgement/without.ts';
import { engineDiagnosis } from './engine-diagnosis.ts';
import { commandsOf } from './rule-commands.ts';

/** Why a rule was not evaluated, or not whole. */
export type RuleProblem = {
  /** The alert's id, or the recorded name. */
  readonly rule: string;
  readonly message: string;
  readonly expr: string;
  readonly series: readonly SeriesDefinition[];
  /** A server that has them. */
  readonly at: Target | null;
};

/** A rule of which no server gave what it reads, and how the first failed. */
export type BlindRule = {
  readonly rule: string;
  readonly servers: readonly string[];
  readonly failure: Failure;
};

const { diagnosis, judge } = engineDiagnosis<RuleProblem>({
  id: 'RULE_101',
  title: 'A deployed rule cannot be evaluated',
  limit: 'notEvaluated',
  of: 'rule that cannot be evaluated',
  why:
    'While a rule is not evaluated nothing is published of it, so its alarm keeps the state it has, whatever happens. ' +
    'Alerts that read a recorded series stop firing when nothing records it.',
  remedy:
    'Change the expression and deploy again: name in on (...) every label that tells elements apart, aggregate away a ' +
    'label that differs by accident, narrow a selector that reads more than memory holds. `npm run rules -- test` ' +
    'evaluates a rule over made-up series. Until then look by hand (below).',
  describe: ({ rule, message, expr, series, at }) => ({
    summary: `The rule ${rule} cannot be evaluated: ${message}.`,
    evidence: [expr],
    commands: commandsOf(at, series),
  }),
});

/** No alarm is about it, so that it counts among the check's open findings. */
export { diagnosis as notEvaluated };

/**
 * Whether all rules of a run could be evaluated.
 * @param blind rules of which no server gave what they read, and how it failed
 */
export function judgeEvaluation(
  problems: readonly RuleProblem[],
  count: number,
  blind: readonly BlindRule[] = [],
): Judgement {
  const first = problems.filter((each, i) => problems.findIndex(({ rule }) => rule === each.rule) === i);
  const [unread] = blind;
  const seen =
    problems.length > 0
      ? `of ${plural(count, 'rule')} these cannot be evaluated: ${inline(first.map(({ rule }) => rule))}`
      : unread === undefined
        ? `${plural(count, 'rule')} evaluated`
        : `${formatCount(blind.length)} of ${plural(count, 'rule')} had nothing to read: ${unread.failure.message}`;
  const judgement = judge(
    seen,
    unread === undefined,
    first.map((data) => ({ entity: { kind: 'rule', name: data.rule }, value: 1, data })),
  );
  return { ...judgement, ...withoutOf([...new Set(blind.flatMap(({ servers }) => servers))], seen) };
}
