import type { Covered, Description, Diagnosis } from '../define.ts';
import { minutes, formatDuration } from '../durations.ts';
import { formatCount, formatTime, plural } from '../engine/format.ts';
import { atLeast, type Direction, type Limits } from '../engine/limits.ts';
import type { Target } from '../readings.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import type { TargetLabels } from '../series/labels.ts';
import { requestsOf } from '../series/requests.ts';
import type { CompiledAlert } from './compile.ts';
import type { Texts } from './rule.ts';
import type { Entity } from './run-rules.ts';
import { expand } from './template.ts';

/** What a finding about a rule is told from. */
export type RuleData =
  | { readonly kind: 'fires'; readonly firing: readonly Entity[]; readonly at: Target | null }
  | { readonly kind: 'unevaluated'; readonly message: string };

/** Annotations that say in a sentence what is wrong, the best first. */
const sentences = ['summary', 'title', 'message', 'description'];
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
    title: plain(annotations['title'] ?? annotations['summary'] ?? '') || rule.alert,
    scope: alert.scope,
    reads: {},
    history: {},
    limits: limitsOf(alert),
    for: minutes(0),
    rule: { alert: rule.alert, limit: 'fires' },
    why: `The Prometheus rule ${rule.alert} says so: ${rule.expr}${heldFor(alert)}`,
    remedy:
      adviceOf(annotations) ||
      'The rule names no runbook. Look at what its expression reads, on the servers named.',
    evaluate: () => ({ kind: 'unknown', reason: 'rules are evaluated together' }),
    describe: ({ data }) => describe(alert, data as RuleData, { series, targets }),
  };
}

const heldFor = ({ rule: { forMs } }: CompiledAlert): string =>
  forMs > 0 ? `, for ${formatDuration(forMs)}` : '';

function limitsOf({ rule, shape }: CompiledAlert): Limits {
  const levels = { [rule.severity]: shape.kind === 'boolean' ? 1 : shape.threshold };
  const direction = shape.kind === 'boolean' ? 'atLeast' : shape.direction;
  return {
    fires: { direction, levels, unit: 'count', of: rule.expr },
    unevaluated: atLeast({ warning: 1 }, { unit: 'count', of: 'rule that could not be evaluated' }),
  };
}

/** The alarms of these rules page for their findings. */
export const coveredByThemselves = (alerts: readonly CompiledAlert[], cluster: string): Covered =>
  Object.fromEntries(
    alerts.map(({ rule: { id, severity }, scope }) => [
      id,
      { [severity]: { place: cluster, rule: id, perServer: scope === 'server' } },
    ]),
  );

type Known = { readonly series: readonly SeriesDefinition[]; readonly targets: readonly TargetLabels[] };

function describe(alert: CompiledAlert, data: RuleData, known: Known): Description {
  const { rule } = alert;
  const commands = commandsOf(data.kind === 'fires' ? data.at : null, known.series);
  if (data.kind === 'unevaluated') {
    return {
      summary: `The rule ${rule.alert} cannot be evaluated: ${data.message}.`,
      evidence: [rule.expr],
      why: 'While a rule is not evaluated its alarm keeps its state, whatever happens.',
      remedy: 'Change the rule so that it reads less or matches one to one, and deploy again.',
      commands,
    };
  }
  const [worst] = data.firing;
  if (worst === undefined) return { summary: `${rule.alert} fires.`, evidence: [], commands };
  const told = textsOf(rule.annotations, worst);
  const remedy = adviceOf(told);
  const rows = data.firing.map((entity) => rowOf(entity, alert, known));
  return {
    summary:
      told['summary'] ??
      told['title'] ??
      told['message'] ??
      told['description'] ??
      generic(alert, worst, rows.length),
    evidence: rows,
    ...(remedy === '' ? {} : { remedy }),
    commands,
  };
}

/** Annotations as they read for this element. */
const textsOf = (annotations: Texts, { labels, value }: Entity): Texts =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [name, expand(text, { labels, value }).text]),
  );

/** What annotations advise: those that are no sentence about what is wrong, with their names. */
function adviceOf(annotations: Texts): string {
  const first = sentences.find((name) => annotations[name] !== undefined);
  const others = Object.entries(annotations).filter(([name]) => name !== first && name !== 'title');
  return others.map(([name, text]) => (name === 'description' ? text : `${name}: ${text}`)).join(' ');
}

/** A text that names no element: a title must be the same for all. */
const plain = (text: string): string => (text.includes('{{') ? '' : text);

function generic({ rule, shape }: CompiledAlert, { value }: Entity, count: number): string {
  const of = plural(count, 'series', 'series');
  return shape.kind === 'boolean'
    ? `${rule.alert} fires for ${of}.`
    : `${rule.alert} fires for ${of}: ${formatCount(value)}, ${words[shape.direction]} ${formatCount(shape.threshold)}.`;
}

/** Labels by which people know one thing from another, before all others. */
const naming = [
  'account',
  'stream_name',
  'consumer_name',
  'source_name',
  'mirror_name',
  'name',
  'cid',
  'ip',
  'port',
];

/** `account=APP stream_name=ORDERS: 1,532 since 12:03 UTC` */
function rowOf({ labels, value, activeAt }: Entity, { rule }: CompiledAlert, { targets }: Known): string {
  const known = new Set([...Object.keys(rule.labels), ...targets.flatMap((target) => Object.keys(target))]);
  const own = Object.entries(labels).filter(([name]) => !known.has(name));
  const names = own.filter(([name]) => naming.includes(name) || name.startsWith('exported_'));
  const shown = (names.length > 0 ? names : own).map(([name, text]) => `${name}=${text}`);
  const server = labels['server_id'] ?? labels['instance'];
  const where = server === undefined ? [] : [server];
  const what = [...where, ...shown].join(' ') || rule.alert;
  return `${what}: ${formatCount(value)} since ${formatTime(activeAt)}`;
}

/** Where to look by hand: the endpoints that the rule's series come from. */
function commandsOf(at: Target | null, series: readonly SeriesDefinition[]): Description['commands'] {
  const paths = requestsOf(series).map(({ request }) => request.path);
  const path = paths.find((each) => each !== '/varz') ?? '/varz';
  const nats = path.startsWith('/jsz')
    ? 'nats server report jetstream'
    : path.startsWith('/connz')
      ? 'nats server report connections --top 20'
      : path.startsWith('/acc')
        ? 'nats server report accounts'
        : 'nats server list';
  return { nats, curl: `curl -s '${at?.url ?? 'http://SERVER:8222'}${path}'` };
}
