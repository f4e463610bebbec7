import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-101-lame-duck-drain.ts';
import { minutes } from '../../../lambdas/define.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import { closed, decodedVarz, failing, firstMinute, server, varz, watching } from '../../kit.ts';

const healthy: Healthz = { http_status: 200, status: 'ok', errors: [] };
const refusing = (listeners: string): Healthz => ({
  http_status: 500,
  status: 'error',
  errors: [{ type: 'CONNECTION', error: `failed to be ready for connections after 1ms: ${listeners}` }],
});
/** As nats-server 2.9 says it. */
const refusing29: Healthz = {
  http_status: 503,
  status: 'error',
  error: 'failed to be ready for connections after 1ms: server',
  errors: [],
};

type Now = { connections: number; shutdowns?: number; leafnodes?: number; healthz?: Healthz; start?: number };

function hub(
  name: string,
  { connections, shutdowns = 0, leafnodes = 0, healthz = healthy, ...changes }: Now,
) {
  const row = (kind: string) => ({ kind, reason: 'Server Shutdown', stoppedAt: firstMinute });
  const rows = [
    ...Array.from({ length: shutdowns }, () => row('Client')),
    ...Array.from({ length: leafnodes }, () => row('Leafnode')),
  ];
  return server(name, {
    varz: varz({ connections, total_connections: 100, ...changes }),
    closed: closed(rows),
    healthz,
  });
}
const gone = (name: string) => server(name, { varz: failing('unreachable') });

describe('CLUSTER_101, a drain', () => {
  it('is not there in a healthy cluster', () => {
    const look = watching(diagnosis).look([hub('n1', { connections: 20 }), hub('n2', { connections: 5 })]);
    expect(look).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'no server drains' },
      findings: [],
    });
  });

  it('is information that pages nobody', () => {
    const look = watching(diagnosis).look([
      hub('n1', { connections: 4, shutdowns: 16, healthz: refusing('server') }),
    ]);
    expect([look.outcomes, look.notices]).toEqual([{ cluster: 'ok' }, []]);
    expect(look.findings.map(({ severity, limit, entity }) => [severity, limit, entity.name])).toEqual([
      ['info', null, 'n1'],
    ]);
  });

  it('tells how many clients were sent away and how many more the other servers hold since', () => {
    const watch = watching(diagnosis);
    watch.look([hub('n1', { connections: 20 }), hub('n2', { connections: 5 })]);
    watch.look([
      hub('n1', { connections: 12, shutdowns: 8, healthz: refusing('server') }),
      hub('n2', { connections: 13 }),
    ]);
    const [finding] = watch.look([
      hub('n1', { connections: 4, shutdowns: 8, leafnodes: 1, healthz: refusing('leafnode, server') }),
      hub('n2', { connections: 20 }),
    ]).findings;
    expect(finding?.summary).toBe(
      'n1 drains: 16 clients sent away, 4 left; the other servers hold 15 more clients than before.',
    );
    expect(finding?.evidence).toEqual([
      'first seen draining at 2026-11-20 10:01 UTC',
      '1 leafnode sent away as well',
      'n2: 20 clients, +15',
    ]);
  });

  it('is reported all the same where a server gives a number of clients that cannot be', () => {
    const strange = (name: string, healthz: Healthz) =>
      server(name, {
        varz: decodedVarz({ connections: -3, total_connections: 100 }),
        closed: closed([]),
        healthz,
      });
    const look = watching(diagnosis).look([strange('n1', refusing('server')), strange('n2', healthy)]);
    expect([look.outcomes, look.findings[0]?.summary]).toEqual([
      { cluster: 'ok' },
      'n1 drains: 0 clients sent away, an unknown number left; n2 could not be read.',
    ]);
  });

  it('is still told when the drained server is gone, and then it is unknown whether others drain', () => {
    const watch = watching(diagnosis);
    watch.look([hub('n1', { connections: 20 }), hub('n2', { connections: 5 })]);
    watch.look([hub('n1', { connections: 2, shutdowns: 18 }), hub('n2', { connections: 23 })]);
    const look = watch.look([gone('n1'), hub('n2', { connections: 25 })]);
    expect(look.findings[0]?.summary).toBe(
      'n1 drained: 18 clients sent away, it is gone now, with 2 clients when last seen; the other servers hold 20 more clients than before.',
    );
    expect(look.outcomes).toEqual({ cluster: 'unknown' });
  });

  it('says when the drained server has started again', () => {
    const watch = watching(diagnosis);
    watch.look([hub('n1', { connections: 20 }), hub('n2', { connections: 5 })]);
    watch.look([hub('n1', { connections: 2, shutdowns: 18 }), hub('n2', { connections: 23 })]);
    const restarted = hub('n1', { connections: 3, start: firstMinute + minutes(2) });
    const [finding] = watch.look([restarted, hub('n2', { connections: 22 })]).findings;
    expect(finding?.summary).toBe(
      'n1 drained: 18 clients sent away, it has started again and holds 3; the other servers hold 17 more clients than before.',
    );
  });

  it('is forgotten after a quarter of an hour', () => {
    const watch = watching(diagnosis);
    watch.look([hub('n1', { connections: 2, shutdowns: 18 })]);
    expect(watch.look([hub('n1', { connections: 2 })], minutes(14)).findings).toHaveLength(1);
    expect(watch.look([hub('n1', { connections: 2 })], minutes(2)).findings).toEqual([]);
  });

  it.each([
    ['2.15 with a leafnode listener', refusing('leafnode, server')],
    ['2.10', refusing('server')],
    ['2.9', refusing29],
  ])('is seen before the first client was sent away: %s', (_, healthz) => {
    const look = watching(diagnosis).look([hub('n1', { connections: 20, healthz })]);
    expect(look.seen).toEqual({ cluster: 'draining: n1' });
  });

  it('is seen without /healthz, by the rows alone', () => {
    const blind = server('n1', {
      varz: varz({ connections: 4 }),
      closed: closed([{ reason: 'Server Shutdown' }]),
      healthz: failing(),
    });
    expect(watching(diagnosis).look([blind]).seen).toEqual({ cluster: 'draining: n1' });
  });

  it('is unknown without /healthz where no client was sent away yet', () => {
    const blind = server('n1', { varz: varz(), closed: closed([]), healthz: failing('timeout') });
    expect(watching(diagnosis).look([blind])).toMatchObject({
      outcomes: { cluster: 'unknown' },
      seen: { cluster: 'no reply: timeout' },
    });
  });

  it('is not a server that starts: it misses the client listener too, but never had a client', () => {
    const starting = server('n1', {
      varz: varz({ connections: 0, total_connections: 0 }),
      closed: closed([]),
      healthz: refusing('server'),
    });
    expect(watching(diagnosis).look([starting]).seen).toEqual({ cluster: 'no server drains' });
  });

  it('is not a missing leafnode listener', () => {
    const look = watching(diagnosis).look([hub('n1', { connections: 20, healthz: refusing('leafnode') })]);
    expect(look.seen).toEqual({ cluster: 'no server drains' });
  });

  it('does not invent who returned when nobody watched before', () => {
    const [finding] = watching(diagnosis).look([
      hub('n1', { connections: 4, shutdowns: 16 }),
      hub('n2', { connections: 20 }),
    ]).findings;
    expect(finding?.summary).toBe(
      'n1 drains: 16 clients sent away, 4 left; how many returned elsewhere is not known, since nobody watched before.',
    );
  });

  it.each([
    ['is the only one watched', [], 'no other server of the cluster is watched'],
    ['is one of two, and the other is silent', [gone('n2')], 'n2 could not be read'],
    [
      'is one of two that drain',
      [hub('n2', { connections: 9, shutdowns: 1 })],
      'the other servers drain, too',
    ],
  ])('of a server that %s says why nobody shows who returned', (_, others, why) => {
    const look = watching(diagnosis).look([hub('n1', { connections: 4, shutdowns: 16 }), ...others]);
    expect(look.findings.find(({ entity }) => entity.name === 'n1')?.summary).toBe(
      `n1 drains: 16 clients sent away, 4 left; ${why}.`,
    );
  });

  it('never calls silence healthy', () => {
    const blind = server('n2', { closed: failing() });
    expect(watching(diagnosis).look([hub('n1', { connections: 1 }), blind]).outcomes).toEqual({
      cluster: 'unknown',
    });
  });
});
