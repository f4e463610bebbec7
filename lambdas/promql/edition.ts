/**
 * Prometheus' major version, where the language differs. 3 is what CloudWatch's PromQL is based on.
 *
 * - Windows: 3 leaves out a sample exactly as old as the range or the look-back (Prometheus 3 migration guide,
 *   "range selectors and lookback exclude samples coinciding with the left boundary"), 2 takes it in.
 * - `rate` and `increase` of a counter near zero: 3 lets the guessed zero point shorten the extrapolation only.
 * - Regular expressions: `.` matches a line feed in 3.
 * - Text: 3 takes plain numbers as durations (`[300]`), durations as numbers (`5m`), `1_000`, quoted names
 *   (`{"a.b"}`) and `offset 0s`.
 */
export type Edition = 2 | 3;

export const defaultEdition: Edition = 3;
