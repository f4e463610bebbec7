import type { Edition } from '../../../lambdas/promql/index.ts';
import { everyMs } from '../../../lambdas/rules/compile.ts';
import type { RecordingRule } from '../../../lambdas/rules/rule.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import { inliner, type Inlined } from '../inline/inline.ts';
import type { AlertEntry } from './entries.ts';
import type { Names } from './names.ts';
import { queryRefusal } from './refusal/refusals.ts';

export type Queries = {
  /** The alert's expression, with recorded names written out for an engine that records nothing. */
  readonly queryOf: (entry: AlertEntry) => string;
  /** Why CloudWatch does not take the query as an alarm; null if it does, and where it is not asked to. */
  readonly refusal: (entry: AlertEntry) => string | null;
};

/** What PromQL alarms ask of CloudWatch. */
export function queriesOf(
  recordings: readonly RecordingRule[],
  { alarms: { engine } }: DeploymentSettings,
  names: Names,
  edition: Edition,
): Queries {
  if (engine === 'classic') return { queryOf: ({ rule }) => rule.expr, refusal: () => null };
  const byName = Map.groupBy(recordings, ({ record }) => record);
  const known = new Map<string, Inlined>();
  const inline = inliner(byName, { edition, intervalMs: everyMs });
  const inlined = (expr: string): Inlined => {
    const made = known.get(expr) ?? inline(expr);
    known.set(expr, made);
    return made;
  };
  return {
    queryOf: ({ rule: { expr } }) => {
      const made = inlined(expr);
      return 'text' in made ? made.text : expr;
    },
    refusal: ({ rule }) => {
      const made = inlined(rule.expr);
      if ('refused' in made) return made.refused;
      const { ast, problem } = names.read(made.text);
      return ast === null ? problem : queryRefusal(rule, made.text, ast);
    },
  };
}
