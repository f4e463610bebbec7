import type { Edition } from '../../../lambdas/promql/index.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import { serversOf } from '../../settings/servers.ts';
import { lint } from '../lint.ts';
import type { PlacedRule } from '../rule-file/rule-file.ts';
import type { RuleSource } from './entries.ts';
import type { Names } from './names.ts';
import { labelsOf } from './refusal/refused.ts';
import type { Warning } from '../warning.ts';

type Context = {
  readonly settings: DeploymentSettings;
  readonly edition: Edition;
  readonly names: Names;
};

const isOurs = ({ isBuiltIn = false }: RuleSource): boolean => isBuiltIn;

/** What lints say of each rule. */
export function lintsOf(
  groups: readonly RuleSource[],
  { settings: { alarms, clusters, mirror }, edition, names: { prefixes } }: Context,
): (rule: PlacedRule) => readonly Warning[] {
  const labels = clusters.flatMap((cluster) =>
    labelsOf(cluster).flatMap((labelled) => Object.keys(labelled)),
  );
  const found = lint(groups, {
    engine: alarms.engine,
    edition,
    prefixes,
    targets: Math.max(...clusters.map(serversOf)),
    labels: [...new Set(labels)],
    severities: alarms.severities,
  });
  // What lints say of the intended form was weighed when it was written; `mirror: literal` is to be told all of it.
  const isWeighed = new Set(mirror === 'intended' ? groups.filter(isOurs).flatMap(({ rules }) => rules) : []);
  return (rule) => (isWeighed.has(rule) ? [] : (found.get(rule) ?? []));
}
