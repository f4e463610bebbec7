/** All that a diagnosis' author imports. The rest of a diagnosis is pure helpers. */
export { days, hours, minutes, seconds, formatDuration } from './durations.ts';
export type { Duration } from './durations.ts';
export { above, atLeast, atMost, below, units } from './limits.ts';
export type { AssetPattern, ClientPattern, Levels, Limit, Severity, Unit } from './limits.ts';
export {
  earlier,
  increase,
  latest,
  pages,
  previous,
  set,
  trend,
  unmoved,
  window,
} from './history/history.ts';
/** For what only illustrates: null where the server gave a count that cannot be. To decide on one is `unknown` by itself. */
export { known } from './readings/decoders/impossible.ts';
export { mostEarlier } from './history/earlier.ts';
export { mostFollowed } from './history/unmoved.ts';
export type { Increase } from './history/increase.ts';
export type { SetDifference } from './history/set.ts';
export type { Known } from './history/latest.ts';
export { isOurs } from './readings/reading.ts';
export { keyOfDns } from './readings/found-by-name.ts';
export type { DnsLook } from './readings/found-by-name.ts';
export type { Target } from './readings/reading.ts';
export type { ClosedConnection, ClosedSince } from './readings/closed-ring/closed-since.ts';
export type { ExpectedService } from './readings/services.ts';
export { from, fromEach, attempted, explaining, asked } from './definitions/reads.ts';
export type { Readings, Endpoint, Read, Reads, AskedEndpoint, AskedOf, Asked } from './definitions/reads.ts';
export type {
  PeerView,
  FailedPath,
  AnsweringServer,
  ServerView,
  Unseen,
  ClusterView,
} from './definitions/views.ts';
export type { Entity, AssetNames } from './definitions/entity.ts';
export { nothing, measured, unknown, notApplicable } from './definitions/verdict.ts';
export type { Measurement, Verdict } from './definitions/verdict.ts';
export type { Breach, Description, Enrichment, DetailRequest, Details } from './definitions/finding.ts';
export type { ClusterFacts, Covered, RuleAlarm } from './definitions/cluster-facts.ts';
export { defineDiagnosis } from './definitions/diagnosis.ts';
export type { Scope, Context, Rule, Brief, DiagnosisDefinition, Diagnosis } from './definitions/diagnosis.ts';
export { defineSeries } from './definitions/series.ts';
export type { SeriesDefinition, Series } from './definitions/series.ts';
export { checkGroups, defineCheck } from './definitions/check.ts';
export type { CheckGroup, Check } from './definitions/check.ts';
