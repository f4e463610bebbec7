import * as fc from 'fast-check';
import type { SeriesPoint } from '../../../lambdas/ports.ts';

export const minute = Date.parse('2026-11-05T10:00:00Z');
export const started = Date.parse('2026-11-01T08:30:15.250Z');

type Gauge = Extract<SeriesPoint, { kind: 'gauge' }>;

export const gauge = (value: number, changes: Partial<Gauge> = {}): Gauge => ({
  name: 'gnatsd_varz_connections',
  labels: { cluster: 'eu', server_id: 'hub-1' },
  value,
  at: minute,
  kind: 'gauge',
  ...changes,
});

export const total = (value: number, startMs: number | null = started): SeriesPoint => ({
  name: 'gnatsd_varz_in_msgs',
  labels: { cluster: 'eu', server_id: 'hub-1' },
  value,
  at: minute,
  kind: 'sum',
  startMs,
});

export const many = (count: number): readonly Gauge[] =>
  Array.from({ length: count }, (_, i) => gauge(i, { labels: { server_id: `hub-${i}` } }));

const time = fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 });
const about = {
  name: fc.constantFrom('gnatsd_varz_mem', 'jetstream_consumer_num_pending', 'up'),
  labels: fc.dictionary(fc.stringMatching(/^[a-zA-Z_]\w{0,10}$/), fc.string({ unit: 'binary' }), {
    maxKeys: 6,
  }),
  // JSON knows no negative zero.
  value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  at: time,
};

/** Any points that can be sent, of a few names, so that several share one. */
export const anyPoints: fc.Arbitrary<readonly SeriesPoint[]> = fc.array(
  fc.oneof(
    fc.record({ ...about, kind: fc.constant('gauge' as const) }),
    fc.record({ ...about, kind: fc.constant('sum' as const), startMs: fc.option(time) }),
  ),
  { minLength: 1, maxLength: 20 },
);
