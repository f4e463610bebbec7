import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-104-redelivery-storm.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { failing, server, watching } from '../../kit.ts';
import { outcome, shipping, summaries, type Cluster } from './consumers.ts';

type Changes = NonNullable<Parameters<typeof shipping>[0]>;

const row = (consumerSeq: number, streamSeq: number, redelivered: number, more: Changes = {}): Changes => ({
  delivered: { consumerSeq, streamSeq },
  redelivered,
  ackPending: redelivered,
  ...more,
});

/** The last of these looks, a minute apart. */
function seeing(rows: readonly Changes[], cluster: readonly Cluster[] = []) {
  const watch = watching(diagnosis, { remembers: true });
  const looks = rows.map((each, i) => watch.look(shipping(each, cluster[i])));
  return looks.at(-1) ?? watch.look([]);
}

describe('CONSUMER_104, a redelivery storm', () => {
  it.each([
    [99, 'ok'],
    [100, 'warning'],
  ])('is told where so many repeated deliveries a minute go on for two minutes: %d', (again, expected) => {
    const rows = [0, 1, 2].map((minute) => row(10 + minute * (again + 20), 10 + minute * 20, 10));
    expect(outcome(seeing(rows))).toBe(expected);
  });

  it('says how many beside how many first ones, and why', () => {
    const rows = [0, 1, 2].map((minute) => row(10 + minute * 1_520, 10 + minute * 20, 10));
    expect(seeing(rows).findings).toMatchObject([
      {
        severity: 'warning',
        summary:
          'Consumer ORDERS > shipping (APP) delivers the same messages again: 1,500 repeated deliveries a minute beside 20 first ones.',
        evidence: [
          '7 pending, 10 unacknowledged of at most 1,000, 10 delivered more than once, 0 pull requests wait',
          'delivered up to stream sequence 50, acknowledged up to 3, last delivery 2026-11-20 10:59 UTC',
          'led by n1, replicas on n2, n3',
        ],
      },
    ]);
  });

  it('counts by the minute where looks are farther apart', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(shipping(row(10, 10, 10)));
    watch.look(shipping(row(500, 10, 10)), minutes(5));
    expect(outcome(watch.look(shipping(row(990, 10, 10)), minutes(5)))).toBe('ok');
  });

  it.each<readonly [what: string, rows: readonly Changes[], cluster: readonly Cluster[]]>([
    ['one that delivers many first ones', [0, 1, 2].map((i) => row(i * 90_000, i * 90_000, 3)), []],
    [
      'one whose sequence moves over what a filter leaves out',
      [0, 1, 2].map((i) => row(i * 100, i * 90_000, 3)),
      [],
    ],
    [
      'one that delivers again what a leader left behind, once',
      [row(1_000, 1_000, 5), row(2_000, 1_000, 900), row(2_100, 1_100, 0)],
      [],
    ],
    [
      'one whose new leader is a little behind',
      [row(1_000, 1_000, 5), row(900, 990, 5), row(910, 1_000, 5)],
      [{}, { leader: 'n2' }, { leader: 'n2' }],
    ],
    [
      'one that was made anew',
      [0, 1, 2].map((i) => row(i * 5_000, 10, 3, { created: 1_700_000_000_000 + i })),
      [],
    ],
  ])('is not %s', (_what, rows, cluster) => {
    expect(outcome(seeing(rows, cluster))).toBe('ok');
  });
});

describe('CONSUMER_104, messages that reached max_deliver', () => {
  const given = (redelivered: number, ackPending = 0) =>
    row(50, 20, redelivered, { ackPending, config: { maxDeliver: 2 } });

  it('are told apart, by how many more they became', () => {
    expect(summaries(seeing([given(0), given(3), given(3)]))).toEqual([
      'Consumer ORDERS > shipping (APP) gave up 3 messages in the last hour: delivered 2 times and never acknowledged.',
    ]);
  });

  it('are not told of anew for as long as the server counts them, and resolve an hour later', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const each of [given(0), given(3), given(3)]) watch.look(shipping(each));
    watch.look(shipping(given(3)), minutes(61));
    const later = watch.look(shipping(given(3)));
    expect([outcome(later), later.notices.map(({ kind }) => kind)]).toEqual(['ok', ['resolved']]);
  });

  it('that were there when watching began are old', () => {
    expect(outcome(seeing([given(3), given(3), given(3)]))).toBe('ok');
  });

  it('are no more for being hidden by others that wait for an acknowledgement', () => {
    expect(outcome(seeing([given(10), given(10, 8), given(10), given(10)]))).toBe('ok');
  });

  it('are not guessed after a look that could not see', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(shipping(given(0)));
    watch.look([server('n1', { consumers: failing() }), ...shipping(given(3), { members: ['n2', 'n3'] })]);
    watch.look(shipping(given(3)));
    expect(outcome(watch.look(shipping(given(3))))).toBe('ok');
  });

  it('are none where there is no max_deliver', () => {
    expect(
      outcome(
        seeing([
          row(1, 1, 0),
          ...[1, 2].map(() => row(50, 20, 3, { ackPending: 0, config: { maxDeliver: -1 } })),
        ]),
      ),
    ).toBe('ok');
  });
});
