import { matches, selectorsOf, type Edition, type Matcher } from '../../../lambdas/promql/index.ts';
import { asksTarget, nameOf } from '../../../lambdas/rules/identity.ts';
import { isToCome, takesLabel } from '../../../lambdas/rules/target-labels.ts';
import type { TargetLabels } from '../../../lambdas/series/labels.ts';
import { ownTags } from '../../cloudwatch/alarm-spec.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import { tagValue } from '../../settings/tags.ts';
import { writtenText } from '../inline/expression-text.ts';
import type { AlertEntry } from './entries.ts';
import type { Names } from './names.ts';
import { labelsOf } from './refusal/refused.ts';
import { sampleValues } from './sample-value.ts';

/** What to give a cluster in settings so that rules that select no server do. */
export type LabelAdvice = {
  readonly cluster: string;
  /** By label; none where nothing helps. */
  readonly labels: Readonly<Record<string, string>>;
  /** Rules that select none even then, and why. */
  readonly unmet: readonly { readonly place: string; readonly reason: string }[];
};

type Context = {
  readonly settings: DeploymentSettings;
  readonly names: Names;
  readonly edition: Edition;
};

/** Labels that settings cannot give: a target's own name, and what the deployment sets itself. */
const fixed: readonly string[] = ['server_id', ...ownTags];

/**
 * The labels by which most of the alerts select the servers of the first cluster, those that select some already among
 * them: what is asked for by equality, or a value that a pattern takes.
 */
export function labelAdvice(
  alerts: readonly AlertEntry[],
  { settings, names, edition }: Context,
): LabelAdvice | null {
  const [cluster] = settings.clusters;
  const asked = new Map(alerts.map((entry) => [entry, askedOf(entry, names)] as const));
  if (cluster === undefined) return null;
  const labelsWith = (labels: Readonly<Record<string, string>>): readonly TargetLabels[] =>
    labelsOf({ ...cluster, labels: { ...cluster.labels, ...labels } });
  const now = labelsWith({});
  const isMet = (matcher: Matcher, target: TargetLabels): boolean => takesLabel(matcher, target, edition);

  const wanted: Record<string, string> = {};
  const labels = [...new Set([...asked.values()].flat().map(({ label }) => label))];
  for (const label of labels.filter((each) => !fixed.includes(each))) {
    const perAlert = [...asked.values()]
      .map((matchers) => matchers.filter((matcher) => matcher.label === label))
      .filter((matchers) => matchers.length > 0);
    // What each server has of its own, as its address, serves as long as it serves every rule.
    if (perAlert.every((matchers) => now.some((target) => matchers.every((each) => isMet(each, target)))))
      continue;
    const values = new Set([
      ...now.map((target) => target[label] ?? '').filter((value) => !isToCome(value)),
      ...perAlert.flat().flatMap(sampleValues),
    ]);
    const counted = [...values]
      .filter((value) => tagValue.test(value))
      .map((value) => {
        const met = perAlert.filter((matchers) => matchers.every((each) => matches(each, value, edition)));
        return { value, met: met.length };
      });
    const best = counted.reduce((a, b) => (b.met > a.met ? b : a), { value: '', met: 0 });
    if (best.met > 0 && now.some((target) => (target[label] ?? '') !== best.value))
      wanted[label] = best.value;
  }
  const then = labelsWith(wanted);
  const unmet = [...asked].flatMap(([{ group, written, rule }, matchers]) => {
    if (then.some((target) => matchers.every((matcher) => isMet(matcher, target)))) return [];
    const open = matchers.filter((matcher) => !then.some((target) => isMet(matcher, target)));
    const reason = open.map(whyUnmet).join(', ') || 'no server has all labels that it asks for';
    return [{ place: `${group.file}:${written.at.line} ${rule.alert}`, reason }];
  });
  return { cluster: cluster.name, labels: wanted, unmet };
}

/** What an alert asks of its servers' labels, recorded names resolved; each once. */
function askedOf({ rule: { expr } }: AlertEntry, names: Names): readonly Matcher[] {
  const { ast } = names.read(expr);
  if (ast === null) return [];
  const found = names
    .withRecorded(ast)
    .flatMap(selectorsOf)
    .filter((selector) => !names.isRecorded(nameOf(selector) ?? ''))
    .flatMap((selector) => {
      const series = names.seriesOf(selector);
      return selector.matchers.filter((matcher) => asksTarget(matcher, series));
    });
  return [...new Map(found.map((matcher) => [JSON.stringify(matcher), matcher])).values()];
}

/** Why a matcher stays unmet, whatever labels settings give. */
function whyUnmet({ label, operator, value }: Matcher): string {
  const asked = `${label}${operator}${writtenText(value)}`;
  if (label === 'server_id') return `${asked} asks for a target of this name`;
  if (fixed.includes(label)) return `${asked} asks for what the deployment sets itself: leave it out`;
  return `${asked} cannot be met together with what other rules ask`;
}
