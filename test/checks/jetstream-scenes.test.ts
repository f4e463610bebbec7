import { describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { toldOverTime } from '../recorded-over-time.ts';
import { natsVersions, type NatsVersion } from '../services/nats-binary.ts';

const watching = checks.filter(({ id }) => id === 'server-up' || id.startsWith('jetstream-'));
const often = (moment: number, times: number): readonly number[] =>
  Array.from({ length: times }, () => moment);

/**
 * All that is told above info, with the first minute and, where it ended, the last one. Of ORDERS > shipping, which nobody reads in
 * any of these scenes, what is rightly told of that is left out.
 */
async function told(version: NatsVersion, scene: string, moments: readonly number[]) {
  const looks = await toldOverTime(watching, version, `jetstream-${scene}`, moments);
  const minutes = new Map<string, number[]>();
  for (const [minute, findings] of looks.entries()) {
    for (const { diagnosis, severity, entity } of findings) {
      if (severity === 'info' || diagnosis === 'CONSUMER_101') continue;
      const name = `${diagnosis} ${severity} ${entity.name}`;
      minutes.set(name, [...(minutes.get(name) ?? []), minute]);
    }
  }
  return Object.fromEntries(
    [...minutes].map(([name, at]) => {
      const last = at.at(-1) === looks.length - 1 ? '' : `${at.at(-1)}`;
      return [name, `${at[0]}..${last}`];
    }),
  );
}

/** Who was killed, which each recording chose for itself. */
const r1Server = { '2.15.1': 'n2', '2.10.27': 'n1', '2.9.10': 'n3' } as const;

describe.each(natsVersions)(
  'what on-call is told of scenes of nats-server %s, minute by minute',
  (version) => {
    it('a healthy cluster: nothing', async () => {
      expect(await told(version, 'healthy', [1, 2, ...often(2, 10)])).toEqual({});
    });

    it('two of three servers killed, back after 12 minutes: the servers, the meta layer, the streams that stand', async () => {
      expect(await told(version, 'lost-quorum', [1, 1, ...often(2, 12), ...often(3, 8)])).toEqual({
        'SERVER_101 critical n2': '4..13',
        'SERVER_101 critical n3': '4..13',
        'META_006 critical cluster lab': '3..13',
        'JETSTREAM_008 critical n2, n3': '3..13',
      });
    });

    it('a follower frozen, back after 12 minutes: the server, and the streams that go on without it', async () => {
      expect(await told(version, 'follower-frozen', [...often(2, 12), ...often(3, 8)])).toEqual({
        'SERVER_101 critical n3': '0..11',
        'JETSTREAM_108 warning n3': '0..11',
      });
    });

    it('the server of a stream without other replicas killed: the server, what is lost with it, what goes on without it', async () => {
      const dead = r1Server[version];
      expect(await told(version, 'r1-lost', [1, 1, ...often(2, 12)])).toEqual({
        [`SERVER_101 critical ${dead}`]: '4..',
        [`JETSTREAM_112 critical ${dead}`]: '5..',
        [`JETSTREAM_108 warning ${dead}`]: '7..',
      });
    });

    it('stores that are full: the stores, and the streams that stand for them', async () => {
      expect(await told(version, 'store-full', [1, 1, ...often(2, 12)])).toEqual({
        'SERVER_019 critical n1': '3..',
        'SERVER_019 critical n2': '3..',
        'SERVER_019 critical n3': '3..',
        'JETSTREAM_107 critical n1, n2, n3': '3..',
        // Recorded seconds after a start, when these two knew no meta leader yet.
        ...(version === '2.15.1' ? { 'SERVER_014 critical n1': '3..', 'SERVER_014 critical n3': '3..' } : {}),
      });
    });
  },
);
