import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { days, minutes, seconds } from '../../lambdas/define.ts';
import { knownServers } from '../../lambdas/readings/known-servers.ts';
import {
  answeringAt,
  recognised,
  serverOf,
  slotOf,
  type Beside,
  type KnownServer,
  type Process,
} from '../../lambdas/readings/servers.ts';
import { firstMinute } from '../kit.ts';

/** A process that began so many minutes after the first look, as it answers at a minute; its clock is `ahead`. */
const process = (id: string, begun: number, at: number, { name = id, ahead = 0 } = {}): Process => ({
  id,
  name,
  start: firstMinute + minutes(begun) + ahead,
  now: firstMinute + minutes(at) + ahead,
  uptimeSeconds: (at - begun) * 60,
});

/** Looks at targets, minute after minute. */
function looking(targets: readonly string[] = ['n1'], before: readonly KnownServer[] = []) {
  let known = before;
  const timeOf = (minute: number) => firstMinute + minutes(minute);
  return {
    see: (
      minute: number,
      processes: readonly Process[],
      { target = 'n1', beside = [] as readonly Beside[], instead = null as Beside | null } = {},
    ) => {
      const sighting = { target, processes, beside, instead };
      known = recognised(known, [sighting], { targets, at: timeOf(minute) }).all();
    },
    known: () => known,
    /** Who answered lately. */
    at: (minute: number, target = 'n1') =>
      answeringAt(knownServers(known), target, timeOf(minute)).map(({ id }) => id),
    slot: (id: string | null, target = 'n1') => slotOf(knownServers(known), target, id),
    of: (one: Process, minute: number, target = 'n1') =>
      serverOf(knownServers(known), target, one, timeOf(minute))?.id ?? null,
  };
}

describe('one server at a URL', () => {
  it('keeps its histories under the name of the target, whatever process it is', () => {
    const { see, at, slot } = looking();
    see(0, [process('A', -60, 0)]);
    see(1, [process('B', 0.5, 1)]);
    see(2, [process('C', 1.5, 2)]);
    expect([at(2), slot('C')]).toEqual([['C'], 'n1']);
  });

  it('is the next one where another server came up behind the name: a rolling replacement', () => {
    const { see, at } = looking();
    see(0, [process('A', -60, 0, { name: 'nats-7f' })]);
    see(1, [process('B', 0.2, 1, { name: 'nats-9c' })]);
    expect(at(1)).toEqual(['B']);
  });

  it('is known before it answers where it was at another target: settings renamed it', () => {
    const { see, slot } = looking(['n1', 'node1']);
    see(0, [process('A', -60, 0)]);
    see(1, [process('A', -60, 1)], { target: 'node1' });
    expect(slot('A', 'node1')).toBe('n1');
  });

  it('has no slot of its own before anyone answered, and its last one while nobody does', () => {
    const { see, slot } = looking();
    expect(slot(null)).toBe('n1');
    see(0, [process('A', -60, 0)]);
    expect(slot(null)).toBe('n1');
  });

  it.each([
    ['ahead by a minute', seconds(60)],
    ['behind by half a minute', seconds(-30)],
  ])('is the same after a restart on a host whose clock is %s', (_, ahead) => {
    const { see, at } = looking();
    see(0, [process('A', -60, 0)]);
    see(1, [process('B', 0.9, 1, { ahead })]);
    expect(at(1)).toEqual(['B']);
  });

  it('is the same after a restart on a host that boots in 1970 and has its time set a moment later', () => {
    const { see, at } = looking();
    see(0, [process('A', -60, 0)]);
    see(1, [{ ...process('B', 0.5, 1), start: seconds(12) }]);
    see(2, [{ ...process('C', 1.5, 2), start: seconds(12), now: seconds(42) }]);
    expect(at(2)).toEqual(['C']);
  });
});

describe('several servers at a URL', () => {
  it('are those that ran before the last look and were not there then', () => {
    const { see, at, slot } = looking();
    see(0, [process('A', -60, 0)]);
    see(1, [process('B', -60, 1)]);
    expect([at(1), slot('A'), slot('B')]).toEqual([['B', 'A'], 'n1', 'n1 B']);
  });

  it.each([
    ['began a moment before the last look', -0.01, ['B', 'A']],
    ['began a moment after it', 0.01, ['B']],
  ])('and one: the other %s', (_, begun, answering) => {
    const { see, at } = looking();
    see(0, [process('A', -60, 0)]);
    see(1, [process('B', begun, 1)]);
    expect(at(1)).toEqual(answering);
  });

  it('keep each its histories while they take turns, and through a restart of one', () => {
    const { see, slot } = looking();
    see(0, [process('A', -60, 0, { name: 'nats-0' })]);
    see(1, [process('B', -60, 1, { name: 'nats-1' })]);
    see(2, [process('A', -60, 2, { name: 'nats-0' })]);
    see(3, [process('B2', 2.5, 3, { name: 'nats-1' })]);
    see(4, [process('A', -60, 4, { name: 'nats-0' })]);
    expect([slot('A'), slot('B2')]).toEqual(['n1', 'n1 B']);
  });

  it('are seen in one run where another answers between two replies of the first', () => {
    const { see, at } = looking();
    const a = process('A', -60, 0);
    see(0, [a, a], { beside: [{ id: 'B', now: a.now }] });
    expect(at(0)).toEqual(['A', 'B']);
  });

  it('are one again 15 min after the other last answered: the address had moved', () => {
    const { see, at } = looking();
    see(0, [process('A', -60, 0)]);
    for (let minute = 1; minute <= 16; minute += 1) see(minute, [process('B', -600, minute)]);
    expect([at(15), at(15.1)]).toEqual([['B', 'A'], ['B']]);
  });

  it('are two though one was taken for the successor of the other, once that answers again', () => {
    const { see, at, of } = looking();
    see(0, [process('A', -60, 0)]);
    const late = process('B', 0.5, 1);
    see(1, [late]);
    expect(of(process('A', -60, 2), 2)).toBeNull();
    see(2, [process('A', -60, 2)]);
    expect(at(2)).toEqual(['A', 'B']);
  });

  it('are remembered for a day after their last answer, so that a balancer that stays for hours recounts nothing', () => {
    const { see, known } = looking();
    const ids = () => known().map(({ id }) => id);
    see(0, [process('A', -60, 0)]);
    const day = days(1) / minutes(1);
    see(day, [process('B', -60, day)]);
    expect(ids()).toEqual(['A', 'B']);
    see(day + 1, [process('B', -60, day + 1)]);
    expect(ids()).toEqual(['B']);
  });

  it('are seen by other replies too while /varz fails, as far as they are known', () => {
    const { see, at, slot } = looking();
    see(0, [process('A', -60, 0)]);
    see(1, [process('B', -60, 1)]);
    const now = firstMinute + minutes(20);
    see(20, [], { instead: { id: 'A', now } });
    see(21, [process('B', -60, 21)]);
    expect([at(21), slot('A'), slot('B')]).toEqual([['B', 'A'], 'n1', 'n1 B']);
    see(22, [], { instead: { id: 'C', now } });
    expect(at(22)).toEqual(['B', 'A']);
  });

  it('are forgotten with the target', () => {
    const { see, known } = looking();
    see(0, [process('A', -60, 0)]);
    expect(recognised(known(), [], { targets: ['n2'], at: firstMinute }).all()).toEqual([]);
  });
});

describe('whatever answers, and in whatever order', () => {
  it('each process has one slot, no two have the same, and who never restarted keeps it', () => {
    const turns = fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(turns, (order) => {
        const { see, slot } = looking();
        const slots = new Map<string, Set<string>>();
        order.forEach((id, minute) => {
          see(minute, [process(id, -60, minute)]);
          slots.set(id, new Set([...(slots.get(id) ?? []), slot(id)]));
        });
        expect([...slots.values()].map(({ size }) => size)).toEqual([...slots].map(() => 1));
        expect(new Set([...slots.values()].flatMap((each) => [...each])).size).toBe(slots.size);
      }),
    );
  });
});
