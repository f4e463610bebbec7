import { describe, expect, it } from 'vitest';
import { days, hours, increase, minutes, previous, set, trend, window } from '../../lambdas/define.ts';
import {
  openHistory,
  thinHistory,
  type HistorySpecs,
  type HistoryState,
  type ServerHistory,
} from '../../lambdas/history/history.ts';
import { atLeast, type Limits } from '../../lambdas/limits.ts';

/** The histories of one diagnosis on one server in one run. */
function open<H extends HistorySpecs>(specs: H, limits: Limits, minute: number, before: HistoryState) {
  const { recorders, kept } = openHistory(specs, limits, { at: minutes(minute), start: 1 }, before);
  return { recorders: recorders as ServerHistory<H>, kept };
}
const limits = { closes: atLeast({ warning: 3 }, { unit: 'count', of: 'closes', over: minutes(10) }) };

describe('histories of a diagnosis', () => {
  it('are kept from run to run, as the JSON of memory', () => {
    const specs = { total: increase(), before: previous(), members: set(hours(1)) };
    const first = open(specs, {}, 1, {});
    expect([first.recorders.total(10), first.recorders.before('2.10.27')]).toEqual([null, null]);
    first.recorders.members(['leaf1']);

    const kept = JSON.parse(JSON.stringify(first.kept())) as HistoryState;
    const second = open(specs, {}, 2, kept);
    expect(second.recorders.total(12)).toEqual({ value: 2, seconds: 60, restarted: false });
    expect(second.recorders.before('2.15.1')).toEqual({ value: '2.10.27', at: minutes(1) });
    expect(second.recorders.members([])).toEqual({
      gone: [{ member: 'leaf1', firstSeen: minutes(1), lastSeen: minutes(1) }],
      since: new Map(),
    });
  });

  it('that a run does not record stay as they were', () => {
    const specs = { total: increase() };
    const first = open(specs, {}, 1, {});
    first.recorders.total(10);
    const silent = open(specs, {}, 2, first.kept());
    expect(silent.kept()).toEqual(first.kept());
    const third = open(specs, {}, 3, silent.kept());
    expect(third.recorders.total(16)).toEqual({ value: 6, seconds: 120, restarted: false });
  });

  it('are recorded once a run', () => {
    const { recorders } = open({ total: increase() }, {}, 1, {});
    recorders.total(1);
    expect(() => recorders.total(2)).toThrow(new Error('history total is recorded twice in one run'));
  });

  it('begin anew when a release makes them another kind', () => {
    const first = open({ it: previous() }, {}, 1, {});
    first.recorders.it(5);
    const { recorders } = open({ it: increase() }, {}, 2, first.kept());
    expect(recorders.it(9)).toBeNull();
  });

  it('look over the window of the limit they name, as settings have it', () => {
    const longer = { closes: { ...limits.closes, over: minutes(60) } };
    const entry = [{ key: 'leaf1', at: minutes(60) }];
    const totals = [limits, longer].map((given) => {
      const first = open({ closes: window('closes') }, given, 60, {});
      first.recorders.closes(entry);
      const later = open({ closes: window('closes') }, given, 90, first.kept());
      return later.recorders.closes([]).total;
    });
    expect(totals).toEqual([0, 1]);
  });

  it('refuse a window whose limit has none', () => {
    expect(() => open({ closes: window('opens') }, limits, 1, {})).toThrow(
      new Error('history: no limit with a window is named opens'),
    );
  });
});

describe('histories that memory has no room for', () => {
  it('keep fewer names, totals and values as they are', () => {
    const specs = {
      total: increase(),
      before: previous(),
      members: set(hours(1)),
      closes: window(minutes(10)),
      sizes: trend(days(1)),
    };
    const names = Array.from({ length: 20 }, (_, i) => `name${i}`);
    const { recorders, kept } = open(specs, {}, 1, {});
    recorders.total(10);
    recorders.before('a');
    recorders.members(names);
    recorders.closes(names.map((key) => ({ key, at: minutes(1) })));
    recorders.sizes(new Map(names.map((name, i) => [name, i])));

    const thin = thinHistory(kept(), 3);
    const next = open(specs, {}, 2, thin);
    expect(next.recorders.total(11)?.value).toBe(1);
    expect(next.recorders.before('b')?.value).toBe('a');
    expect(next.recorders.members([]).gone.length).toBe(3);
    const closes = next.recorders.closes([]);
    expect([closes.total, closes.keys.size, closes.others]).toEqual([20, 3, 17]);
    expect(Object.keys(thin['sizes']?.state ?? {})).toEqual(['name19', 'name18', 'name17']);
  });
});
