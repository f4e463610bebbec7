import { readDetails, type ServerIds } from './collect.ts';
import type { Diagnosis } from '../define.ts';
import { contextOf, type About } from '../engine/judgement/context.ts';
import type { Change, CurrentFinding } from '../engine/findings/findings.ts';
import { worstFirst } from '../engine/findings/finding-state.ts';
import { breachOf } from '../engine/judgement/judge.ts';
import type { Source } from '../ports.ts';

const mostReadings = 3;

/** Details are asked for when a finding is reported as new or again: its evidence is kept until then. */
const withDetails: readonly Change['kind'][] = ['opened', 'raised', 'reminded'];

/**
 * Adds to findings that are about to be reported what only detail readings show, at most three readings a diagnosis, for
 * the worst first.
 * A finding whose details cannot be read goes out without them.
 */
export async function enrich(
  current: readonly CurrentFinding[],
  changes: readonly Change[],
  { source, serverIds }: { readonly source: Source; readonly serverIds: ServerIds },
  about: About,
): Promise<readonly CurrentFinding[]> {
  const due = new Set(changes.filter(({ kind }) => withDetails.includes(kind)).map(({ key }) => key));
  const budget = new Map<Diagnosis, number>();
  const ranked = [...current].sort((a, b) => worstFirst(a.severity, b.severity));
  return Promise.all(
    ranked.map(async (each): Promise<CurrentFinding> => {
      const { diagnosis } = each.judgement;
      if (!due.has(each.key) || !diagnosis.details || !diagnosis.enrich) return each;
      const breach = breachOf(each.crossing);
      const left = budget.get(diagnosis) ?? mostReadings;
      const requests = diagnosis.details(breach).slice(0, left);
      budget.set(diagnosis, left - requests.length);
      if (requests.length === 0) return each;
      const details = await readDetails(source, requests, serverIds);
      const enriched = diagnosis.enrich(breach, details, contextOf(diagnosis, about));
      return { ...each, state: { ...each.state, enriched } };
    }),
  );
}
