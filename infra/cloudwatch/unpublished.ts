/**
 * What AWS publishes nowhere and the evaluator must assume. Each is one line to change once somebody has measured it.
 */
export const unpublished = {
  /**
   * How many periods back an alarm of N datapoints looks for them. Published is that it is more than N, and 5 for N = 3;
   * the rest is the guess that LocalStack makes.
   */
  evaluationRange: (evaluationPeriods: number): number =>
    evaluationPeriods + Math.max(Math.floor(evaluationPeriods / 3), 2),

  /**
   * Missing treated as `missing` or `ignore`, few points, the breaching ones too few or too new: AWS says only that this
   * is not ALARM yet.
   */
  stateWhileWaiting: 'OK',

  /**
   * A minute's datapoints count in the evaluation of that same minute. Real ones take seconds to some minutes to arrive
   * and be looked at, which moves every change by as much.
   */
  delayMinutes: 0,

  /**
   * With a warm-up that may end early: the alarm starts to evaluate when each of the last N periods has a datapoint.
   * AWS says "enough metric data to fill its evaluation window", not which window.
   */
  windowFilledBy: (evaluationPeriods: number): number => evaluationPeriods,
} as const;
