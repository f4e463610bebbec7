import type { Edition } from '../promql/index.ts';
import type { AlertRule, RecordingRule } from './rule.ts';

/** An alert rule as it is deployed. */
export type PlannedAlert = AlertRule & {
  /** The label `rule` of its series and a part of its alarm's name; no two rules have the same. */
  readonly id: string;
  readonly severity: 'critical' | 'warning';
};

export type PlannedGroup = {
  readonly name: string;
  readonly rules: readonly (PlannedAlert | RecordingRule)[];
};

/** What synth makes of a deployment's rules for the functions: JSON, read by all of them. */
export type RulePlan = {
  readonly engine: 'classic' | 'promql';
  /** The major version of Prometheus whose windows and syntax are meant. */
  readonly edition: Edition;
  /** Whether alarms tell servers apart. */
  readonly per: 'server' | 'cluster';
  /** What the exporter was told with `-prefix`, as far as rules show it. */
  readonly prefixes: readonly string[];
  /** Groups and rules in the order of their files, without those that were refused. */
  readonly groups: readonly PlannedGroup[];
  /** Series of single servers that alarms compare as they are and that no other check publishes, as the exporter spells them. */
  readonly series: readonly string[];
  /** Diagnosis id -> id of the rule whose alarm pages for its findings. */
  readonly covers: Readonly<Record<string, string>>;
};

export const emptyPlan: RulePlan = {
  engine: 'classic',
  edition: 2,
  per: 'server',
  prefixes: [],
  groups: [],
  series: [],
  covers: {},
};
