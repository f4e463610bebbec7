import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-008-quorum-lost.ts';
import { assets, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, server, varz, watching } from '../../kit.ts';

const dead = (name: string) =>
  server(name, { varz: failing('unreachable'), streams: failing('unreachable') });

const members = ['n1', 'n2', 'n3', 'n4', 'n5'];
/** A server of five with these streams of three replicas, by name: which servers hold them, and whom it takes for the leader. */
const holding = (self: string, streams: Readonly<Record<string, readonly [string | null, string[]]>>) =>
  member(self, {
    streams: assets(
      ...Object.entries(streams).map(([name, [leader, on]]) =>
        stream({ name, group: ledBy(leader, self, on) }),
      ),
    ),
  });

/** n1 is the last of three; it lists itself among its replicas, as servers without a leader do. */
const last = (leader: string | null, ...names: string[]) => [
  holding('n1', Object.fromEntries(names.map((name) => [name, [leader, ['n1', 'n2', 'n3']] as const]))),
  dead('n2'),
  dead('n3'),
];

describe('JETSTREAM_008, quorum lost', () => {
  it('is critical in the second look that finds no leader on the replica that is left', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look(last(null, 'ORDERS')).findings).toEqual([]);
    const { findings, notices } = watch.look(last(null, 'ORDERS'));
    expect(notices).toEqual([{ kind: 'opened', severity: 'critical', entity: 'n2, n3' }]);
    expect(findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n2, n3' },
        summary:
          'n2, n3 are missing: 1 stream has no quorum and no leader, and takes no message: ORDERS (APP).',
        evidence: [
          'n2 does not answer (unreachable)',
          'n3 does not answer (unreachable)',
          'ORDERS (APP): on n1, n2, n3, 2 needed, n1 left',
        ],
        commands: [
          'nats stream info ORDERS # with a context of account APP',
          "curl -s 'http://n1:8222/jsz?acc=APP&streams=true&config=true'",
        ],
      },
    ]);
  });

  it('is one finding for all streams of the same dead servers', () => {
    const names = Array.from({ length: 200 }, (_, i) => `S${i}`);
    const watch = watching(diagnosis, { remembers: true });
    watch.look(last(null, ...names));
    const { findings } = watch.look(last(null, ...names));
    expect(findings.map(({ entity, summary }) => [entity.name, summary])).toEqual([
      [
        'n2, n3',
        'n2, n3 are missing: 200 streams have no quorum and no leader, and take no message: ' +
          'S0 (APP), S1 (APP), S2 (APP), S3 (APP), S4 (APP) and 195 more.',
      ],
    ]);
  });

  it('is silent while a leader is named, as for seconds after it died, and in one look without', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(last('n2', 'ORDERS'));
    watch.look(last('n2', 'ORDERS'));
    watch.look(last(null, 'ORDERS'));
    expect(watch.look(last('n1', 'ORDERS')).notices).toEqual([]);
  });

  it('is silent where the majority lives and is only not read: the leader may be there', () => {
    const seen = [
      holding('n1', { ORDERS: [null, ['n1', 'n2', 'n3']] }),
      holding('n4', { OTHER: ['n4', ['n2', 'n3', 'n4']] }),
      dead('n2'),
      dead('n3'),
    ];
    const watch = watching(diagnosis, { remembers: true });
    watch.look(seen);
    expect(watch.look(seen).findings).toEqual([]);
  });

  it('tells streams apart of which other servers are missing', () => {
    const seen = [
      holding('n1', { A: [null, ['n1', 'n3', 'n4']], B: [null, ['n1', 'n4', 'n5']] }),
      holding('n2', { C: ['n2', ['n1', 'n2', 'n3']] }),
    ];
    // n3 is heard by n2 in C, so it lives: A lacks n4 alone of those that take part in nothing.
    const watch = watching(diagnosis, { remembers: true });
    watch.look(seen);
    expect(watch.look(seen).findings.map(({ entity }) => entity)).toEqual([
      { kind: 'server', name: 'n4, n5' },
    ]);
  });

  it('waits for a server that started seconds ago', () => {
    const fresh = [
      member('n1', {
        varz: { uptime: 9 },
        streams: assets(stream({ group: ledBy(null, 'n1') })),
      }),
    ];
    const watch = watching(diagnosis, { remembers: true });
    watch.look(fresh);
    expect(watch.look(fresh).findings).toEqual([]);
  });

  it('ends when the servers are back', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(last(null, 'ORDERS'));
    watch.look(last(null, 'ORDERS'));
    const healthy = ['n1', 'n2', 'n3'].map((name) => holding(name, { ORDERS: ['n2', members.slice(0, 3)] }));
    const kinds = Array.from({ length: 6 }, () => watch.look(healthy).notices.map(({ kind }) => kind)).flat();
    expect(kinds).toEqual(['resolved']);
  });

  it('does not apply without JetStream, nor to a lone server', () => {
    const off = server('n1', { streams: { ...assets(), disabled: true } });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ cluster: 'not-applicable' });
    const alone = server('n1', {
      varz: varz({ uptime: 60 }),
      streams: assets(stream({ group: { isAlone: true, leader: null, replicas: [] } })),
    });
    expect(watching(diagnosis).look([alone]).outcomes).toEqual({ cluster: 'ok' });
  });
});
