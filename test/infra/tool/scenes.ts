import fc from 'fast-check';

export type SceneSeries = { readonly series: string; readonly values: string };
export type Scene = readonly SceneSeries[];

/** How many minutes scenes last. */
export const sceneMinutes = 16;

/** Values that stay for some minutes, the last one to the end: `5x2 12x4 0x16`. */
const phases = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(fc.tuple(value, fc.integer({ min: 0, max: 6 })), { minLength: 1, maxLength: 5 }), value)
    .map(([parts, last]) =>
      [...parts, [last, sceneMinutes] as const].map(([each, times]) => `${each}x${times}`).join(' '),
    );

const among = (...values: readonly (number | string)[]) => fc.constantFrom(...values.map(String));

/** A running total that stands, grows and begins anew. */
const total = phases(fc.constantFrom('0', '3', '0+1', '5+3', '20'));

/** With minutes in which there is no sample. */
const withGaps = (values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('5', '0x2', '101x5', '_x4'),
      fc.constantFrom('', ' _x2', ' stale', ' _ stale _x3'),
      values,
    )
    .map(([before, gap, after]) => `${before}${gap} ${after}`);

const server = (name: string): fc.Arbitrary<Scene> => {
  const labels = (more = '') => `{server_id="${name}", instance="${name}.example:7777", job="nats"${more}}`;
  const consumer = (stream: string, durable: string) =>
    withGaps(phases(among(0, 99, 101, 200, 400))).map((values) => ({
      series: `jetstream_consumer_num_pending${labels(`, stream_name="${stream}", consumer_name="${durable}"`)}`,
      values,
    }));
  const gauge = (metric: string, values: fc.Arbitrary<string>) =>
    values.map((each) => ({ series: `${metric}${labels()}`, values: each }));
  return fc.tuple(
    gauge('up', phases(among(0, 1, 1))),
    gauge('gnatsd_varz_connections', phases(among(2, 9, 11, 20))),
    gauge('gnatsd_varz_max_connections', withGaps(phases(among(0, 10, 20)))),
    gauge('gnatsd_varz_slow_consumers', withGaps(total)),
    gauge('gnatsd_varz_leafnodes', phases(among(0, 1))),
    consumer('orders', 'mail'),
    consumer('orders', 'bill'),
    consumer('audit', 'log'),
  );
};

/** Two servers with streams. Series that plain alarms compare have no gaps: CloudWatch and Prometheus take those differently. */
export const arbitraryScene: fc.Arbitrary<Scene> = fc
  .tuple(server('n1'), server('n2'))
  .map(([some, others]) => [...some, ...others]);
