import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-104-replica-lacks-messages.ts';
import { minutes, seconds } from '../../../lambdas/durations.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { assets, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';

/** What a replica holds: its last sequence, how long before the look that came, and messages if not all from 1 on. */
type Holds = { readonly last: number; readonly ago?: number; readonly messages?: number };

/** Streams on n1, which leads them, and on n2 and n3, in the look of this minute. */
const seen = (
  minute: number,
  streams: Readonly<Record<string, Readonly<Record<'n1' | 'n2' | 'n3', Holds>>>>,
): readonly TargetReadings[] =>
  (['n1', 'n2', 'n3'] as const).map((name) =>
    member(name, {
      streams: assets(
        ...Object.entries(streams).map(([own, holds]) => {
          const { last, ago = 0, messages = last } = holds[name];
          return stream({
            name: own,
            group: ledBy('n1', name),
            state: {
              ...{ messages, lastSeq: last, firstSeq: 1 },
              lastAt: firstMinute + minutes(minute) - seconds(ago),
            },
          });
        }),
      ),
    }),
  );

/** Findings after so many minutes of what `at` says of each. */
const watched = (count: number, at: (minute: number) => Parameters<typeof seen>[1]) => {
  const watch = watching(diagnosis, { remembers: true });
  const looks = Array.from({ length: count + 1 }, (_, minute) => watch.look(seen(minute, at(minute))));
  return { watch, findings: looks.at(-1)?.findings ?? [], notices: looks.flatMap(({ notices }) => notices) };
};

/** Idle for an hour; n3 stands at 1,737 of 20,040, which its leader calls current. */
const idle = { last: 20_040, ago: 3_600 };
const stuck = () => ({ ORDERS: { n1: idle, n2: idle, n3: { last: 1_737, ago: 7_200 } } });

describe('JETSTREAM_104, a replica that lacks messages', () => {
  it('is told when it got no nearer for five minutes, though the leader calls it current', () => {
    expect(watched(5, stuck).findings).toEqual([]);
    expect(watched(6, stuck).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'stream', name: 'ORDERS (APP)' },
        summary:
          'Replica n3 of stream ORDERS (APP) lacks 18,303 of the sequences that n1 has (last 1,737 of 20,040) ' +
          'and got no nearer for 6 min.',
        evidence: [
          'n3 holds 1,737 messages, n1 20,040',
          'its last sequence 1,737 does not move',
          'n1 calls it current, 0 entries behind',
        ],
      },
    ]);
  });

  it('is told when it has but the first messages of a burst', () => {
    const burst = (minute: number) => {
      const ago = 60 * minute + 20;
      return { ORDERS: { n1: { last: 80, ago }, n2: { last: 80, ago }, n3: { last: 30, ago: ago + 1 } } };
    };
    expect(watched(6, burst).findings[0]?.summary).toBe(
      'Replica n3 of stream ORDERS (APP) lacks 50 of the sequences that n1 has (last 30 of 80) and got no nearer for 6 min.',
    );
  });

  it('is told when messages come faster than it copies', () => {
    const slow = (minute: number) => ({
      ORDERS: {
        n1: { last: 50_000 + minute * 6_000 },
        n2: { last: 50_000 + minute * 6_000 },
        n3: { last: 1_000 + minute * 2_000, ago: 1_000 },
      },
    });
    expect(watched(6, slow).findings[0]?.evidence).toContain(
      'its last sequence moved by 12,000, as slowly as messages come or slower',
    );
  });

  it('is told of a leader that lost messages which a follower still has', () => {
    const lost = () => ({ ORDERS: { n1: { last: 0, ago: 9_000 }, n2: { last: 0, ago: 9_000 }, n3: idle } });
    expect(watched(6, lost).findings).toMatchObject([
      {
        entity: { kind: 'stream', name: 'ORDERS (APP)' },
        summary:
          'Leader n1 of stream ORDERS (APP) lacks 20,040 of the sequences that n3 has (last 0 of 20,040) ' +
          'and got no nearer for 6 min.',
        remedy: expect.stringMatching(/^Take a copy first/) as string,
      },
    ]);
  });

  it('is silent while it catches up, however long that takes', () => {
    const catching = (minute: number) => ({
      ORDERS: { n1: idle, n2: idle, n3: { last: 1_000 + minute * 300, ago: 7_000 } },
    });
    expect(watched(40, catching).notices).toEqual([]);
  });

  it('is silent while it catches up with a stream that grows', () => {
    const catching = (minute: number) => ({
      ORDERS: {
        n1: { last: 50_000 + minute * 1_000 },
        n2: { last: 50_000 + minute * 1_000 },
        n3: { last: 1_000 + minute * 1_100, ago: 1_000 },
      },
    });
    expect(watched(40, catching).notices).toEqual([]);
  });

  it('is silent while it catches up with bursts, each of which throws it back', () => {
    const bursts = (minute: number) => ({
      ORDERS: {
        n1: { last: 50_000 + Math.floor(minute / 5) * 20_000 },
        n2: { last: 50_000 + Math.floor(minute / 5) * 20_000 },
        n3: { last: 1_000 + minute * 2_000, ago: 1_000 },
      },
    });
    expect(watched(40, bursts).notices).toEqual([]);
  });

  it('is silent of a busy stream, whose replicas lack what came between two readings', () => {
    const busy = (minute: number) => ({
      ORDERS: {
        n1: { last: 600_000 * (minute + 1) },
        n2: { last: 600_000 * (minute + 1) - 20_000, ago: 2 },
        n3: { last: 600_000 * (minute + 1) - 300_000, ago: 30 },
      },
    });
    expect(watched(20, busy).notices).toEqual([]);
  });

  it('is silent of a stream with a message an hour, read while one comes', () => {
    const rare = (minute: number) => ({
      ORDERS: { n1: { last: 10 + minute }, n2: { last: 9 + minute, ago: 3_600 }, n3: { last: 10 + minute } },
    });
    expect(watched(20, rare).notices).toEqual([]);
  });

  it('is one finding of a server that lags in more than half of its streams', () => {
    const all = () => Object.fromEntries(['A', 'B', 'C'].map((name) => [name, stuck().ORDERS]));
    const one = { n1: idle, n2: idle, n3: idle };
    expect(watched(6, () => ({ ...all(), D: one })).findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n3' },
        summary:
          'Replicas of 3 streams on n3 lack messages and got no nearer for 6 min: A (APP), B (APP), C (APP).',
      },
    ]);
    expect(watched(6, () => ({ ...all(), D: one, E: one, F: one })).findings).toHaveLength(3);
  });

  it('begins anew after runs were missed, and when the stream was made anew', () => {
    const { watch } = watched(4, stuck);
    expect(watch.look(seen(10, stuck()), minutes(6)).findings).toEqual([]);
    const [n1, n2, n3] = seen(0, stuck());
    const anew = member('n3', {
      streams: assets(stream({ created: firstMinute, group: ledBy('n1', 'n3'), state: { lastSeq: 3 } })),
    });
    const other = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 8; i += 1)
      expect(other.look([n1, n2, anew].filter((each) => each !== undefined)).findings).toEqual([]);
    expect(n3).toBeDefined();
  });

  it('says nothing of a replica that was not read, and resolves when it has caught up', () => {
    const { watch } = watched(6, stuck);
    const silent = server('n3', { streams: failing() });
    const others = seen(7, stuck()).slice(0, 2);
    const unread = watch.look([...others, silent]);
    expect([unread.outcomes, unread.notices]).toEqual([{ cluster: 'unknown' }, []]);
    const healed = { ORDERS: { n1: idle, n2: idle, n3: idle } };
    const kinds = Array.from({ length: 8 }, (_, i) => watch.look(seen(8 + i, healed)).notices).flat();
    expect(kinds.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});

describe('JETSTREAM_104, replicas that hold other messages', () => {
  const apart = (fewer: number) => () => ({
    ORDERS: { n1: idle, n2: idle, n3: { ...idle, messages: idle.last - fewer } },
  });

  it.each([
    [11, 10, 1],
    [10, 10, 0],
    [11, 9, 0],
    [11, -10, 1],
  ])('for %d minutes and %d messages: %d findings', (count, fewer, found) => {
    expect(watched(count, apart(fewer)).findings).toHaveLength(found);
  });

  it('says which, and by how much', () => {
    expect(watched(11, apart(4_000)).findings[0]?.summary).toBe(
      'Replica n3 of stream ORDERS (APP) holds 4,000 messages fewer than its leader n1, up to the same sequence.',
    );
  });

  it('is silent of a work queue, whose replicas were read while it was worked on', () => {
    const queue = (minute: number) => ({
      ORDERS: {
        n1: { last: 60_000 * (minute + 1), messages: 500 },
        n2: { last: 60_000 * (minute + 1) + 400, messages: 700 },
        n3: { last: 60_000 * (minute + 1) + 800, messages: 900 },
      },
    });
    expect(watched(20, queue).notices).toEqual([]);
  });
});
