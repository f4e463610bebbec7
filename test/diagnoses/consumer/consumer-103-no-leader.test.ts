import { describe, expect, it } from 'vitest';
import quorumLost from '../../../lambdas/diagnoses/consumer/consumer-003-quorum-lost.ts';
import noLeader from '../../../lambdas/diagnoses/consumer/consumer-103-no-leader.ts';
import type { Diagnosis } from '../../../lambdas/define.ts';
import { assets, consumer, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';

const five = ['n1', 'n2', 'n3', 'n4', 'n5'];
const dead = (name: string) =>
  server(name, { varz: failing('unreachable'), consumers: failing('unreachable') });

/** ORDERS on five servers, and its consumer on three of them, with these leaders. */
const seen = (
  names: readonly string[],
  { ofStream, ofConsumer, on = ['n1', 'n2', 'n3'] }: Readonly<Leaders>,
) =>
  names.map((name) =>
    member(name, {
      consumers: assets(
        stream({
          group: ofStream === null ? ledBy(null, name, five) : heard(ofStream, name, names),
          consumers: on.includes(name) ? [consumer({ group: ledBy(ofConsumer, name, on) })] : [],
        }),
      ),
    }),
  );
type Leaders = { ofStream: string | null; ofConsumer: string | null; on?: readonly string[] };

/** A leader hears only those that run. */
const heard = (leader: string, self: string, running: readonly string[]) => {
  const group = ledBy(leader, self, five);
  const replicas = (group.replicas ?? []).map((each) =>
    running.includes(each.name) ? each : { ...each, current: false, active: 60e9 },
  );
  return { ...group, replicas };
};

const second = (diagnosis: Diagnosis, servers: Parameters<ReturnType<typeof watching>['look']>[0]) => {
  const watch = watching(diagnosis, { remembers: true });
  expect(watch.look(servers).findings).toEqual([]);
  return watch.look(servers).findings;
};

describe('CONSUMER_003 and CONSUMER_103, a consumer without a leader', () => {
  it('is told where its stream has one and all its replicas are there', () => {
    const stuck = seen(five, { ofStream: 'n4', ofConsumer: null });
    expect(second(noLeader, stuck)).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'consumer', name: 'ORDERS > shipping (APP)' },
        summary:
          '1 consumer has no leader and delivers nothing, though all replicas are there: ORDERS > shipping (APP).',
        commands: [
          'nats consumer info ORDERS shipping # with a context of account APP',
          "curl -s 'http://n1:8222/jsz?acc=APP&consumers=true&config=true'",
        ],
      },
    ]);
    expect(second(quorumLost, stuck)).toEqual([]);
  });

  it('is told under the dead servers that it lacks while its stream goes on', () => {
    const alive = seen(['n1', 'n4', 'n5'], { ofStream: 'n4', ofConsumer: null });
    expect(second(quorumLost, [...alive, dead('n2'), dead('n3')])).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'server', name: 'n2, n3' },
        summary:
          'n2, n3 are missing: 1 consumer has no quorum and no leader, and delivers nothing: ORDERS > shipping (APP).',
      },
    ]);
  });

  it('is told with its stream where that has none', () => {
    const stuck = seen(five, { ofStream: null, ofConsumer: null });
    for (const diagnosis of [quorumLost, noLeader]) expect(second(diagnosis, stuck)).toEqual([]);
  });

  it('is silent with a leader', () => {
    const healthy = seen(five, { ofStream: 'n4', ofConsumer: 'n2' });
    for (const diagnosis of [quorumLost, noLeader]) expect(second(diagnosis, healthy)).toEqual([]);
  });
});
