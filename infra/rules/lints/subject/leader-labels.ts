import { matches, type Matcher, type Selector } from '../../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../../lambdas/series/definition.ts';

/** What a group of servers chooses a leader for, by the exporter's labels: `stream_leader`, `is_stream_leader`. */
export type Led = 'meta' | 'stream' | 'consumer';
export const led = ['meta', 'stream', 'consumer'] as const satisfies readonly Led[];

export const flagOf = (what: Led) => `is_${what}_leader` as const;
export const nameOf = (what: Led) => `${what}_leader` as const;

export const isLeaderLabel = (label: string, what: Led): boolean =>
  label === flagOf(what) || label === nameOf(what);

/** Whose replicas the series are; of all others each is there once. What is configured is the same on all replicas. */
export function replicated({ collector, kind }: SeriesDefinition): Led | null {
  if (collector === 'jszConsumer') return 'consumer';
  return collector === 'jszStream' && kind !== 'config' ? 'stream' : null;
}

/** Which replicas a selector takes, by its matchers on the flag; all of them without one. */
export type Taken = 'leader' | 'others' | 'all' | 'none';

export function takenBy({ matchers }: Selector, what: Led): Taken {
  const takes = (value: string) =>
    matchers.every((matcher) => matcher.label !== flagOf(what) || matches(matcher, value));
  if (takes('true')) return takes('false') ? 'all' : 'leader';
  return takes('false') ? 'others' : 'none';
}

/** Whether it takes only what has no leader: `stream_leader=""`. */
export const asksForNone = ({ matchers }: Selector, what: Led): boolean =>
  matchers.some((matcher) => matcher.label === nameOf(what) && takesNothingElse(matcher));

const takesNothingElse = (matcher: Matcher): boolean =>
  matches(matcher, '') && !['n1', 'NATS-0', 'é'].some((name) => matches(matcher, name));
