import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-002-client-pending.ts';
import { client, lookingAt, many, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const every = minutes(5);
const mebibyte = 1_048_576;
const waiting = (pending: number, changes: Parameters<typeof client>[0] = {}) =>
  serving('n1', [...many(3), client({ cid: 7, name: 'slow', pending_bytes: pending, ...changes })]);

const outcome = (...looks: readonly ReturnType<typeof waiting>[]) =>
  lookingAt(watching(diagnosis, { every }), ...looks.map((server) => [server]));

describe('CONN_002, clients do not keep up', () => {
  it.each([
    [mebibyte, mebibyte, 'ok'],
    [mebibyte + 1, mebibyte + 1, 'warning'],
    [mebibyte, 9 * mebibyte, 'ok'],
    [9 * mebibyte, mebibyte, 'ok'],
  ])('warns where more than 1 MiB waits in both of two looks: %d, %d: %s', (before, now, expected) => {
    expect(outcome(waiting(before), waiting(now)).outcomes).toEqual({ n1: expected });
  });

  it('says nothing of one look, without memory or of a client that has just come', () => {
    expect(outcome(waiting(9 * mebibyte)).outcomes).toEqual({ n1: 'ok' });
    expect(outcome(waiting(9 * mebibyte), waiting(9 * mebibyte, { cid: 8 })).outcomes).toEqual({ n1: 'ok' });
  });

  it.each([
    [2 * mebibyte * 300, 'ok'],
    [2 * mebibyte * 300 - 1_000_000, 'warning'],
  ])(
    'leaves out who has more waiting but takes it within a second: %d bytes sent since',
    (sent, expected) => {
      const pending = 2 * mebibyte;
      const { outcomes } = outcome(waiting(pending), waiting(pending, { out_bytes: sent }));
      expect(outcomes).toEqual({ n1: expected });
    },
  );

  it('names the client, what waits and its share of max_pending, until it has read', () => {
    const watch = watching(diagnosis, { every });
    watch.look([waiting(4 * mebibyte)]);
    const [finding] = watch.look([waiting(8 * mebibyte)]).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'server', name: 'n1' },
      summary: 'A client of n1 does not keep up: more than 1 MiB waited for it 5 min ago and wait now.',
      evidence: [
        '8 MiB (12.5 % of max_pending, nothing was added since): slow (APP) from 10.0.0.9:50000, cid 7',
      ],
    });
    const { notices } = lookingAt(watch, [waiting(0)], [waiting(0)]);
    expect(notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });

  it('is one finding for many clients of a server', () => {
    const all = [
      serving(
        'n1',
        many(30, () => ({ pending_bytes: 2 * mebibyte })),
      ),
    ];
    const { findings } = lookingAt(watching(diagnosis, { every }), all, all);
    expect(findings.map(({ summary }) => summary)).toEqual([
      '30 clients of n1 do not keep up: more than 1 MiB waited for each of them 5 min ago and wait now.',
    ]);
  });

  it('leaves out who settings ignore', () => {
    const facts = { clients: { ignore: [{ name: 'slow' }] } };
    const watch = watching(diagnosis, { every, facts });
    const same = [waiting(9 * mebibyte)];
    expect(lookingAt(watch, same, same).outcomes).toEqual({ n1: 'ok' });
  });
});
