import { describe, expect, it } from 'vitest';
import { hours } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-002-many-subjects.ts';
import { assets, holding as replicated, ledBy, member, stream } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const holding = (subjects: number, messages = subjects * 2, name = 'ORDERS') =>
  replicated({ name, state: { subjects, messages } });

describe('JETSTREAM_002, very many subjects', () => {
  it.each([
    [999_999, 'ok'],
    [1_000_000, 'warning'],
  ])('%d are %s', (subjects, outcome) => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding(subjects));
    expect(watch.look(holding(subjects)).outcomes).toEqual({ cluster: outcome });
  });

  it('are counted where the stream is led: a follower may be behind', () => {
    const servers = ['n1', 'n2'].map((name) =>
      member(name, {
        streams: assets(
          stream({ group: ledBy('n1', name), state: { subjects: name === 'n1' ? 5 : 9_000_000 } }),
        ),
      }),
    );
    expect(watching(diagnosis).look(servers).seen).toEqual({ cluster: '1 stream, at most 5 subjects' });
  });

  it('are told with their growth, and how many messages each has', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding(1_400_000));
    watch.look(holding(1_500_000), hours(1));
    const [finding] = watch.look(holding(1_500_000)).findings;
    expect(finding).toMatchObject({
      summary: 'Stream ORDERS (APP) holds 1,500,000 subjects, limit 1,000,000.',
      evidence: [
        '+2,360,656 subjects a day',
        '3,000,000 messages, 2 a subject',
        'led by n1, replicas on n2, n3',
      ],
    });
  });

  it('are keys in a bucket', () => {
    const look = watching(diagnosis).look(holding(2_000_000, 2_000_000, 'KV_sessions'));
    expect(look.findings[0]?.evidence[0]).toBe('2,000,000 messages, 1 a subject: keys of a bucket');
  });
});
