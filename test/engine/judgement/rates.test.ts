import { describe, expect, it } from 'vitest';
import { defineCheck, defineSeries, minutes, type Series } from '../../../lambdas/define.ts';
import { rateKeys, rates } from '../../../lambdas/engine/judgement/rates.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { clusterFacts, decodedVarz, failing, firstMinute, server, varz } from '../../kit.ts';

const base = { help: '', unit: 'perSecond', scope: 'cluster', reads: {} } as const;
const messages = defineSeries({
  ...base,
  name: 'nats_messages_per_second',
  totals: ({ varz: { in_msgs } }) => in_msgs,
});
const both = defineSeries({
  ...base,
  name: 'nats_traffic_per_second',
  by: { label: 'direction', words: ['in', 'out'] },
  totals: ({ varz: { in_msgs, out_msgs } }) => ({ in: in_msgs, out: out_msgs }),
});
const check = (series: Series) =>
  defineCheck({
    id: 'sample',
    title: 'Sample',
    group: 'servers',
    every: minutes(1),
    series: [series],
    diagnoses: [],
  });

/** What is published at each look, a minute apart. */
function seen(series: Series, ...looks: readonly (readonly TargetReadings[])[]) {
  let history: Parameters<typeof rates>[2]['history'] = {};
  return looks.map((servers, i) => {
    const found = rates(
      check(series),
      { at: firstMinute + minutes(i), servers },
      { facts: clusterFacts, history },
    );
    history = { ...history, ...found.history };
    return found.observed.map(({ observation: { labels, value } }) =>
      labels['direction'] === undefined ? value : `${labels['direction']} ${value}`,
    );
  });
}
const n = (name: string, in_msgs: number, more: Parameters<typeof varz>[0] = {}) =>
  server(name, { varz: varz({ in_msgs, ...more }) });

describe('a series of running totals', () => {
  it('is what they grew by a second since the run before, of all servers together', () => {
    expect(
      seen(messages, [n('n1', 100), n('n2', 0)], [n('n1', 700), n('n2', 60)], [n('n1', 700), n('n2', 60)]),
    ).toEqual([[], [11], [0]]);
  });

  it('is of those that answered, and counts one that comes back over the time it was away', () => {
    const silent = server('n2', { varz: failing() });
    expect(
      seen(messages, [n('n1', 0), n('n2', 0)], [n('n1', 60), silent], [n('n1', 120), n('n2', 240)]),
    ).toEqual([[], [1], [1 + 2]]);
  });

  it('begins anew with a server that restarted: what it counted since', () => {
    const start = varz().start + 1;
    expect(seen(messages, [n('n1', 9_000)], [n('n1', 120, { start })])).toEqual([[], [2]]);
  });

  it('has a value for each word', () => {
    const at = (in_msgs: number, out_msgs: number) => [n('n1', in_msgs, { out_msgs })];
    expect(seen(both, at(0, 0), at(60, 120))).toEqual([[], ['in 1', 'out 2']]);
  });

  it('leaves out a server whose figure cannot be, and one that shows none', () => {
    const odd = server('n2', { varz: decodedVarz({ in_msgs: -3 }) });
    expect(seen(messages, [n('n1', 0), odd], [n('n1', 60), odd])).toEqual([[], [1]]);
    const none = defineSeries({ ...base, name: 'nats_none_per_second', totals: () => null });
    expect(seen(none, [n('n1', 0)], [n('n1', 60)])).toEqual([[], []]);
  });

  it('is kept in memory by series and server', () => {
    expect(rateKeys(check(both), ['n1', 'n2'])).toEqual([
      'nats_traffic_per_second n1',
      'nats_traffic_per_second n2',
    ]);
  });
});
