import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-010-bytes-near-limit.ts';
import { assets, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, server, varz, watching } from '../../kit.ts';

/** Three replicas of ORDERS, n1 leads; followers still hold less. */
const holding = (bytes: number, config: Parameters<typeof stream>[0] = {}) =>
  ['n1', 'n2', 'n3'].map((name) =>
    member(name, {
      streams: assets(
        stream({
          group: ledBy('n1', name),
          state: { bytes: name === 'n1' ? bytes : 0 },
          ...config,
          config: { maxBytes: 1_000, discard: 'new', ...config.config },
        }),
      ),
    }),
  );

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

  it('is no matter of a stream that drops its oldest, or has no limit', () => {
    const seen = { cluster: 'no stream refuses messages by its bytes' };
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
