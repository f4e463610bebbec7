import { describe, expect, it } from 'vitest';
import { minute, type Answers } from '../engine/fake-ports.ts';
import { alertOf, planOf, recordingOf } from './planned.ts';
import { jsz, ruleWorld, type Ran } from './rule-world.ts';

const slow = alertOf('Slow', 'increase(gnatsd_varz_slow_consumers[5m]) > 0');
const behind = alertOf('Behind', 'jetstream_consumer_num_pending > 10');
const hidden = 'another server behind the URL of n1 was not read';

/** One of the servers behind the URL, which runs since an hour before the first minute; `since` is when, in minutes. */
const server = (id: string, n: number, varz: object, since = -60): Answers => ({
  varz: {
    server_id: id,
    start: new Date(minute(since)).toISOString(),
    now: new Date(minute(n)).toISOString(),
    uptime: `${n - since}m0s`,
    ...varz,
  },
});
const seenOf = ({ seen }: Ran, rule: string) => seen.filter((line) => line.startsWith(`n1 ${rule}`));
const valueOf = ({ published }: Ran, rule: string) => published[`nats_rule ${rule} n1`]?.[0];

/** What a rule over increases makes of servers that answer in turn, by their totals. */
async function inTurn(totals: readonly (readonly [id: string, total: number, since?: number])[]) {
  const { run } = ruleWorld(planOf([slow]));
  const ran: Ran[] = [];
  for (const [n, [id, slow_consumers, since]] of totals.entries())
    ran.push(await run(n, { n1: server(id, n, { slow_consumers }, since) }));
  return ran;
}

describe('rules over a URL that leads to several servers', () => {
  it('are not ok from the first other server on, and say why', async () => {
    const ran = await inTurn([
      ['A', 5],
      ['B', 5],
      ['A', 5],
    ]);
    expect(ran.map((each) => seenOf(each, 'Slow'))).toEqual([
      ['n1 Slow ok: Slow does not fire'],
      [`n1 Slow unknown: Slow does not fire; ${hidden}`],
      [`n1 Slow unknown: Slow does not fire; ${hidden}`],
    ]);
    expect(ran.map((each) => seenOf(each, 'SERVER_102'))).toEqual([
      ['n1 SERVER_102 ok: 1 evaluated rule, does not fire'],
      [`n1 SERVER_102 unknown: every endpoint answers; ${hidden}`],
      [`n1 SERVER_102 unknown: every endpoint answers; ${hidden}`],
    ]);
  });

  it('are not ok for the cluster either', async () => {
    const { run } = ruleWorld(planOf([alertOf('All', 'sum(gnatsd_varz_slow_consumers) > 100')]));
    await run(0, { n1: server('A', 0, {}) });
    const { seen } = await run(1, { n1: server('B', 1, {}) });
    expect(seen).toContain(`cluster All unknown: All does not fire: 0; ${hidden}`);
  });

  it('make no increase of the totals of two servers', async () => {
    const ran = await inTurn([
      ['A', 1_000],
      ['B', 5],
      ['A', 1_000],
      ['B', 5],
    ]);
    expect(ran.map((each) => valueOf(each, 'Slow'))).toEqual([0, 0, 0, 0]);
  });

  it('have the increase of a server that goes on answering', async () => {
    const ran = await inTurn([
      ['A', 1_000],
      ['B', 5],
      ['B', 6],
    ]);
    expect(ran.map((each) => Number(valueOf(each, 'Slow')) > 0)).toEqual([false, false, true]);
    expect(ran[2]?.found).toContain('Slow n1');
  });

  it('make none of recorded sums over them', async () => {
    const rules = [
      recordingOf('slow:sum', 'sum(gnatsd_varz_slow_consumers)'),
      alertOf('Sum', 'increase(slow:sum[5m]) > 0'),
    ];
    const { run } = ruleWorld(planOf(rules));
    const ran: Ran[] = [];
    for (const [n, total] of [5, 1_000, 5].entries())
      ran.push(await run(n, { n1: server(total === 5 ? 'A' : 'B', n, { slow_consumers: total }) }));
    expect(ran.map(({ published }) => published['nats_rule Sum'])).toEqual([[0], [0], [0]]);
  });

  it('stay as they are found while they fire for one of the servers', async () => {
    const { run } = ruleWorld(planOf([behind]));
    const answers = (n: number, id: string, pending: number): Answers => ({
      ...server(id, n, {}),
      paths: { '/jsz': { ...jsz({ a: pending }), server_id: id } },
    });
    const ran: Ran[] = [];
    for (let n = 0; n < 12; n += 1)
      ran.push(await run(n, { n1: n % 2 === 0 ? answers(n, 'A', 30) : answers(n, 'B', 0) }));
    expect(ran.flatMap(({ told }) => told)).toEqual(['opened Behind n1']);
    expect(seenOf(ran[11] as Ran, 'Behind')).toEqual([
      `n1 Behind unknown: Behind does not fire: 0; ${hidden}`,
    ]);
  });

  it('are ok again when one server alone has answered for more than 15 min', async () => {
    const { run } = ruleWorld(planOf([slow]));
    const outcomes: string[] = [];
    for (const n of [0, 1, 2, 17, 18]) {
      const look = await run(n, { n1: server(n === 0 ? 'B' : 'A', n, {}) });
      outcomes.push(`${n} ${seenOf(look, 'Slow')[0]?.split(' ')[2] ?? ''}`);
    }
    expect(outcomes).toEqual(['0 ok:', '1 unknown:', '2 unknown:', '17 ok:', '18 ok:']);
  });

  it('say unknown of a reply that another server than that of /varz gives, whatever is asked again', async () => {
    const { run, world } = ruleWorld(planOf([behind]));
    const { seen } = await run(0, {
      n1: { ...server('A', 0, {}), paths: { '/jsz': { ...jsz({ a: 3 }), server_id: 'B' } } },
    });
    expect(seen.filter((line) => line.startsWith('n1 Behind'))).toEqual([
      'n1 Behind unknown: n1 /jsz?consumers=true&config=true&raft=true: answered by server B, while /varz was ' +
        'answered by A: it restarted, or the URL leads to several servers',
    ]);
    expect(world.reads.filter((read) => read.includes('/jsz')).length).toBe(5);
  });

  it('with the engine promql are not called well: what is sent is of one of them', async () => {
    const { run } = ruleWorld(planOf([slow], { engine: 'promql', edition: 3 }));
    await run(0, { n1: server('A', 0, {}) });
    const { seen } = await run(1, { n1: server('B', 1, {}) });
    expect(seen.at(-1)).toBe(`cluster RULE_102 unknown: 1 sample for CloudWatch; ${hidden}`);
  });
});

describe('rules over a server that restarts', () => {
  it('go on as before: its totals begin anew, as in Prometheus, and nothing is unknown', async () => {
    const ran = await inTurn([
      ['A', 5],
      ['A', 5],
      ['A2', 0, 1.5],
      ['A2', 2, 1.5],
    ]);
    expect(ran.map((each) => seenOf(each, 'Slow')[0]?.split(' ')[2])).toEqual([
      'ok:',
      'ok:',
      'ok:',
      'warning:',
    ]);
    expect(Number(valueOf(ran[3] as Ran, 'Slow'))).toBeGreaterThan(2);
  });

  it('that does not answer for a minute keep what they know of it', async () => {
    const { run } = ruleWorld(planOf([slow]));
    await run(0, { n1: server('A', 0, { slow_consumers: 5 }) });
    await run(1, {});
    const back = await run(2, { n1: server('A', 2, { slow_consumers: 7 }) });
    expect(Number(valueOf(back, 'Slow'))).toBeGreaterThan(0);
  });
});
