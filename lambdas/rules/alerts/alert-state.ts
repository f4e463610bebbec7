/** Times in milliseconds. */
export type Hold = { readonly forMs: number; readonly keepFiringForMs: number };

/** An alert between evaluations: of one element of its rule's result. Times are epoch milliseconds. */
export type AlertState = {
  readonly activeAt: number;
  readonly isFiring: boolean;
  /** When it left the result, if it fires only because of `keep_firing_for`; else null. */
  readonly leftAt: number | null;
};

/**
 * One evaluation of an alert, as `AlertingRule.Eval` in Prometheus' rules/alerting.go has it. Undefined: there is none.
 * An alert that waits ends with the first evaluation that lacks its element; one that fires goes on for
 * `keep_firing_for`, and goes on as it was if the element comes back meanwhile.
 */
export function nextState(
  before: AlertState | undefined,
  isInResult: boolean,
  { at, forMs, keepFiringForMs }: Hold & { readonly at: number },
): AlertState | undefined {
  if (isInResult) {
    const activeAt = before?.activeAt ?? at;
    const isFiring = (before?.isFiring ?? false) || at - activeAt >= forMs;
    const isSame = before?.isFiring === isFiring && before.leftAt === null;
    return isSame ? before : { activeAt, isFiring, leftAt: null };
  }
  if (!before?.isFiring) return undefined;
  const leftAt = before.leftAt ?? at;
  return at - leftAt < keepFiringForMs ? { ...before, leftAt } : undefined;
}
