import type { Check, ClusterFacts } from '../../define.ts';
import type { Target } from '../../readings/reading.ts';
import { clean } from '../clean.ts';
import type { Held } from './findings.ts';
import type { Judgement } from '../judgement/judge.ts';
import type { Observed } from '../judgement/observe.ts';
import { worst, type Outcome } from './outcome.ts';
import type { Entry, Finding, TargetReport } from './report.ts';
import type { Snapshot } from '../judgement/views.ts';

/** A finding that holds, in full, with where it comes from. */
export type Told = { readonly held: Held; readonly finding: Finding };

function outcomeOf(judgement: Judgement, told: readonly Told[]): Outcome {
  if (judgement.verdict !== 'measured') return judgement.verdict;
  const severities = told
    .filter(({ held }) => held.judgement === judgement)
    .map(({ finding }) => finding.severity);
  if (severities.includes('critical')) return 'critical';
  if (severities.includes('warning')) return 'warning';
  return judgement.looked ? 'ok' : 'unknown';
}

const isPending = ({ breaches }: Judgement) => breaches.some(({ levels: [top] }) => top?.severity !== 'info');

function diagnosed(judgement: Judgement, told: readonly Told[]) {
  const outcome = outcomeOf(judgement, told);
  const pending =
    outcome === 'ok' && isPending(judgement) ? ' (limit crossed, but not for long enough yet)' : '';
  return { id: judgement.diagnosis.id, outcome, seen: clean(`${judgement.seen}${pending}`) };
}

/** One run's answers: an entry a server, and one for the cluster. */
export function entries(
  check: Check,
  facts: ClusterFacts,
  targets: readonly Target[],
  {
    judgements,
    told,
    observed,
  }: { judgements: readonly Judgement[]; told: readonly Told[]; observed: readonly Observed[] },
): readonly Entry[] {
  return [...targets.map(({ name }) => name), null].flatMap((target): Entry[] => {
    const own = judgements.filter((judgement) => (judgement.target?.name ?? null) === target);
    const observations = observed
      .filter((each) => each.target === target)
      .map(({ observation }) => observation);
    if (own.length === 0 && observations.length === 0) return [];
    const diagnoses = own.map((judgement) => diagnosed(judgement, told));
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
        findings: told.filter(({ finding }) => finding.target === target).map(({ finding }) => finding),
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
