import type { Check, ClusterFacts } from '../../define.ts';
import type { KnownServer } from '../../readings/known-servers.ts';
import type { Target } from '../../readings/reading.ts';
import { printable } from '../printable.ts';
import type { CurrentFinding } from './findings.ts';
import type { Judgement } from '../judgement/judge.ts';
import type { Observed } from '../judgement/observe.ts';
import { worst, type Outcome } from './outcome.ts';
import type { Answer, Entry, Finding, TargetReport } from './report.ts';
import type { Snapshot } from '../judgement/views.ts';

/** A finding that holds, with where it comes from; in full when asked for. */
export type ComposedFinding = { readonly current: CurrentFinding; readonly finding: Finding };

const isCrossed = ({ breaches }: Judgement) => breaches.some(({ levels: [top] }) => top?.severity !== 'info');

function outcomeOf(judgement: Judgement, found: readonly ComposedFinding[]): Outcome {
  if (judgement.verdict !== 'measured') return judgement.verdict;
  const severities = found.map(({ current }) => current.severity);
  if (severities.includes('critical')) return 'critical';
  if (severities.includes('warning')) return 'warning';
  return judgement.conclusive ? 'ok' : 'unknown';
}

function diagnosed(judgement: Judgement, found: readonly ComposedFinding[]): Answer {
  const outcome = outcomeOf(judgement, found);
  const { diagnosis, without } = judgement;
  const waits = outcome === 'ok' && isCrossed(judgement);
  const seen = waits ? `${judgement.seen} (limit crossed, but not for long enough yet)` : judgement.seen;
  const isPending = waits || (outcome === 'ok' && judgement.pending === true);
  return {
    ...{ id: diagnosis.id, outcome, seen: printable(seen) },
    ...(isPending ? { pending: true } : {}),
    ...(without && { without: { ...without, seen: printable(without.seen) } }),
  };
}

const targetOf = ({ target }: Judgement): string | null => target?.name ?? null;

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
  const judged = Map.groupBy(judgements, targetOf);
  const found = Map.groupBy(composed, ({ current }) => current.judgement);
  const foundAt = Map.groupBy(composed, ({ current }) => targetOf(current.judgement));
  const observedAt = Map.groupBy(observed, ({ target }) => target);
  return [...targets.map(({ name }) => name), null].flatMap((target): Entry[] => {
    const own = judged.get(target) ?? [];
    const observations = (observedAt.get(target) ?? []).map(({ observation }) => observation);
    if (own.length === 0 && observations.length === 0) return [];
    const diagnoses = own.map((judgement) => diagnosed(judgement, found.get(judgement) ?? []));
    const here = foundAt.get(target) ?? [];
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
        get findings() {
          return here.map(({ finding }) => finding);
        },
      },
    ];
  });
}

/**
 * What a run saw of its targets: `/varz` decides.
 * @param known servers as memory has them, by which a silent one is named
 */
export const targetReports = (
  { servers }: Snapshot,
  known: readonly KnownServer[],
): readonly TargetReport[] =>
  servers.map(({ target: { name, url }, readings: { varz } }) => ({
    name,
    url,
    serverName: varz?.ok ? (varz.value.server_name ?? null) : lastAt(name, known),
    reachable: varz?.ok ?? false,
    version: varz?.ok ? varz.value.version : null,
    failure: varz?.ok === false ? varz.failure : null,
  }));

/** The name of who last answered at a target. */
const lastAt = (target: string, known: readonly KnownServer[]): string | null =>
  known
    .toSorted((a, b) => (b.targets[target] ?? 0) - (a.targets[target] ?? 0))
    .find(({ targets }) => target in targets)?.name ?? null;
