import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-109-fewer-replicas.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { Desired, Group } from '../../../lambdas/readings/decoders/assets.ts';
import { assetsIn, jsz, ledBy, member, replica, stream } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const { now } = jsz();
const desired = (waited: number, changes: Partial<Desired> = {}): Desired => ({
  created: now - waited,
  replicas: ['n1', 'n2', 'n3'],
  status: 'quorum',
  description: 'waiting for quorum to add peer',
  error: undefined,
  ...changes,
});

/** n1, which leads these streams; n2 follows. */
const leading = (
  groups: Readonly<Record<string, Partial<Group>>>,
  { size = 3, replicas = 3 }: { size?: number; replicas?: number } = {},
) => {
  const rows = Object.entries(groups).map(([name, group]) =>
    stream({ name, config: { replicas }, group: { ...ledBy('n1', 'n1'), ...group } }),
  );
  return [member('n1', { streams: assetsIn({ cluster_size: size }, ...rows) })];
};

const after = (times: number, servers: ReturnType<typeof leading>) => {
  const watch = watching(diagnosis, { remembers: true });
  for (let i = 0; i < times; i += 1) watch.look(servers);
  return watch.look(servers);
};

const two: Partial<Group> = { replicas: [replica('n2')] };

describe('JETSTREAM_109, fewer replicas than configured', () => {
  it('names the stream, what it has and what it should have, after five minutes', () => {
    expect(after(4, leading({ ORDERS: two })).findings).toEqual([]);
    expect(after(5, leading({ ORDERS: two })).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'stream', name: 'ORDERS (APP)' },
        summary: 'Stream ORDERS (APP) has 2 of 3 replicas.',
        evidence: ['ORDERS (APP) has 2 of 3 replicas, led by n1, replicas on n2'],
      },
    ]);
  });

  it('is one finding where the cluster has fewer servers than replicas are wanted', () => {
    expect(after(5, leading({ A: two, B: two }, { size: 2 })).findings).toMatchObject([
      {
        entity: { kind: 'meta', name: 'domain east, cluster east' },
        summary:
          '2 streams of domain east, cluster east have fewer replicas than configured: A (APP), B (APP).',
        evidence: ['the meta group has 2 members', expect.anything(), expect.anything()],
      },
    ]);
  });

  it('does not count a replica that is not yet a member', () => {
    const joining = { replicas: [replica('n2'), replica('n3', { pending: true })] };
    expect(after(5, leading({ ORDERS: joining })).outcomes).toEqual({ cluster: 'warning' });
  });

  it.each([
    ['three of three', {}],
    ['one of one', { replicas: [] }],
  ])('is silent with %s', (_, group) => {
    const replicas = 'replicas' in group ? 1 : 3;
    expect(after(5, leading({ ORDERS: group }, { replicas })).outcomes).toEqual({ cluster: 'ok' });
  });

  it('is silent of a lone server, which has no groups', () => {
    const alone = { isAlone: true, leader: null, replicas: [] };
    expect(after(5, leading({ ORDERS: alone })).outcomes).toEqual({ cluster: 'ok' });
  });
});

describe('JETSTREAM_109, replicas that are to come', () => {
  it.each([
    [599_999, {}, 'ok'],
    [600_000, {}, 'warning'],
    [minutes(359), { status: 'catchup' }, 'ok'],
    [minutes(360), { status: 'catchup' }, 'warning'],
    [minutes(11), { status: 'catchup', error: 'no space left' }, 'warning'],
  ])('after %d ms with %j is %s', (waited, changes, outcome) => {
    const waiting = leading({ ORDERS: { ...two, desired: desired(waited, changes) } });
    expect(after(5, waiting).outcomes).toEqual({ cluster: outcome });
  });

  it('says what it waits for, with which error, and since when', () => {
    const blocked = desired(minutes(90), {
      status: 'blocked',
      description: "waiting for consumer 'x' to migrate",
      error: 'no suitable peers',
    });
    expect(after(5, leading({ ORDERS: { ...two, desired: blocked } })).findings).toMatchObject([
      {
        summary:
          "Stream ORDERS (APP) has waited for 1 h 30 min to be on n1, n2, n3 (blocked, waiting for consumer 'x' to migrate, " +
          'error: no suitable peers).',
        remedy: expect.stringContaining('`nats consumer info`') as string,
      },
    ]);
  });

  it('is one finding under the dead server that all wait for', () => {
    const dead = { replicas: [replica('n2'), replica('n3', { current: false, active: 60e9 })] };
    const waiting = { ...dead, desired: desired(minutes(20)) };
    expect(after(5, leading({ A: waiting, B: waiting })).findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n3' },
        summary: 'n3 is missing, and 2 streams wait for other replicas: A (APP), B (APP).',
      },
    ]);
  });

  it('names the server that a stream is to move to and that does not answer', () => {
    const moving = (status: string) => ({
      replicas: [replica('n3', { current: false, active: 0, pending: true })],
      desired: desired(minutes(20), { replicas: ['n3'], status, description: undefined }),
    });
    const entityAfter = (status: string) =>
      after(5, leading({ ORDERS: moving(status) }, { replicas: 1 })).findings.map(
        ({ entity }) => entity.name,
      );
    expect(entityAfter('quorum')).toEqual(['n3']);
    expect(entityAfter('membership')).toEqual(['ORDERS (APP)']);
  });
});
