import type { Entity, Scope, Severity, Unit } from '../../define.ts';
import type { NoticeKind, Observation } from '../../ports.ts';
import type { Failure } from '../../readings/reading.ts';
import { formatValue } from '../format.ts';
import type { Without } from '../judgement/without.ts';
import type { Outcome } from './outcome.ts';

/** A diagnosis that holds for one entity, as terminals, messages and machines get it. */
export type Finding = {
  readonly diagnosis: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cluster: string;
  readonly target: string | null;
  readonly entity: Entity;
  readonly labels: Readonly<Record<string, string>>;
  /** One sentence with numbers and units. */
  readonly summary: string;
  readonly observed: number;
  /** Null for info: what is only worth knowing is reported from its first case on. */
  readonly limit: number | null;
  readonly unit: Unit;
  /** ISO 8601. Where `durationKnown` is false, the time it was first seen. */
  readonly since: string;
  readonly durationKnown: boolean;
  /** How the observed value moved since; null when it did not, or is not known to. */
  readonly trend: string | null;
  readonly evidence: readonly string[];
  readonly why: string;
  readonly remedy: string;
  /** Ready to paste: nats CLI, curl. */
  readonly commands: readonly string[];
  /** Opens in a browser: the heading of the team's manual that is about it, else a page of documentation. */
  readonly manual: string;
  /** The CloudWatch alarm that pages for it; null where the check's findings alarm does. */
  readonly alarm: string | null;
};

/** What was observed, and the limit behind it. */
export const measuredText = ({ observed, limit, unit, trend }: Finding): string =>
  [
    `observed ${formatValue(observed, unit)}`,
    ...(limit === null ? [] : [`limit ${formatValue(limit, unit)}`]),
    ...(trend === null ? [] : [trend]),
  ].join(', ');

/** What is sent about a finding. `id` is the same when a crash makes a run send it again. */
export type Notice = {
  readonly id: string;
  readonly kind: NoticeKind;
  /** The severity it goes out under. */
  readonly severity: Severity;
  readonly finding: Finding;
};

/** What one diagnosis answered. */
export type Answer = {
  readonly id: string;
  readonly outcome: Outcome;
  readonly seen: string;
  /** Something is beyond a limit, and not for long enough yet. */
  readonly pending?: true;
  readonly without?: Without;
};

/** What one check found on one server, or (`target` null) on the cluster as a whole. */
export type Entry = {
  readonly check: string;
  readonly scope: Scope;
  readonly cluster: string;
  readonly target: string | null;
  readonly outcome: Outcome;
  readonly diagnoses: readonly Answer[];
  readonly observations: readonly Observation[];
  readonly findings: readonly Finding[];
};

export type TargetReport = {
  readonly name: string;
  readonly url: string;
  /** `server_name` of who answers there, or of who last did; null where nobody knows. */
  readonly serverName: string | null;
  readonly reachable: boolean;
  readonly version: string | null;
  readonly failure: Failure | null;
};

/** One run of one check on one cluster. */
export type RunReport = {
  readonly takenAt: string;
  readonly targets: readonly TargetReport[];
  readonly entries: readonly Entry[];
  readonly notices: readonly Notice[];
};
