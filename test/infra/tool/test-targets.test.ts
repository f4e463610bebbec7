import { describe, expect, it } from 'vitest';
import { entitiesOf, targetsOfSeries } from '../../../infra/tool/test-file/test-targets.ts';
import type { Labels } from '../../../lambdas/promql/index.ts';

const targetsOf = (...labels: readonly Labels[]) =>
  targetsOfSeries(labels.map((each) => ({ labels: each, samples: [] })));
const reported = (...labels: readonly Labels[]) =>
  targetsOf(...labels).targets.map(({ name, labels: own }) => ({ name, ...own }));

describe('the servers of a test', () => {
  it('are those of the label server_id, with the labels that the exporter does not give', () => {
    expect(
      reported(
        { __name__: 'up', server_id: 'a', job: 'nats', instance: 'a:7777' },
        {
          __name__: 'jetstream_consumer_num_pending',
          server_id: 'a',
          job: 'nats',
          stream_name: 's',
          namespace: 'x',
        },
        { __name__: 'up', server_id: 'b' },
      ),
    ).toEqual([
      { name: 'a', job: 'nats', instance: 'a:7777', namespace: 'x' },
      { name: 'b', job: '', instance: '' },
    ]);
  });

  it('are those of the label instance where there is no server_id', () => {
    expect(reported({ __name__: 'up', instance: 'a:7777' }, { __name__: 'up', instance: 'b:7777' })).toEqual([
      { name: 'a:7777', job: '', instance: 'a:7777' },
      { name: 'b:7777', job: '', instance: 'b:7777' },
    ]);
  });

  it('are the same for series that have both labels and those that have the instance only', () => {
    expect(
      reported(
        { __name__: 'up', instance: 'a:7777' },
        { __name__: 'gnatsd_varz_mem', server_id: 'a', instance: 'a:7777' },
      ),
    ).toEqual([{ name: 'a', job: '', instance: 'a:7777' }]);
  });

  it('are one where series name none, which results do not show', () => {
    const found = targetsOf({ __name__: 'up' }, { __name__: 'gnatsd_varz_mem', job: 'nats' });
    expect(found.targets.map(({ name }) => name)).toEqual(['server']);
    expect(found.series.map(({ labels }) => labels['server_id'])).toEqual(['server', 'server']);
    expect([found.asWritten({ server_id: 'server', a: 'b' }), found.identityOf('server')]).toEqual([
      { a: 'b' },
      {},
    ]);
  });

  it('are one where there are no series at all', () => {
    expect(reported()).toEqual([{ name: 'server' }]);
  });

  it('keep a name that the test itself gives', () => {
    const found = targetsOf({ __name__: 'up', server_id: 'server' });
    expect([found.asWritten({ server_id: 'server' }), found.identityOf('server')]).toEqual([
      { server_id: 'server' },
      { server_id: 'server' },
    ]);
  });

  it('are told by the label that the series have', () => {
    const found = targetsOf({ __name__: 'up', instance: 'a:7777' });
    expect(found.identityOf('a:7777')).toEqual({ instance: 'a:7777' });
  });
});

it('have as many streams and consumers as the one that has most', () => {
  const of = (...labels: readonly Labels[]) =>
    entitiesOf(labels.map((each) => ({ labels: each, samples: [] })));
  const messages = (server_id: string, stream_name: string) => ({
    __name__: 'jetstream_stream_total_messages',
    server_id,
    stream_name,
  });
  expect([
    of(),
    of(messages('a', 'x')),
    of(messages('a', 'x'), messages('a', 'y'), messages('b', 'x')),
  ]).toEqual([1, 1, 2]);
});
