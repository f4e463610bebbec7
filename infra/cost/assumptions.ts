/**
 * What a run is taken to need, on average of all checks: measured on three quiet servers with leafnodes, and jobs that come
 * and go, by `npm run bench`, whose row each names.
 */
export const assumed = {
  /** Of a function of 256 MB. `a warm run of a check on three servers, a seventh of a core`, less what its servers take. */
  runSeconds: 0.12,
  /** As memory and share of a processor go together, that of 256 MB is that of all. `the same: a server more, of 25`. */
  gbSecondsPerServer: 0.0035,
  /** `write units of DynamoDB a minute, three servers, leafnodes, jobs come and go`, by its eleven checks. */
  writeUnits: 0.75,
  /** Of a run, as that row counts them beside: its memory, read consistently. A write that gives back an item reads none. */
  readUnits: 1,
  /** Of an invocation: what is muted by command, read eventually consistent. No item is billed as one of up to 4 KB. */
  muteReadUnits: 0.5,
  /** `the same: its log with what Lambda adds`. */
  logKbPerRun: 0.55,
  /** `a datapoint by OTLP, three servers`: with name, labels, time and value. Of streams and consumers it is up to four times that. */
  otlpBytesPerPoint: 265,
} as const;
