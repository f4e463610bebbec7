import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-015-assets-not-current.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { server, watching } from '../../kit.ts';
import { clustered, complaining, complaining29, healthy, noLeader, notCurrent } from './healths.ts';

const n1 = (healthz: Healthz, changes: Partial<Varz> = {}) =>
  server('n1', { varz: clustered(changes), healthz });
const consumer = [
  'CONSUMER',
  "JetStream consumer 'A > ORDERS > ship' is not current: consumer not found",
] as const;
const lost = complaining(
  notCurrent('ORDERS', 'no such group'),
  notCurrent('BILLS', 'stream not found'),
  consumer,
);
const catchingUp = complaining(notCurrent('ORDERS', 'stream catching up'));

describe('SERVER_015, streams and consumers that are not current', () => {
  it('are critical in the second run in a row, each by its name', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([n1(lost)]).outcomes).toEqual({ n1: 'ok' });
    const { findings } = watch.look([n1(lost)]);
    expect(findings.map(({ severity, summary }) => [severity, summary])).toEqual([
      [
        'critical',
        '2 streams and 1 consumer of n1 are not there or not current: 2 not recovered, 1 not current.',
      ],
    ]);
    expect(findings[0]?.evidence).toEqual([
      "/healthz (503): JetStream stream 'A > ORDERS' is not current: no such group",
      "/healthz (503): JetStream stream 'A > BILLS' is not current: stream not found",
      "/healthz (503): JetStream consumer 'A > ORDERS > ship' is not current: consumer not found",
    ]);
  });

  it('are reported once of a thousand, with how many more there are', () => {
    const thousand = Array.from({ length: 1_000 }, (_, i) => notCurrent(`S${i}`, 'stream not found'));
    const { findings } = watching(diagnosis).look([n1(complaining(...thousand))]);
    expect(findings.map(({ observed, evidence }) => [observed, evidence.length, evidence.at(-1)])).toEqual([
      [1_000, 9, 'and 993 more'],
    ]);
  });

  it.each([
    [14, ['info']],
    [16, ['warning']],
    [120, ['warning']],
    [121, ['critical']],
  ])('that catch up are on their way: %d minutes of it are %j', (minutes, severities) => {
    const watch = watching(diagnosis, { remembers: true });
    expect(lookingOn(watch, [n1(catchingUp)], minutes + 1).findings.map(({ severity }) => severity)).toEqual(
      severities,
    );
  });

  it.each([
    [14, ['info']],
    [16, ['warning']],
  ])(
    'may catch up as well where 2.10 says that the group is unhealthy: %d minutes are %j',
    (minutes, severities) => {
      const unhealthy = n1(complaining(notCurrent('ORDERS')), { version: '2.10.27' });
      const { findings } = lookingOn(watching(diagnosis, { remembers: true }), [unhealthy], minutes + 1);
      expect(findings.map(({ severity, summary }) => [severity, summary])).toEqual(
        severities.map((severity) => [
          severity,
          `1 stream of n1 is not current, for ${minutes} min: catching up, or without a leader.`,
        ]),
      );
    },
  );

  it('that catch up one after the other are never long at it', () => {
    const watch = watching(diagnosis, { remembers: true });
    const next = (i: number) => n1(complaining(notCurrent(`S${Math.floor(i / 5)}`, 'stream catching up')));
    const looks = Array.from({ length: 40 }, (_, i) => watch.look([next(i)]));
    expect(looks.flatMap(({ findings }) => findings.map(({ severity }) => severity))).not.toContain(
      'warning',
    );
  });

  it('says for how long one has been catching up', () => {
    const [finding] = lookingOn(watching(diagnosis, { remembers: true }), [n1(catchingUp)], 21).findings;
    expect(finding?.summary).toBe('1 stream of n1 still catches up with the leader, for 20 min.');
  });

  it.each([
    ['stream write error: no space left on device', /stopped on a write error/, /restart this server/],
    ['node write error: input/output error', /stopped on a write error/, /restart this server/],
    [
      'stream assignment error: insufficient storage resources available',
      /refused by this server/,
      /placed anew/,
    ],
    ['stream not found', /not recovered/, /start says why/],
    ['no such group', /not current/, /SERVER_101/],
  ])('are told by kind: "%s"', (words, summary, remedy) => {
    const [finding] = watching(diagnosis).look([n1(complaining(notCurrent('ORDERS', words)))]).findings;
    expect([finding?.summary, finding?.remedy]).toEqual([
      expect.stringMatching(summary),
      expect.stringMatching(remedy),
    ]);
  });

  it('that work alone, since servers were removed, are for information: JETSTREAM_109 warns of them', () => {
    const alone = complaining(notCurrent('ORDERS', 'group node missing'));
    const { findings } = lookingOn(watching(diagnosis, { remembers: true }), [n1(alone)], 2);
    expect(findings.map(({ severity, summary }) => [severity, summary])).toEqual([
      [
        'info',
        '1 stream of n1 is in no raft group, though configured with replicas: alone, or stopped here.',
      ],
    ]);
  });

  it('have the cure of the worst kind', () => {
    const both = complaining(
      notCurrent('A', 'no such group'),
      notCurrent('B', 'stream write error: disk'),
      notCurrent('C', 'no such group'),
    );
    const [finding] = watching(diagnosis).look([n1(both)]).findings;
    expect([finding?.summary, finding?.why]).toEqual([
      '3 streams of n1 are not there or not current: 1 stopped on a write error, 2 not current.',
      expect.stringMatching(/write to disk failed/),
    ]);
  });

  it('are critical beside one that catches up', () => {
    const both = complaining(
      notCurrent('ORDERS', 'stream catching up'),
      notCurrent('BILLS', 'stream not found'),
    );
    const { findings } = watching(diagnosis).look([n1(both)]);
    expect(findings.map(({ severity, observed }) => [severity, observed])).toEqual([['critical', 1]]);
  });

  it('are reported as 2.9 says it, of which one is named', () => {
    const words = "JetStream consumer 'A > ORDERS > ship' is not current";
    const [finding] = watching(diagnosis).look([n1(complaining29(words), { version: '2.9.10' })]).findings;
    expect([finding?.severity, finding?.evidence[1]]).toEqual(['info', `/healthz (503): ${words}`]);
  });

  it('are ok where all are', () => {
    expect(watching(diagnosis).look([n1(healthy)]).outcomes).toEqual({ n1: 'ok' });
  });

  it('are not known where /healthz ends at JetStream itself', () => {
    expect(watching(diagnosis).look([n1(complaining(noLeader))]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('are no question where JetStream is off', () => {
    expect(watching(diagnosis).look([n1(healthy, { jetstream: {} })]).outcomes).toEqual({
      n1: 'not-applicable',
    });
  });

  it('are looked at on a server without cluster from 2.9.11 on', () => {
    const lone = (version: string) =>
      watching(diagnosis).look([n1(healthy, { version, cluster: {} })]).outcomes['n1'];
    expect([lone('2.9.10'), lone('2.9.11'), lone('2.15.1')]).toEqual(['not-applicable', 'ok', 'ok']);
  });
});
