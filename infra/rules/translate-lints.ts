import type { Edition } from '../../lambdas/promql/index.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { lint } from './lint.ts';
import type { PlacedRule, RuleFileGroup } from './rule-file.ts';
import type { Names } from './translate-names.ts';
import type { Warning } from './translated.ts';

type Context = {
  readonly settings: DeploymentSettings;
  readonly edition: Edition;
  readonly names: Names;
};

/** What lints say of each rule. */
export function lintsOf(
  groups: readonly RuleFileGroup[],
  { settings: { alarms, clusters }, edition, names: { prefixes } }: Context,
): (rule: PlacedRule) => readonly Warning[] {
  const labels = clusters.flatMap((cluster) =>
    cluster.targets.flatMap((target) => Object.keys(targetLabels(cluster, target))),
  );
  const found = lint(groups, {
    engine: alarms.engine,
    edition,
    prefixes,
    targets: Math.max(...clusters.map(({ targets }) => targets.length)),
    labels: [...new Set(labels)],
  });
  return (rule) => found.get(rule) ?? [];
}
