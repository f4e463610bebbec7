/** Of a diagnosis on a server or cluster; a check's is the worst of its diagnoses'. */
export type Outcome = 'ok' | 'warning' | 'critical' | 'unknown' | 'not-applicable';

/** Worst first. What could not be seen is worse than a warning and never hides a critical. */
export const outcomesByWeight = ['critical', 'unknown', 'warning', 'ok', 'not-applicable'] as const;

/** The worst of several; nothing asked is nothing known. */
export function worst(outcomes: Iterable<Outcome>): Outcome {
  const all = new Set(outcomes);
  return outcomesByWeight.find((outcome) => all.has(outcome)) ?? 'unknown';
}

const exitCodes = { ok: 0, 'not-applicable': 0, warning: 1, critical: 2, unknown: 3 } as const;

/** As monitoring plugins have it: 0 ok, 1 warning, 2 critical, 3 unknown. */
export const exitCode = (outcome: Outcome): number => exitCodes[outcome];
