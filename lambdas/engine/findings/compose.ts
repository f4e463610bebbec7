import type { CheckGroup, ClusterFacts, Description, Diagnosis, Severity } from '../../define.ts';
import type { Target } from '../../readings/reading.ts';
import { coveringAlarm, ruleAlarmName } from '../alarm-names.ts';
import { linkTo, pageOf } from '../links.ts';
import { printable, printableName } from '../printable.ts';
import { truncateRows, formatValue } from '../format.ts';
import { contextOf, type About } from '../judgement/context.ts';
import { breachOf, type Crossing } from '../judgement/judge.ts';
import type { FindingState } from './finding-state.ts';
import type { Finding } from './report.ts';

/** A finding shows so many rows of its evidence, and how many more there are. */
export const evidenceRows = 8;

/** How a diagnosis describes a breach, in its own words. */
export const describe = (diagnosis: Diagnosis, crossing: Crossing, about: About): Description =>
  diagnosis.describe(breachOf(crossing), contextOf(diagnosis, about));

/** `up from 21,000`; null while nothing moved. */
function trendOf({ firstObserved, observed, unit }: FindingState): string | null {
  if (firstObserved === observed) return null;
  return `${observed > firstObserved ? 'up' : 'down'} from ${formatValue(firstObserved, unit)}`;
}

const withCause = (summary: string, cause: string | undefined): string =>
  cause === undefined ? summary : `${summary.replace(/\.$/, '')}; ${cause}.`;

/** What a finding is about: its diagnosis as far as a finding shows it, the group of its check, and its server. */
export type Subject = {
  readonly facts: ClusterFacts;
  readonly group: CheckGroup;
  readonly diagnosis: Pick<Diagnosis, 'id' | 'title' | 'why' | 'remedy' | 'rule' | 'heading'>;
  readonly target: Pick<Target, 'name' | 'labels'> | null;
};

/** Where the team's manual is about a diagnosis, or the page about what its group of checks looks at. */
export const manualOf = (
  { id, heading }: Pick<Diagnosis, 'id' | 'heading'>,
  { facts: { manual }, group }: { readonly facts: Pick<ClusterFacts, 'manual'>; readonly group: CheckGroup },
) => linkTo(manual, heading ?? id.toLowerCase(), pageOf[group]);

/**
 * A finding in full.
 * @param description as it holds now; null for one that is only remembered: resolved, or not looked at in this run
 */
export function compose(
  state: FindingState,
  severity: Severity,
  description: Description | null,
  { facts, group, diagnosis, target }: Subject,
): Finding {
  const covering = coveringAlarm(diagnosis, state.limitName, severity, facts);
  const full = { summary: state.summary, ...description, ...state.enriched };
  const evidence = [...(state.enriched.evidence ?? []), ...(description?.evidence ?? [])];
  return {
    diagnosis: diagnosis.id,
    title: diagnosis.title,
    severity,
    cluster: facts.name,
    target: target?.name ?? null,
    entity: { ...state.entity, name: printableName(state.entity.name) },
    labels: { ...facts.labels, ...target?.labels },
    summary: printable(withCause(full.summary, state.enriched.cause)),
    observed: state.observed,
    limit: severity === 'info' ? null : state.limit,
    unit: state.unit,
    since: new Date(state.since).toISOString(),
    durationKnown: !state.sinceUnknown,
    trend: trendOf(state),
    evidence: truncateRows(
      evidence.map((row) => printable(row)),
      evidenceRows,
    ),
    why: full.why ?? diagnosis.why,
    remedy: full.remedy ?? diagnosis.remedy,
    commands:
      full.commands === undefined
        ? []
        : [full.commands.nats, full.commands.curl].map((line) => printable(line)),
    manual: manualOf(diagnosis, { facts, group }),
    alarm: covering ? ruleAlarmName(covering, target?.name ?? null, severity) : null,
  };
}
