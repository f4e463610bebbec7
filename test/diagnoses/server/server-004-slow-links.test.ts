import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-004-slow-links.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { closed, failing, server, varz, watching } from '../../kit.ts';

type Stats = {
  readonly clients?: number;
  readonly routes?: number;
  readonly gateways?: number;
  readonly leafs?: number;
};
const counting = (stats: Stats, ring: Parameters<typeof server>[1] = { closed: closed([]) }) =>
  server('n1', {
    varz: varz({
      slow_consumers: 9,
      slow_consumer_stats: { clients: 0, routes: 0, gateways: 0, leafs: 0, ...stats },
    }),
    ...ring,
  });
const quiet = counting({});

describe('SERVER_004, slow routes, gateways and leafnodes', () => {
  it('is critical for one slow route, told by its kind, and paged for by NatsSlowConsumers alone', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([quiet]);
    expect(watch.look([counting({ routes: 1 })]).findings).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'connections', name: 'routes of n1' },
        summary: 'n1 counted routes as slow 1 time within 10 min.',
        evidence: [
          'a write that takes longer than 10 s (write_deadline) counts',
          'which routes: not shown, the closed ring keeps clients and leafnodes only',
          'slow consumers of all kinds since its start: 9',
          expect.stringMatching(/^CPU /),
        ],
        alarm: 'nats/c1/NatsSlowConsumers/n1/critical',
      },
    ]);
  });

  it('tells routes from gateways, and says nothing of clients', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([quiet]);
    const { findings } = watch.look([counting({ clients: 7, routes: 2, gateways: 3 })]);
    expect(findings.map(({ entity, observed }) => [entity.name, observed])).toEqual([
      ['routes of n1', 2],
      ['gateways of n1', 3],
    ]);
  });

  it('is silent about what was counted before the first look, and ends ten minutes after the last', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([counting({ routes: 5 })]).findings).toEqual([]);
    watch.look([counting({ routes: 6 })]);
    expect(lookingOn(watch, [counting({ routes: 6 })], 14).findings).toEqual([]);
  });

  it('leaves a leafnode that was closed for it to CONN_102, though its row comes a run later', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([quiet]);
    const counted = counting({ leafs: 1 });
    expect(watch.look([counted]).findings).toEqual([]);
    const row = { kind: 'Leafnode', reason: 'Slow Consumer (Write Deadline)' } as const;
    expect(watch.look([counting({ leafs: 1 }, { closed: closed([row]) })]).findings).toEqual([]);
    expect(watch.look([counted]).findings).toEqual([]);
  });

  it('tells of a leafnode that is slow and stays', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([quiet]);
    watch.look([counting({ leafs: 1 })]);
    const [finding] = watch.look([counting({ leafs: 1 })]).findings;
    expect(finding?.entity.name).toBe('leafnodes of n1');
  });

  it('counts without the closed ring, and is no question to servers before 2.10', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([quiet]);
    expect(watch.look([counting({ routes: 1 }, { closed: failing() })]).outcomes).toEqual({ n1: 'critical' });
    const old = server('n1', { varz: varz({ version: '2.9.10' }), closed: closed([]) });
    expect(watching(diagnosis).look([old]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
