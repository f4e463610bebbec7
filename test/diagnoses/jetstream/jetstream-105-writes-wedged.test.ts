import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-105-writes-wedged.ts';
import type { Readings } from '../../../lambdas/define.ts';
import { hours, minutes, seconds } from '../../../lambdas/durations.ts';
import type { RaftGroup } from '../../../lambdas/readings/decoders/raftz.ts';
import type { Reading } from '../../../lambdas/readings/reading.ts';
import { assets, jsz, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, watching } from '../../kit.ts';

const { now } = jsz();

const group = (changes: Partial<RaftGroup> = {}): RaftGroup => ({
  ...{ account: 'APP', name: 'S-R3F-1', state: 'LEADER' },
  ...{ committed: 500, applied: 500, pindex: 500, overrun: false },
  ...changes,
});

/** ORDERS on three servers, whose last message is so old, and what n1, its leader, says of its group if asked. */
const seen = (
  raftz?: Partial<RaftGroup> | Reading<never>,
  { age = minutes(5), version = '2.15.1' }: { age?: number; version?: string } = {},
) =>
  ['n1', 'n2', 'n3'].map((name) => {
    const reading: Readings['raftz'] | Reading<never> | undefined =
      raftz === undefined || 'ok' in raftz ? raftz : { groups: [group(raftz)] };
    return member(name, {
      varz: { version },
      streams: assets(
        stream({ group: { ...ledBy('n1', name), raftGroup: 'S-R3F-1' }, state: { lastAt: now - age } }),
      ),
      ...(name === 'n1' && reading !== undefined ? { raftz: reading } : {}),
    });
  });

const wedged = { pindex: 512, committed: 500 };

const after = (count: number, at: (minute: number) => ReturnType<typeof seen>) => {
  const watch = watching(diagnosis, { remembers: true });
  for (let i = 0; i < count; i += 1) watch.look(at(i));
  return { watch, last: watch.look(at(count)) };
};

describe('JETSTREAM_105, writes that are stuck', () => {
  it('is told after three minutes in which nothing of what waits was committed', () => {
    expect(after(2, () => seen(wedged)).last.findings).toEqual([]);
    expect(after(3, () => seen(wedged)).last.findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'stream', name: 'ORDERS (APP)' },
        summary:
          'Stream ORDERS (APP) takes no message: its leader n1 has committed nothing for 3 min, with 12 entries waiting.',
        evidence: [
          'raft group S-R3F-1: log up to 512, committed 500, applied 500',
          'last sequence 10, last message 5 min ago',
          'led by n1, replicas on n2, n3',
        ],
        commands: [
          'nats stream info ORDERS # with a context of account APP',
          "curl -s 'http://n1:8222/raftz?acc=APP&group=S-R3F-1'",
        ],
      },
    ]);
  });

  it('goes on while more is waiting, and tells an overrun', () => {
    const growing = (minute: number) => seen({ pindex: 512 + minute * 10, committed: 500 });
    expect(after(4, growing).last.findings).toHaveLength(1);
    const overrun = () => seen({ pindex: 500, committed: 500, overrun: true });
    expect(after(3, overrun).last.findings[0]?.summary).toMatch(/0 entries waiting, and is overrun\.$/);
  });

  it.each([
    ['a quiet stream', () => seen({})],
    ['one that commits', (m: number) => seen({ pindex: 512 + m, committed: 500 + m })],
    ['a group that another server leads by now', () => seen({ ...wedged, state: 'FOLLOWER' })],
    ['a stream with messages by the second', () => seen(wedged, { age: seconds(59) })],
  ])('is silent of %s', (_, at) => {
    expect(after(8, at).last.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is unknown where the group could not be read, and does not apply before 2.10.17', () => {
    expect(after(1, () => seen(failing('timeout'))).last.outcomes).toEqual({ cluster: 'unknown' });
    expect(after(1, () => seen(undefined, { version: '2.10.16' })).last.outcomes).toEqual({
      cluster: 'not-applicable',
    });
    expect(after(1, () => seen(undefined, { version: '2.10.17' })).last.outcomes).toEqual({ cluster: 'ok' });
  });

  it('resolves when it commits again', () => {
    const { watch } = after(4, () => seen(wedged));
    const kinds = Array.from({ length: 6 }, () => watch.look(seen({})).notices).flat();
    expect(kinds.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});

describe('JETSTREAM_105 asks /raftz', () => {
  /** Streams S0, S1, … that n1 leads, whose last messages are so old. */
  const asksOf = (ages: readonly number[], minute = 0) => {
    const rows = ages.map((age, i) =>
      stream({
        name: `S${i}`,
        group: { ...ledBy('n1', 'n1'), raftGroup: `G${i}` },
        state: { lastAt: now - age },
      }),
    );
    const { target, readings } = member('n1', { streams: assets(...rows) });
    const verdict = diagnosis.evaluate(
      {
        servers: [
          {
            target,
            varz: readings.varz?.ok ? readings.varz.value : undefined,
            streams: readings.streams?.ok ? readings.streams.value : undefined,
            raftz: null,
          },
        ],
        unread: [],
        history: { wedged: () => ({ total: 0, keys: new Map(), others: 0, since: 0 }) },
        looks: [],
      } as never,
      { cluster: { jetstream: { ignore: [] } }, at: minutes(minute), firstRun: false, limits: {} } as never,
    );
    return verdict.kind === 'measured'
      ? (verdict.asks ?? []).flatMap((ask) => (ask.endpoint === 'raftz' ? [ask.group] : []))
      : [];
  };

  it.each([
    [seconds(59), []],
    [seconds(60), ['G0']],
    [hours(1), ['G0']],
    [hours(1) + 1, []],
  ])('of a stream whose last message is %d ms old: %j', (age, asks) => {
    expect(asksOf([age])).toEqual(asks);
  });

  it('in turn where many streams have gone quiet', () => {
    const ten = Array.from({ length: 10 }, () => minutes(2));
    expect(asksOf(ten, 0)).toEqual(['G0', 'G1', 'G2', 'G3', 'G4', 'G5']);
    expect(asksOf(ten, 1)).toEqual(['G6', 'G7', 'G8', 'G9', 'G0', 'G1']);
  });
});
