import { atLeast, defineDiagnosis, minutes, unknown } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Judgement } from '../../engine/judgement/judge.ts';
import { crossed } from '../../limits.ts';
import type { Failure, Target } from '../../readings/reading.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
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

/** A rule of which no server gave what it reads. */
export type BlindRule = { readonly rule: string; readonly failure: Failure };

const limits = {
  notEvaluated: atLeast({ warning: 1 }, { unit: 'count', of: 'rule that cannot be evaluated' }),
};

/** No alarm is about it, so that it counts among the check's open findings. */
export const notEvaluated = defineDiagnosis({
  id: 'RULE_101',
  title: 'A deployed rule cannot be evaluated',
  scope: 'cluster',
  reads: {},
  history: {},
  limits,
  // What fails for a minute, as when a stream changes its leader, the next run makes good for.
  for: minutes(3),
  why:
    'While a rule is not evaluated nothing is published of it, so its alarm keeps the state it has, whatever happens. ' +
    'Alerts that read a recorded series stop firing when nothing records it.',
  remedy:
    'Change the expression and deploy again: name in on (...) every label that tells elements apart, aggregate away a ' +
    'label that differs by accident, narrow a selector that reads more than memory holds. `npm run rules -- test` ' +
    'evaluates a rule over made-up series. Until then look by hand (below).',
  evaluate: () => unknown('rules are evaluated together'),
  describe: ({ data }) => {
    const { rule, message, expr, series, at } = data as RuleProblem;
    return {
      summary: `The rule ${rule} cannot be evaluated: ${message}.`,
      evidence: [expr],
      commands: commandsOf(at, series),
    };
  },
});

/**
 * Whether all rules of a run could be evaluated.
 * @param blind rules of which no server gave what they read, and how it failed
 */
export function evaluability(
  problems: readonly RuleProblem[],
  count: number,
  blind: readonly BlindRule[] = [],
): Judgement {
  const first = Map.groupBy(problems, ({ rule }) => rule);
  const breaches = [...first].map(([name, [data]]) => ({
    measurement: { limit: 'notEvaluated', entity: { kind: 'rule', name } as const, value: 1, data },
    levels: crossed(limits.notEvaluated, 1),
  }));
  const [unread] = blind;
  const seen =
    breaches.length > 0
      ? `of ${plural(count, 'rule')} these cannot be evaluated: ${inline([...first.keys()])}`
      : unread === undefined
        ? `${plural(count, 'rule')} evaluated`
        : `${formatCount(blind.length)} of ${plural(count, 'rule')} had nothing to read: ${unread.failure.message}`;
  const conclusive = unread === undefined;
  return { diagnosis: notEvaluated, target: null, verdict: 'measured', seen, conclusive, breaches };
}
