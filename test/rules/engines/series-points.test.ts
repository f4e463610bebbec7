import { describe, expect, it } from 'vitest';
import { seriesPoints } from '../../../lambdas/rules/engines/series-points.ts';
import { findSeries } from '../../../lambdas/series/find.ts';
import { observer } from '../../../lambdas/series/observe.ts';
import { repliesOf } from '../../series/streams-scene.ts';
import { minute } from '../../adapters/otlp/sample-points.ts';

const replies = repliesOf('2.15.1', 'east1');
const observe = observer(replies, { server_id: 'east1', job: 'nats' });
const start = Date.parse((replies.varz as { readonly start: string }).start);

function points(name: string, startMs: number | null = start) {
  const [series] = findSeries(name);
  if (series === undefined) throw new Error(`no series ${name}`);
  const decoded = observe(series);
  if (!decoded.ok) throw new Error(decoded.problem);
  return seriesPoints(series, { name, samples: decoded.value, at: minute, startMs });
}

const kinds = (name: string) => [
  ...new Set(points(name).map((point) => (point.kind === 'sum' ? point.startMs : point.kind))),
];

describe('a series of a server, sent by OTLP,', () => {
  it('keeps its spelling, labels, value and time', () => {
    expect(points('nats_varz_max_payload')).toEqual([
      {
        name: 'nats_varz_max_payload',
        labels: { server_id: 'east1', job: 'nats' },
        value: 1_048_576,
        at: minute,
        kind: 'gauge',
      },
    ]);
  });

  it.each([
    ['a live value', 'gnatsd_varz_connections'],
    ['a setting', 'gnatsd_varz_max_connections'],
    ['a text', 'gnatsd_varz_version'],
    ['reachability', 'up'],
  ])('is a gauge where it is %s', (_what, name) => {
    expect(kinds(name)).toEqual(['gauge']);
  });

  it.each([
    ['the server', 'gnatsd_varz_in_msgs'],
    ['the subscription list', 'gnatsd_subsz_num_inserts'],
    ['an account', 'gnatsd_accstatz_sent_messages'],
  ])('is a sum since the server started where it is a running total of %s', (_what, name) => {
    expect(kinds(name)).toEqual([start]);
  });

  it.each([
    ['a stream, which outlives the server', 'jetstream_stream_last_seq'],
    ['a consumer, which outlives the server', 'jetstream_consumer_delivered_stream_seq'],
    ['a connection, which is younger', 'gnatsd_gatewayz_outbound_gateway_conn_out_msgs'],
  ])('is a sum of unknown start where it is a running total of %s', (_what, name) => {
    expect(kinds(name)).toEqual([null]);
  });

  it('is a sum of unknown start where /varz was not read', () => {
    expect(points('gnatsd_varz_in_msgs', null)).toMatchObject([{ kind: 'sum', startMs: null }]);
  });
});
