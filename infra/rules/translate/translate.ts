import type { Check, Covered, RuleAlarm } from '../../../lambdas/define.ts';
import type { LimitBook } from '../../../lambdas/limits.ts';
import { notSentAlarm } from './alarms/not-sent-alarm.ts';
import { editionOf } from '../../settings/alarms.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import '../patterns.ts';
import { entriesOf, type RuleSource } from './entries.ts';
import { lintsOf } from './lints.ts';
import { namesOf } from './names.ts';
import { planOf, type Planned } from './plan.ts';
import { comparedOf, publishedOf } from './published.ts';
import { placeOfQueries } from './alarms/promql.ts';
import { queriesOf } from './queries.ts';
import { specsOf } from './alarms/specs.ts';
import type { Translated, TranslatedRule } from './translated.ts';

export type { RuleSource } from './entries.ts';
export type { Translated, TranslatedRule } from './translated.ts';
export type { Warning } from '../warning.ts';

/**
 * What the rules of these groups become: alarms, what is evaluated for them each minute, and what a person should know.
 * @throws AlarmError if a built-in rule does not fit the diagnosis that it takes its limit from
 */
export function translate(
  groups: readonly RuleSource[],
  settings: DeploymentSettings,
  book: LimitBook,
  checks: readonly Check[],
): Translated {
  const edition = editionOf(settings.alarms);
  const entries = entriesOf(groups, { settings, book, checks, edition });
  const expressions = entries.map(({ rule }) => rule.expr);
  const recordings = entries.flatMap((entry) => (entry.kind === 'record' ? [entry.rule] : []));
  const names = namesOf(expressions, recordings, edition);
  const queries = queriesOf(recordings, settings, names, edition);
  const context = { settings, checks, edition, names };
  const planned = planOf(entries, { ...context, unfit: queries.refusal });
  const lints = lintsOf(groups, context);

  const rules = entries.map((entry): TranslatedRule => {
    const { group, written, rule, kind, warnings } = entry;
    const { ast } = names.read(rule.expr);
    const reason = planned.refused.get(entry) ?? null;
    const compiled = entry.kind === 'alert' ? planned.compiled.get(entry) : undefined;
    const made =
      entry.kind === 'alert' && compiled !== undefined
        ? specsOf(entry, compiled, queries.queryOf(entry), { ...context, plan: planned.plan })
        : { specs: [], warnings: [] };
    return {
      kind,
      file: group.file,
      group: group.name,
      alert: rule.kind === 'alert' ? rule.alert : rule.record,
      id: rule.kind === 'alert' ? rule.id : rule.record,
      line: written.at.line,
      engine: settings.alarms.engine,
      status: reason === null ? 'translated' : 'refused',
      reason,
      warnings: [
        ...lints(written),
        ...(reason === null ? warnings : []),
        ...(planned.unused.has(entry) ? [unusedWarning] : []),
        ...made.warnings,
      ],
      series: ast === null ? [] : names.seriesRead(ast),
      specs: made.specs,
    };
  });
  const guards =
    settings.alarms.engine === 'promql' && planned.compiled.size > 0
      ? settings.clusters.map((cluster) => notSentAlarm(settings, cluster))
      : [];
  const specs = [...rules.flatMap((rule) => rule.specs), ...guards];
  return {
    rules,
    plan: {
      ...planned.plan,
      covers: coversOf(planned.compiled, settings),
      published: publishedOf(settings, checks, specs),
      compared: settings.publish === 'all' ? [] : comparedOf(specs),
    },
    labels: planned.labels,
    specs,
  };
}

/** By cluster, the diagnoses whose findings these alerts' alarms page for. */
function coversOf(
  compiled: Planned['compiled'],
  settings: DeploymentSettings,
): Readonly<Record<string, Covered>> {
  const isQuery = settings.alarms.engine === 'promql';
  const covers: Record<string, Covered> = {};
  for (const [{ limited, rule }, clusters] of compiled) {
    if (limited === null) continue;
    for (const [cluster, { scope }] of clusters) {
      const alarm: RuleAlarm = isQuery
        ? { place: placeOfQueries(settings), rule: rule.alarm ?? rule.id, perServer: false }
        : { place: cluster, rule: rule.alarm ?? rule.id, perServer: scope === 'server' };
      const { id } = limited.diagnosis;
      covers[cluster] = {
        ...covers[cluster],
        [id]: { ...covers[cluster]?.[id], [rule.severity]: alarm },
      };
    }
  }
  return covers;
}

const unusedWarning = {
  code: 'unused',
  message: 'no alert that is deployed reads it, so nothing records it',
} as const;
