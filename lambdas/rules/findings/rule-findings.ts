import type { Covered, Description, Diagnosis, Entity as Named } from '../../define.ts';
import { minutes, formatDuration } from '../../durations.ts';
import { printable } from '../../engine/printable.ts';
import { evidenceRows } from '../../engine/findings/compose.ts';
import { formatCount, formatTime } from '../../engine/format.ts';
import { runbookText } from '../../engine/links.ts';
import type { Direction, Limits } from '../../limits.ts';
import { metricName } from '../../promql/index.ts';
import type { Target } from '../../readings/reading.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
import type { TargetLabels } from '../../series/labels.ts';
import type { CompiledAlert } from '../compile.ts';
import { ruleCheck } from '../plan.ts';
import { commandsOf } from './rule-commands.ts';
import type { Texts } from '../rule.ts';
import type { Entity } from '../evaluation/run-rules.ts';
import { expand } from '../template/template.ts';

/** What a finding about a rule that fires is composed of: its elements, the worst first, and whose server that is of. */
export type RuleData = { readonly firing: readonly Entity[]; readonly at: Target | null };

/** Annotations that say in a sentence what is wrong, the best first. */
const sentences = ['summary', 'title', 'message', 'description'] as const;
const words: Record<Direction, string> = {
  above: 'above',
  atLeast: 'at least',
  below: 'below',
  atMost: 'at most',
};

/** A rule as findings know it: its answers come from its evaluation, never from `evaluate`. */
export function ruleDiagnosis(
  alert: CompiledAlert,
  series: readonly SeriesDefinition[],
  targets: readonly TargetLabels[],
): Diagnosis {
  const { rule } = alert;
  const { id, annotations } = rule;
  return {
    id,
    title: titleOf(annotations) || `Prometheus rule ${rule.alert}`,
    scope: alert.scope,
    reads: {},
    history: {},
    limits: limitsOf(alert),
    for: minutes(0),
    rule: { alert: rule.alert, limit: 'fires' },
    heading: ruleCheck,
    why: ruleText(alert),
    remedy: noAdvice,
    evaluate: () => ({ kind: 'unknown', reason: 'rules are evaluated together' }),
    describe: ({ data }) => describe(alert, data as RuleData, { series, targets }),
  };
}

/** What a finding about a rule is about: the rule's server, or its cluster. */
export const placeOf = (target: Target | null, cluster: string): Named =>
  target === null ? { kind: 'cluster', name: cluster } : { kind: 'server', name: target.name };

function ruleText({ rule: { alert, expr, forMs, keepFiringForMs } }: CompiledAlert): string {
  const pending = forMs > 0 ? `, for ${formatDuration(forMs)}` : '';
  const kept = keepFiringForMs > 0 ? `, and for ${formatDuration(keepFiringForMs)} after that` : '';
  return `The Prometheus rule ${alert} says so: ${expr.trim()}${pending}${kept}.`;
}

const noAdvice =
  'The rule has no annotation that says what to do. Look by hand (below) at what its expression reads; where it fires ' +
  'though all is well, change the rule.';

function limitsOf({ rule, shape }: CompiledAlert): Limits {
  const levels = { [rule.severity]: shape.kind === 'boolean' ? 1 : shape.threshold };
  const direction = shape.kind === 'boolean' ? 'atLeast' : shape.direction;
  return { fires: { direction, levels, unit: 'count', of: rule.expr } };
}

/**
 * The alarms of these rules page for their findings. Both severities are covered, as a finding stays open under its old
 * one for some minutes after a deployment changed it.
 */
export const coveredByThemselves = (alerts: readonly CompiledAlert[], cluster: string): Covered =>
  Object.fromEntries(
    alerts.map(({ rule: { id, alarm: name = id }, scope }) => {
      const alarm = { place: cluster, rule: name, perServer: scope === 'server' };
      return [id, { critical: alarm, warning: alarm }];
    }),
  );

type Known = { readonly series: readonly SeriesDefinition[]; readonly targets: readonly TargetLabels[] };

function describe(alert: CompiledAlert, { firing, at }: RuleData, known: Known): Description {
  const commands = commandsOf(at, known.series);
  const [worst] = firing;
  if (worst === undefined) return { summary: `${alert.rule.alert} fires.`, evidence: [], commands };
  const texts = textsOf(alert.rule.annotations, worst);
  const sentence = sentences.find((name) => texts[name]);
  const summary = sentence === undefined ? undefined : texts[sentence];
  const description = sentence === 'description' ? undefined : texts['description'];
  const remedy = adviceOf(texts);
  return {
    summary: summary === undefined ? generic(alert, firing, known) : `${summary}${othersOf(alert, firing)}`,
    // What is not shown is counted only: hundreds may fire at once.
    evidence: firing.map((entity, i) => (i < evidenceRows ? rowOf(entity, alert, known) : '')),
    why: [...(description ? [description] : []), ruleText(alert)].join('\n'),
    ...(remedy === '' ? {} : { remedy }),
    commands,
  };
}

/** An annotation is about one element. */
const othersOf = ({ shape }: CompiledAlert, { length }: readonly Entity[]): string =>
  length > 1 ? ` (${shape.kind === 'boolean' ? 'one' : 'the worst'} of ${formatCount(length)})` : '';

const longestText = 2_000;
const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim(), longestText);
const withoutStop = (text: string): string => text.replace(/\.$/, '');

/** Annotations as they read for this element, a line each. Names in them come from outside. */
const textsOf = (annotations: Texts, { labels, value }: Entity): Texts =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [name, oneLine(expand(text, { labels, value }).text)]),
  );

/** What annotations advise: those that are no sentence about what is wrong, with their names. */
function adviceOf(texts: Texts): string {
  const isSentence = (name: string) => sentences.some((each) => each === name);
  return Object.entries(texts)
    .filter(([name, text]) => text !== '' && !isSentence(name))
    .map(([name, text]) => (name === 'runbook_url' ? runbookText(text) : `${named(name)}: ${text}`))
    .join('\n');
}

/** `runbook` is `Runbook` to a reader. */
const named = (annotation: string): string =>
  /^runbook(_?url)?$/i.test(annotation) ? 'Runbook' : annotation;

/** A text that names no element: a title must be the same for all. */
function titleOf({ title, summary }: Texts): string {
  const plain = [title, summary].find((text) => text && !text.includes('{{'));
  return plain === undefined ? '' : withoutStop(oneLine(plain));
}

function generic(alert: CompiledAlert, firing: readonly Entity[], known: Known): string {
  const { rule, shape } = alert;
  const [worst] = firing;
  const what = worst === undefined ? '' : elementOf(worst, alert, known);
  const others = firing.length > 1 ? ` and ${formatCount(firing.length - 1)} more` : '';
  const where = what === '' ? '' : ` for ${what}${others}`;
  const value =
    shape.kind === 'boolean' || worst === undefined
      ? ''
      : `: ${formatCount(worst.value)}, ${words[shape.direction]} ${formatCount(shape.threshold)}`;
  return `${rule.alert} fires${where}${value}.`;
}

/** Labels by which people know one thing from another, before all others, in this order. */
const naming = [
  'account',
  'stream_name',
  'consumer_name',
  'source_name',
  'source_filter_subject',
  'mirror_name',
  'remote_gateway_name',
  'name',
  'cid',
  'ip',
  'port',
];

/** `hub1 account=APP stream_name=ORDERS`; empty where nothing tells the element from others. */
function elementOf({ labels }: Entity, { rule }: CompiledAlert, { targets }: Known): string {
  const ofAll = [metricName, ...Object.keys(rule.labels)];
  const known = new Set([...ofAll, ...targets.flatMap((target) => Object.keys(target))]);
  const own = Object.entries(labels).filter(([name]) => !known.has(name));
  const names = naming.flatMap((name) => own.filter(([label]) => label === name));
  const shown = (names.length > 0 ? names : own).map(([name, text]) => `${name}=${text}`);
  const server = labels['server_id'] ?? labels['instance'];
  return [...(server === undefined ? [] : [server]), ...shown].join(' ');
}

/** `hub1 account=APP stream_name=ORDERS: 1,532 since 2026-01-31 12:03 UTC` */
function rowOf(entity: Entity, alert: CompiledAlert, known: Known): string {
  const what = elementOf(entity, alert, known) || alert.rule.alert;
  return `${what}: ${formatCount(entity.value)} since ${formatTime(entity.activeAt)}`;
}
