import { describe, expect, it } from 'vitest';
import { exporterSeries, seriesByName } from '../../lambdas/series/exporter-series.ts';
import { accountRequests, requestsOf } from '../../lambdas/series/requests.ts';
import { recordedReply } from './streams-scene.ts';

const requests = (...names: readonly string[]) =>
  requestsOf(names.flatMap((name) => seriesByName.get(name)?.slice(0, 1) ?? [])).map(
    ({ reply, request }) => `${reply} ${request.path}`,
  );

describe('what series ask of a target', () => {
  it('is nothing for none', () => {
    expect(requests()).toEqual([]);
  });

  it('is each reply once', () => {
    expect(requests('varz_cpu', 'varz_mem', 'up', 'connz_in_msgs')).toEqual(['varz /varz', 'connz /connz']);
  });

  it('is the smallest /jsz that has them, and /varz for the name of the server', () => {
    expect([
      requests('server_total_streams'),
      requests('server_total_streams', 'account_storage_used'),
      requests('stream_mirror_lag', 'server_total_streams'),
      requests('consumer_num_pending', 'stream_total_bytes'),
    ]).toEqual([
      ['jsz /jsz', 'varz /varz'],
      ['jsz /jsz?accounts=true', 'varz /varz'],
      ['jsz /jsz?streams=true&raft=true', 'varz /varz'],
      ['jsz /jsz?consumers=true&config=true&raft=true', 'varz /varz'],
    ]);
  });

  it('is no configuration and no raft groups where nobody reads what they tell', () => {
    const path = (name: string, unread: readonly string[]) =>
      requestsOf(seriesByName.get(name) ?? [], unread)[0]?.request.path;
    expect([
      path('consumer_num_pending', ['stream_raft_group', 'consumer_desc']),
      path('consumer_num_pending', ['stream_raft_group']),
      path('consumer_num_pending', ['consumer_desc']),
      path('stream_total_bytes', ['consumer_desc']),
      path('stream_limit_bytes', ['stream_raft_group', 'consumer_desc']),
      path('account_storage_used', []),
    ]).toEqual([
      '/jsz?consumers=true',
      '/jsz?consumers=true&config=true',
      '/jsz?consumers=true&raft=true',
      '/jsz?streams=true&raft=true',
      '/jsz?streams=true&config=true',
      '/jsz?accounts=true',
    ]);
  });

  it('is one connection where only their number is read, which is that of the exporter all the same', () => {
    const counts = ['connz_num_connections', 'connz_total', 'connz_limit'].flatMap(
      (name) => seriesByName.get(name) ?? [],
    );
    const [asked] = requestsOf(counts);
    expect(asked?.request.path).toBe('/connz?limit=1');
    const reply = (total: number) => ({ num_connections: 1, total, offset: 0, limit: 1 });
    expect([0, 1_024, 1_025].map((total) => asked?.completed?.(reply(total)))).toEqual([
      { num_connections: 0, total: 0, offset: 0, limit: 1_024 },
      { num_connections: 1_024, total: 1_024, offset: 0, limit: 1_024 },
      { num_connections: 1_024, total: 1_025, offset: 0, limit: 1_024 },
    ]);
  });

  it('is the connections with most pending where only that is summed up, and all of the page where these may not be all', () => {
    const sums = ['connz_pending_bytes', 'connz_total'].flatMap(
      (name) => seriesByName.get(name)?.slice(0, 1) ?? [],
    );
    const [asked] = requestsOf(sums);
    expect([asked?.less?.request.path, asked?.request.path]).toEqual([
      '/connz?sort=pending&limit=16',
      '/connz',
    ]);
    const rows = (...pending: readonly number[]) => pending.map((pending_bytes) => ({ pending_bytes }));
    const ofReply = (total: number, connections: readonly object[]) =>
      asked?.less?.completed({ num_connections: connections.length, total, limit: 64, connections });
    const whole = (total: number, connections: readonly object[]) => ({
      ...{ num_connections: Math.min(total, 1_024), total, limit: 1_024, connections },
    });
    expect([
      ofReply(0, []),
      ofReply(2, rows(7, 5)),
      ofReply(1_024, rows(7, 0)),
      ofReply(1_025, rows(0, 0)),
    ]).toEqual([whole(0, []), whole(2, rows(7, 5)), whole(1_024, rows(7, 0)), whole(1_025, rows(0, 0))]);
    expect([ofReply(3, rows(7, 5)), ofReply(1_025, rows(7, 0)), ofReply(1_025, [])]).toEqual([
      null,
      null,
      null,
    ]);
    expect(asked?.less?.completed({ now: 'x' })).toBeNull();
  });

  it('is all of the page where more than that is summed up', () => {
    const sums = ['connz_pending_bytes', 'connz_in_msgs'].flatMap(
      (name) => seriesByName.get(name)?.slice(0, 1) ?? [],
    );
    expect(requestsOf(sums)[0]).toEqual({ reply: 'connz', request: { path: '/connz', statuses: [200] } });
  });

  it('is connections with their accounts only where one is a series', () => {
    const [sum = [], each = []] = [0, 1].map((at) => seriesByName.get('connz_in_msgs')?.slice(at, at + 1));
    expect([sum, each, [...sum, ...each]].map((some) => requestsOf(some)[0]?.request.path)).toEqual([
      '/connz',
      '/connz?auth=true',
      '/connz?auth=true',
    ]);
  });

  it('takes an unhealthy answer for one', () => {
    expect(requestsOf(seriesByName.get('healthz_status') ?? [])).toEqual([
      { reply: 'healthz', request: { path: '/healthz', statuses: [200, 400, 404, 500, 503] } },
    ]);
  });

  it('is twelve readings at most', () => {
    expect(requestsOf(exporterSeries)).toHaveLength(12);
  });

  it('is one more for each account of the server', () => {
    const paths = accountRequests(recordedReply('2.15.1/streams/east1/accountz')).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['/accountz?acc=%24G', '/accountz?acc=APP', '/accountz?acc=SYS']);
  });
});
