import type { Origin, StreamRow } from '../../../lambdas/readings/decoders/assets.ts';
import { assetsIn, ledBy, member, stream } from '../../jetstream-kit.ts';

/** As a copy shows an origin that it hears: a heartbeat each second. */
export const heard = (changes: Partial<Origin> = {}): Origin => ({
  name: 'ORDERS',
  lag: 0,
  active: 0.4e9,
  seq: undefined,
  external: undefined,
  isFiltered: false,
  error: null,
  ...changes,
});

type Changes = Parameters<typeof stream>[0];

/** Two servers that hold the same streams, all led by n1; a follower shows no origins. */
export const holding = (...streams: readonly NonNullable<Changes>[]) => holdingIn(2, ...streams);

/** The same two of a cluster of so many. */
export const holdingIn = (size: number, ...streams: readonly NonNullable<Changes>[]) => {
  const rowsOf = (name: string) =>
    streams.map((changes): StreamRow => {
      const row = stream({ ...changes, group: ledBy('n1', name, ['n1', 'n2']) });
      return name === 'n1' ? row : { ...row, mirror: null, sources: [] };
    });
  return ['n1', 'n2'].map((name) =>
    member(name, { streams: assetsIn({ cluster_size: size }, ...rowsOf(name)) }),
  );
};
