import { describe, expect, it } from 'vitest';
import streamsCheck from '../../../lambdas/checks/jetstream-streams.ts';
import replicaSilent from '../../../lambdas/diagnoses/consumer/consumer-001-replica-offline.ts';
import replicaBehind from '../../../lambdas/diagnoses/consumer/consumer-002-replica-behind.ts';
import consumerQuorum from '../../../lambdas/diagnoses/consumer/consumer-003-quorum-lost.ts';
import consumerLeader from '../../../lambdas/diagnoses/consumer/consumer-103-no-leader.ts';
import { watching } from '../../kit.ts';
import { recordedMoment } from '../../recorded-moments.ts';
import { natsVersions, type NatsVersion } from '../../services/nats-server.ts';

/** What several replicas and origins say together. */
const ids = ['008', '015', '104', '105', '107', '108', '109', '110'].map((n) => `JETSTREAM_${n}`);
const diagnoses = [
  ...streamsCheck.diagnoses.filter(({ id }) => ids.includes(id)),
  ...[replicaSilent, replicaBehind, consumerQuorum, consumerLeader],
];

/** What was told over these moments, one a minute, by diagnosis. */
const told = (version: NatsVersion, scene: string, steps: readonly number[]) =>
  diagnoses.flatMap((diagnosis) => {
    const watch = watching(diagnosis, { remembers: true });
    return steps
      .flatMap((step) => watch.look(recordedMoment(version, scene, step).servers).notices)
      .map(({ kind, severity, entity }) => `${diagnosis.id} ${severity} ${kind}: ${entity}`);
  });

const often = (step: number, times: number): readonly number[] => Array.from({ length: times }, () => step);

describe.each(natsVersions)('incidents recorded of nats-server %s', (version) => {
  it('a healthy cluster is silent', () => {
    expect(told(version, 'healthy', [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2])).toEqual([]);
  });

  it('two of three killed: the quorum is lost, and comes back', () => {
    expect(told(version, 'lost-quorum', [1, 2, 2, 2, ...often(3, 6)])).toEqual([
      'JETSTREAM_008 critical opened: n2, n3',
      'JETSTREAM_008 critical resolved: n2, n3',
    ]);
  });

  it('a follower frozen: its server is missing, in the stream and its consumers at once', () => {
    expect(told(version, 'follower-frozen', [1, ...often(2, 6), ...often(3, 6)])).toEqual([
      'JETSTREAM_108 warning opened: n3',
      'JETSTREAM_108 warning resolved: n3',
    ]);
  });

  it('a replica that lost its messages, which its leader calls current', () => {
    expect(told(version, 'replica-empty', often(1, 8))).toContain(
      'JETSTREAM_104 warning opened: ORDERS (APP)',
    );
  });

  it('a copy whose origin goes on, one that never connected, and both mended', () => {
    expect(told(version, 'wedged-copy', [1, 2, ...often(3, 5), ...often(4, 6)]).toSorted()).toEqual([
      'JETSTREAM_015 warning opened: NOWHERE (APP)',
      'JETSTREAM_110 warning opened: SALES-MIRROR (APP)',
      'JETSTREAM_110 warning opened: SALES-SOURCED (APP)',
      'JETSTREAM_110 warning resolved: SALES-MIRROR (APP)',
      'JETSTREAM_110 warning resolved: SALES-SOURCED (APP)',
    ]);
  });
});
