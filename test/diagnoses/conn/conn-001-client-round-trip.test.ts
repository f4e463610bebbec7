import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-001-client-round-trip.ts';
import { client, lookingAt, many, mqttClient, serving } from '../../clients-kit.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';

const every = minutes(5);
/** Three looks, ten minutes in all, at a server whose clients stay as they are. */
const outcome = (rows: Parameters<typeof serving>[1]) => {
  const same = [serving('n1', rows)];
  return lookingAt(watching(diagnosis, { every }), same, same, same);
};
const slow = (count: number, of: number, rtt = 0.2) =>
  many(of, (i) => (i < count ? { rtt, name: `far-${i}` } : {}));

describe('CONN_001, long round trips to clients', () => {
  it.each([
    [0.1, 'ok'],
    [0.101, 'info'],
  ])('tells of one client that answers after %d s, for information at most: %s', (rtt, expected) => {
    const { findings, outcomes } = outcome([...many(20), client({ cid: 99, name: 'branch', rtt })]);
    expect([outcomes['n1'], ...findings.map(({ severity }) => severity)]).toEqual(
      expected === 'ok' ? ['ok'] : ['ok', 'info'],
    );
  });

  it.each([
    [10, 20, []],
    [11, 21, ['warning']],
    [9, 9, []],
    [10, 10, ['warning']],
  ])('warns where more than half answer late, and ten or more: %d of %d', (count, of, expected) => {
    const { findings } = outcome(slow(count, of));
    expect(findings.map(({ severity }) => severity).filter((severity) => severity !== 'info')).toEqual(
      expected,
    );
  });

  it('is one finding a server that names the slowest', () => {
    const { findings } = outcome(slow(12, 20));
    expect(findings.find(({ severity }) => severity === 'warning')).toMatchObject({
      entity: { kind: 'server', name: 'n1' },
      summary: '12 of 20 clients of n1 (60 %) answer later than after 100 ms.',
      evidence: expect.arrayContaining(['200 ms: far-0 (APP) from 10.0.0.0:50000, cid 1']) as unknown,
    });
  });

  it('waits ten minutes, as a client that was busy for a moment is slow for one', () => {
    const watch = watching(diagnosis, { every, remembers: true });
    const late = [serving('n1', slow(12, 20))];
    const looks = [watch.look(late), watch.look(late), watch.look(late)];
    expect(looks.map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([[], [], ['opened']]);
    const well = [serving('n1', many(20))];
    expect(lookingAt(watch, well, well).notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });

  it('knows nothing of MQTT clients, whose round trip no server measures', () => {
    expect(outcome(Array.from({ length: 40 }, (_, cid) => mqttClient({ cid }))).seen).toEqual({
      n1: 'no client of 1 h 10 min or longer whose round trip is known',
    });
  });

  it.each([
    [69, []],
    [70, ['opened']],
  ])('leaves out who came lately, as after a restart of the server: %d min ago', (ago, expected) => {
    const rows = slow(20, 20).map((row) => ({ ...row, start: firstMinute - minutes(ago) }));
    const watch = watching(diagnosis, { every, remembers: true });
    const same = [serving('n1', rows)];
    expect(lookingAt(watch, same, same, same).notices.map(({ kind }) => kind)).toEqual(expected);
  });

  it('leaves out leafnodes and who settings ignore', () => {
    const rows = slow(12, 12).map((row, i) => (i < 6 ? { ...row, kind: 'Leafnode' } : row));
    const facts = { clients: { ignore: [{ name: 'far-*', account: 'APP' }] } };
    const watch = watching(diagnosis, { every, facts });
    const same = [serving('n1', rows)];
    expect(lookingAt(watch, same, same, same).findings).toEqual([]);
  });

  it('does not concern a server that has too many connections to sort them by round trip itself', () => {
    const look = watching(diagnosis).look([
      serving('n1', many(5), { most: { rtt: null, pending: [], subs: [] } }),
    ]);
    expect(look.outcomes).toEqual({ n1: 'not-applicable' });
  });

  it('is unknown where connections cannot be read', () => {
    expect(watching(diagnosis).look([server('n1', { clients: failing() })]).outcomes).toEqual({
      n1: 'unknown',
    });
  });
});
