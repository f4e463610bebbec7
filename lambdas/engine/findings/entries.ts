import type { Check, ClusterFacts } from '../../define.ts';
import type { Target } from '../../readings/reading.ts';
import { printable } from '../printable.ts';
import type { CurrentFinding } from './findings.ts';
import type { Judgement } from '../judgement/judge.ts';
import type { Observed } from '../judgement/observe.ts';
import { worst, type Outcome } from './outcome.ts';
import type { Entry, Finding, TargetReport } from './report.ts';
import type { Snapshot } from '../judgement/views.ts';

/** A finding that holds, in full, with where it comes from. */
export type ComposedFinding = { readonly current: CurrentFinding; readonly finding: Finding };

function outcomeOf(judgement: Judgement, composed: readonly ComposedFinding[]): Outcome {
  if (judgement.verdict !== 'measured') return judgement.verdict;
  const severities = composed
    .filter(({ current }) => current.judgement === judgement)
    .map(({ finding }) => finding.severity);
  if (severities.includes('critical')) return 'critical';
  if (severities.includes('warning')) return 'warning';
  return judgement.conclusive ? 'ok' : 'unknown';
}

const isPending = ({ breaches }: Judgement) => breaches.some(({ levels: [top] }) => top?.severity !== 'info');

function diagnosed(judgement: Judgement, composed: readonly ComposedFinding[]) {
  const outcome = outcomeOf(judgement, composed);
  const pending =
    outcome === 'ok' && isPending(judgement) ? ' (limit crossed, but not for long enough yet)' : '';
  return { id: judgement.diagnosis.id, outcome, seen: printable(`${judgement.seen}${pending}`) };
}

/** One run's answers: an entry a server, and one for the cluster. */
export function entries(
  check: Check,
  facts: ClusterFacts,
  targets: readonly Target[],
  {
    judgements,
    composed,
    observed,
  }: {
    judgements: readonly Judgement[];
    composed: readonly ComposedFinding[];
    observed: readonly Observed[];
  },
): readonly Entry[] {
  return [...targets.map(({ name }) => name), null].flatMap((target): Entry[] => {
    const own = judgements.filter((judgement) => (judgement.target?.name ?? null) === target);
    const observations = observed
      .filter((each) => each.target === target)
      .map(({ observation }) => observation);
    if (own.length === 0 && observations.length === 0) return [];
    const diagnoses = own.map((judgement) => diagnosed(judgement, composed));
    return [
      {
        check: check.id,
        scope: target === null ? 'cluster' : 'server',
        cluster: facts.name,
        target,
        // A place for the cluster's observations only: nothing was asked of it.
        outcome: own.length === 0 ? 'not-applicable' : worst(diagnoses.map(({ outcome }) => outcome)),
        diagnoses,
        observations,
        findings: composed.filter(({ finding }) => finding.target === target).map(({ finding }) => finding),
      },
    ];
  });
}

/** What a run saw of its targets: `/varz` decides. */
export const targetReports = ({ servers }: Snapshot): readonly TargetReport[] =>
  servers.map(({ target: { name, url }, readings: { varz } }) => ({
    name,
    url,
    reachable: varz?.ok ?? false,
    version: varz?.ok ? varz.value.version : null,
    failure: varz?.ok === false ? varz.failure : null,
  }));
