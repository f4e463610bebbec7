import type { CheckGroup, Covered } from '../define.ts';
import { minutes } from '../durations.ts';
import type { Direction } from '../limits.ts';
import type { Edition } from '../promql/index.ts';
import type { AlertRule, RecordingRule } from './rule.ts';

/** An alert rule as it is deployed. */
export type PlannedAlert = AlertRule & {
  /** The label `rule` of its series; no two rules have the same. */
  readonly id: string;
  /** A part of its alarms' names, by default its id. */
  readonly alarm?: string;
  readonly severity: 'critical' | 'warning';
  /** Names of the clusters that it is deployed for, where settings leave some out. */
  readonly clusters?: readonly string[];
};

export type PlannedGroup = {
  readonly name: string;
  readonly rules: readonly (PlannedAlert | RecordingRule)[];
};

/** Whether a series has a name of ours: it is none that an exporter has, and rules read. */
export const isOwn = (name: string): boolean => name.startsWith('nats_');

/**
 * Whether the open findings of a group of checks are counted in a series that is sent to CloudWatch's OTLP endpoint, as with the
 * engine promql. Those of rules say whether that endpoint takes any, and are a metric.
 */
export const isCountedBySeries = (group: CheckGroup, engine: RulePlan['engine']): boolean =>
  engine === 'promql' && group !== 'rules';

/** Of what is only shown, and does not add up, a value in so many minutes is enough. */
export const shownEveryMs = minutes(5);

/**
 * A series of checks that is published: as it is observed; as alarms compare it, where it matters to them; or as a dashboard
 * shows it, of the cluster as a whole.
 */
export type PublishedSeries = { readonly name: string; readonly as: 'observed' | 'compared' | 'shown' };

/** What alarms compare a series with. */
export type Compared = {
  readonly name: string;
  /** Of a rule's own series: its label `rule`; else null. */
  readonly rule: string | null;
  readonly direction: Direction;
  readonly threshold: number;
  /** Datapoints of a minute that an alarm looks at. */
  readonly datapoints: number;
};

/** What synth makes of a deployment's rules for the functions: JSON, read by all of them. */
export type RulePlan = {
  readonly engine: 'classic' | 'promql';
  /** The major version of Prometheus whose windows and syntax are meant. */
  readonly edition: Edition;
  /** Whether alarms tell servers apart. */
  readonly per: 'server' | 'cluster';
  /** Clusters whose alarms tell none apart, whatever `per` says: their servers are found by name, by each run. */
  readonly foundByName: readonly string[];
  /** Clusters of which, with the engine promql, one alarm tells that all their servers are down, in place of one each. */
  readonly downTogether: readonly string[];
  /** What the exporter was told with `-prefix`, as far as rules show it. */
  readonly prefixes: readonly string[];
  /** Groups and rules in the order of their files, without those that were refused. */
  readonly groups: readonly PlannedGroup[];
  /** Series of single servers that alarms compare as they are and that no other check publishes, as the exporter spells them. */
  readonly series: readonly string[];
  /** By cluster, the diagnoses whose findings a rule's alarm pages for. */
  readonly covers: Readonly<Record<string, Covered>>;
  /** Of the checks' series what is published; null for all. */
  readonly published: readonly PublishedSeries[] | null;
  /** What is published only where it matters to alarms. */
  readonly compared: readonly Compared[];
};

/** What evaluating rules publishes: of rules in `nats_rule`, of what was sent to CloudWatch's OTLP endpoint in the other. */
export const ruleSeries = { rule: 'nats_rule', sent: 'nats_series_sent' } as const;

/** What is sent beside what rules read: of a cluster whether all its servers are down, of each server whether it went down with them. */
export const togetherSeries = { cluster: 'nats_all_servers_down', server: 'nats_down_together' } as const;

/** The check that evaluates rules. */
export const ruleCheck = 'rule-series';

/** The plan as it is for this cluster, without the alerts that are not deployed for it. */
export const planFor = (plan: RulePlan, cluster: string): RulePlan => ({
  ...plan,
  // Alarms of a cluster compare what is evaluated, never a server's series.
  ...(plan.foundByName.includes(cluster) ? { per: 'cluster', series: [] } : {}),
  groups: plan.groups.map(({ name, rules }) => ({
    name,
    rules: rules.filter((rule) => rule.kind === 'record' || (rule.clusters?.includes(cluster) ?? true)),
  })),
});

export const emptyPlan: RulePlan = {
  engine: 'classic',
  edition: 2,
  per: 'server',
  foundByName: [],
  downTogether: [],
  prefixes: [],
  groups: [],
  series: [],
  covers: {},
  published: null,
  compared: [],
};
