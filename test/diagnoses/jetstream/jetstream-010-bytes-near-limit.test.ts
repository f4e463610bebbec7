import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-010-bytes-near-limit.ts';
import { assets, ledBy, member, stream } from '../../jetstream-kit.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, server, varz, watching } from '../../kit.ts';

/** Three replicas of ORDERS, n1 leads; followers still hold less. A message has one byte. */
const holding = (bytes: number, config: Parameters<typeof stream>[0] = {}) =>
  ['n1', 'n2', 'n3'].map((name) => {
    const held = name === 'n1' ? bytes : 0;
    return member(name, {
      streams: assets(
        stream({
          group: ledBy('n1', name),
          ...config,
          state: { bytes: held, messages: held, ...config.state },
          config: { maxBytes: 1_000, discard: 'new', ...config.config },
        }),
      ),
    });
  });

describe('JETSTREAM_010, bytes near the limit', () => {
  it.each([
    [899, 'ok'],
    [900, 'warning'],
    [979, 'warning'],
    [980, 'critical'],
  ])('of 1,000 bytes %d are %s, in the second look', (bytes, outcome) => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding(bytes));
    expect(watch.look(holding(bytes)).outcomes).toEqual({ cluster: outcome });
  });

  it('names stream, account, leader, replicas and figures', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding(950));
    const [finding] = watch.look(holding(950)).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'stream', name: 'ORDERS (APP)' },
      summary:
        'Stream ORDERS (APP) holds 950 B of at most 1,000 B: 95 %, limit 90 %. Full, it refuses every message.',
      evidence: ['led by n1, replicas on n2, n3'],
      commands: [
        'nats stream info ORDERS # with a context of account APP',
        "curl -s 'http://n1:8222/jsz?acc=APP&streams=true&config=true'",
      ],
    });
  });

  it('is full where one more message of its size has no room: 850 of 1,000 bytes in messages of 170', () => {
    const watch = watching(diagnosis, { remembers: true });
    const full = holding(850, { state: { messages: 5 } });
    watch.look(full);
    const { outcomes, findings } = watch.look(full);
    expect([outcomes, findings[0]?.summary]).toEqual([
      { cluster: 'critical' },
      'Stream ORDERS (APP) holds 850 B of at most 1,000 B: 85 %, limit 98 %. It is full: it refuses messages.',
    ]);
    const roomy = holding(850, { state: { messages: 6 } });
    expect(watching(diagnosis).look(roomy).outcomes).toEqual({ cluster: 'ok' });
  });

  it('says when it will be full, once it knows how fast it grows', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding(890));
    watch.look(holding(900), minutes(60));
    expect(watch.look(holding(900)).findings[0]?.evidence).toEqual([
      'it grows by 236 B a day: full in 10 h 9 min',
      'led by n1, replicas on n2, n3',
    ]);
  });

  it.each(['workqueue', 'interest'])(
    'is trouble of a full %s stream that drops its oldest: nobody acknowledged it',
    (retention) => {
      const watch = watching(diagnosis, { remembers: true });
      const full = holding(990, { config: { discard: 'old', retention } });
      watch.look(full);
      const { outcomes, findings } = watch.look(full);
      expect([outcomes, findings[0]?.summary]).toEqual([
        { cluster: 'critical' },
        'Stream ORDERS (APP) holds 990 B of at most 1,000 B: 99 %, limit 98 %. Full, it drops its oldest, which nobody has ' +
          'acknowledged.',
      ]);
    },
  );

  it('goes by the replica that has come furthest while nobody leads', () => {
    const leaderless = ['n1', 'n2'].map((name, i) =>
      member(name, {
        streams: assets(
          stream({
            group: ledBy(null, name),
            state: { bytes: 900 + i * 80, messages: 980, lastSeq: 100 + i },
            config: { maxBytes: 1_000, discard: 'new' },
          }),
        ),
      }),
    );
    expect(watching(diagnosis).look(leaderless).outcomes).toEqual({ cluster: 'critical' });
  });

  it('is no matter of any other stream that drops its oldest, or has no limit', () => {
    const seen = { cluster: 'no stream refuses or loses messages at max_bytes' };
    expect(watching(diagnosis).look(holding(1_000, { config: { discard: 'old' } })).seen).toEqual(seen);
    expect(watching(diagnosis).look(holding(1_000, { config: { maxBytes: -1 } })).seen).toEqual(seen);
  });

  it('says nothing of an ignored stream', () => {
    const ignore = [{ account: 'APP', stream: 'ORD*' }];
    const watch = watching(diagnosis, { remembers: true, facts: { jetstream: { ignore } } });
    watch.look(holding(999));
    expect(watch.look(holding(999)).outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not apply without JetStream, and is unknown while a server cannot be read', () => {
    const off = server('n1', { streams: { ...assets(), disabled: true } });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ cluster: 'not-applicable' });
    const silent = server('n9', { varz: varz(), streams: failing() });
    expect(watching(diagnosis).look([...holding(1), silent]).outcomes).toEqual({ cluster: 'unknown' });
  });
});
