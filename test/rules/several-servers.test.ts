import { describe, expect, it } from 'vitest';
import type { PlannedAlert } from '../../lambdas/rules/plan.ts';
import { minute, rawVarz, type Answers } from '../engine/fake-ports.ts';
import { failing } from '../kit.ts';
import { alarmedWorld } from './alarmed-world.ts';
import { alertOf, planOf, recordingOf } from './planned.ts';
import { jsz, ruleWorld, serverAt, type Ran } from './rule-world.ts';

const slow = alertOf('Slow', 'increase(gnatsd_varz_slow_consumers[5m]) > 0');
const behind = alertOf('Behind', 'jetstream_consumer_num_pending > 10');
const hidden = 'another server behind the URL of n1 was not read';

const seenOf = ({ seen }: Ran, rule: string) => seen.filter((line) => line.startsWith(`n1 ${rule}`));
const valueOf = ({ published }: Ran, rule: string) => published[`nats_rule ${rule} n1`]?.[0];

const waiting = (id: string, n: number, pending: number | null, since?: number): Answers => ({
  ...serverAt(id, n, {}, since),
  paths: { '/jsz': { ...jsz(pending === null ? {} : { a: pending }), server_id: id } },
});

/** What a rule over increases makes of servers that answer in turn, by their totals. */
async function inTurn(totals: readonly (readonly [id: string, total: number, since?: number])[]) {
  const { run } = ruleWorld(planOf([slow]));
  const ran: Ran[] = [];
  for (const [n, [id, slow_consumers, since]] of totals.entries())
    ran.push(await run(n, { n1: serverAt(id, n, { slow_consumers }, since) }));
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
    await run(0, { n1: serverAt('A', 0, {}) });
    const { seen } = await run(1, { n1: serverAt('B', 1, {}) });
    expect(seen).toContain(`cluster All unknown: All does not fire; ${hidden}`);
  });

  it('make no increase of the totals of two servers', async () => {
    const ran = await inTurn([
      ['A', 1_000],
      ['B', 5],
      ['A', 1_000],
      ['B', 5],
    ]);
    expect(ran.map((each) => valueOf(each, 'Slow'))).toEqual([0, undefined, undefined, undefined]);
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
      ran.push(await run(n, { n1: serverAt(total === 5 ? 'A' : 'B', n, { slow_consumers: total }) }));
    expect(ran.map(({ published }) => published['nats_rule Sum'])).toEqual([[0], undefined, undefined]);
  });

  it('publish for the cluster nothing that does not fire, and what fires all the same', async () => {
    const { run } = ruleWorld(planOf([alertOf('All', 'sum(gnatsd_varz_slow_consumers) > 100')]));
    const ran: Ran[] = [];
    for (const [n, total] of [5, 5, 101, 100].entries())
      ran.push(await run(n, { n1: serverAt(n % 2 === 0 ? 'A' : 'B', n, { slow_consumers: total }) }));
    expect(ran.map(({ published }) => published['nats_rule All'])).toEqual([
      [5],
      undefined,
      [101],
      undefined,
    ]);
  });

  it('stay as they are found while they fire for one of the servers', async () => {
    const { run } = ruleWorld(planOf([behind]));
    const answers = (n: number, id: string, pending: number): Answers => ({
      ...serverAt(id, n, {}),
      paths: { '/jsz': { ...jsz({ a: pending }), server_id: id } },
    });
    const ran: Ran[] = [];
    for (let n = 0; n < 12; n += 1)
      ran.push(await run(n, { n1: n % 2 === 0 ? answers(n, 'A', 30) : answers(n, 'B', 0) }));
    expect(ran.flatMap(({ reported }) => reported)).toEqual(['opened Behind n1']);
    expect(seenOf(ran[11] as Ran, 'Behind')).toEqual([`n1 Behind unknown: Behind does not fire; ${hidden}`]);
  });

  it('are ok again when one server alone has answered for more than 15 min', async () => {
    const { run } = ruleWorld(planOf([slow]));
    const outcomes: string[] = [];
    for (const n of [0, 1, 2, 17, 18]) {
      const look = await run(n, { n1: serverAt(n === 0 ? 'B' : 'A', n, {}) });
      outcomes.push(`${n} ${seenOf(look, 'Slow')[0]?.split(' ')[2] ?? ''}`);
    }
    expect(outcomes).toEqual(['0 ok:', '1 unknown:', '2 unknown:', '17 ok:', '18 ok:']);
  });

  it('say unknown of a reply that another server than that of /varz gives, whatever is asked again', async () => {
    const { run, world } = ruleWorld(planOf([behind]));
    const { seen } = await run(0, {
      n1: { ...serverAt('A', 0, {}), paths: { '/jsz': { ...jsz({ a: 3 }), server_id: 'B' } } },
    });
    expect(seen.filter((line) => line.startsWith('n1 Behind'))).toEqual([
      'n1 Behind unknown: n1 /jsz?consumers=true: answered by server B, while /varz was answered by A: it ' +
        'restarted, or the URL leads to several servers',
    ]);
    expect(world.reads.filter((read) => read.includes('/jsz')).length).toBe(5);
  });

  /** What needs no `/varz`. */
  const subsz = (id: string, num_inserts: number): Readonly<Record<string, object>> => ({
    '/subsz': { server_id: id, now: new Date(minute(0)).toISOString(), num_inserts },
  });

  it('are told apart by other replies where /varz fails', async () => {
    const { run } = ruleWorld(planOf([alertOf('More', 'increase(gnatsd_subsz_num_inserts[5m]) > 0')]));
    const varz = failing('status');
    const answers: readonly Answers[] = [
      { ...serverAt('A', 0, {}), paths: subsz('A', 1_000) },
      { ...serverAt('B', 1, {}), paths: subsz('B', 5) },
      { ...serverAt('A', 2, {}), paths: subsz('A', 1_000) },
      { varz, paths: subsz('B', 5) },
      { varz, paths: subsz('B', 6) },
    ];
    const ran: Ran[] = [];
    for (const [n, n1] of answers.entries()) ran.push(await run(n, { n1 }));
    expect(ran.map(({ found }) => found.includes('More n1'))).toEqual([false, false, false, false, true]);
  });

  it('are of one of them where /varz fails: what another answers is not taken', async () => {
    const inserts = alertOf('Inserts', 'gnatsd_subsz_num_inserts * 1 > 1');
    const routes = alertOf('Routes', 'gnatsd_routez_num_routes * 1 > 1');
    const { run } = ruleWorld(planOf([inserts, routes]));
    const routez = (id: string) => ({
      '/routez': { server_id: id, now: new Date(minute(0)).toISOString(), num_routes: 2, routes: [] },
    });
    const outcomes = async (n: number, ...ids: readonly [string, string]) => {
      const paths = { ...subsz(ids[0], 2), ...routez(ids[1]) };
      const { seen } = await run(n, { n1: { varz: failing('timeout'), paths } });
      return seen.filter((line) => / (Inserts|Routes) /.test(line));
    };
    expect(await outcomes(0, 'A', 'A')).toEqual([
      'n1 Inserts warning: Inserts fires',
      'n1 Routes warning: Routes fires',
    ]);
    expect(await outcomes(1, 'A', 'B')).toEqual([
      'n1 Inserts warning: Inserts fires',
      'n1 Routes unknown: n1 /routez: answered by server B, while /subsz was answered by A: it restarted, or the URL ' +
        'leads to several servers',
    ]);
  });

  it('with the engine promql are not called well: what is sent is of one of them', async () => {
    const { run } = ruleWorld(planOf([slow], { engine: 'promql', edition: 3 }));
    await run(0, { n1: serverAt('A', 0, {}) });
    const { seen } = await run(1, { n1: serverAt('B', 1, {}) });
    expect(seen.at(-1)).toBe(`cluster RULE_102 unknown: 1 sample for CloudWatch; ${hidden}`);
  });
});

/** What a rule says of n1 and its alarm, minute after minute: `0 unknown ALARM`. */
async function courseOf(rule: PlannedAlert, answers: readonly Answers[]): Promise<readonly string[]> {
  const { run } = alarmedWorld(planOf([rule]));
  const course: string[] = [];
  for (const [n, each] of answers.entries()) {
    const ran = await run(n, each);
    const outcome = ran.seen.find((line) => line.includes(` ${rule.id} `))?.split(/[ :]/)[2] ?? '';
    course.push(`${n} ${outcome} ${ran.alarm ?? ''}`);
  }
  return course;
}
const times = <T>(count: number, each: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => each(n));

describe('the alarm of a rule over a URL that leads to several servers', () => {
  it('that fires goes on where another server answers, until one alone has answered for more than 15 min', async () => {
    const course = await courseOf(slow, [
      serverAt('A', 0, { slow_consumers: 5 }),
      serverAt('A', 1, { slow_consumers: 6 }),
      ...times(17, (n) => serverAt('B', n + 2, { slow_consumers: 5 })),
    ]);
    expect(course).toEqual([
      '0 ok OK',
      '1 warning ALARM',
      ...times(15, (n) => `${n + 2} unknown ALARM`),
      '17 ok OK',
      '18 ok OK',
    ]);
  });

  it('that fires for one server ends with its window', async () => {
    const course = await courseOf(slow, [
      serverAt('A', 0, { slow_consumers: 5 }),
      ...times(6, (n) => serverAt('A', n + 1, { slow_consumers: 6 })),
    ]);
    expect(course.filter((each) => !each.endsWith('warning ALARM'))).toEqual(['0 ok OK', '6 ok OK']);
  });

  it('that is new knows nothing yet where two answer in the first run', async () => {
    const { run } = alarmedWorld(planOf([behind]));
    const turns = ['A', 'A', 'B'];
    const answers: Answers = {
      paths: {
        get '/varz'() {
          return { ...rawVarz, ...waiting('A', 0, 3).varz };
        },
        get '/jsz'() {
          return { ...jsz({ a: 3 }), now: new Date(minute(0)).toISOString(), server_id: turns.pop() };
        },
      },
    };
    const { alarm, seen } = await run(0, answers);
    expect([alarm, ...seen.filter((line) => line.includes(' Behind '))]).toEqual([
      'INSUFFICIENT_DATA',
      `n1 Behind unknown: Behind does not fire; ${hidden}`,
    ]);
  });

  const lasting = { ...behind, forMs: 2 * 60_000 };

  it('waits anew for each other server: what one began the other does not finish', async () => {
    const course = await courseOf(lasting, [
      waiting('A', 0, 30),
      waiting('A', 1, 30),
      ...times(3, (n) => waiting('B', n + 2, 30)),
    ]);
    expect(course).toEqual(['0 ok OK', '1 ok OK', '2 unknown OK', '3 unknown OK', '4 warning ALARM']);
  });

  it('never fires of servers that take turns, each of which was seen for a minute only', async () => {
    const course = await courseOf(
      lasting,
      times(8, (n) => waiting(n % 2 === 0 ? 'A' : 'B', n, 30)),
    );
    expect(course.slice(1)).toEqual(times(7, (n) => `${n + 1} unknown OK`));
  });

  it('waits anew also where the rule could not be evaluated as another server began to answer', async () => {
    const pairs = {
      ...lasting,
      expr: 'jetstream_consumer_num_pending * on (server_id) jetstream_consumer_num_pending > 10',
    };
    const matched = (id: string, n: number) => waiting(id, n, 30);
    const repeated = (id: string, n: number): Answers => ({
      ...matched(id, n),
      paths: { '/jsz': { ...jsz({ a: 30, b: 30 }), server_id: id } },
    });
    const after = (id: string) => [repeated(id, 2), matched(id, 3), matched(id, 4), matched(id, 5)];
    const both = [matched('A', 0), matched('A', 1)];
    expect((await courseOf(pairs, [...both, ...after('A')])).slice(3)).toEqual([
      '3 warning ALARM',
      '4 warning ALARM',
      '5 warning ALARM',
    ]);
    expect((await courseOf(pairs, [...both, ...after('B')])).slice(3)).toEqual([
      '3 unknown OK',
      '4 unknown OK',
      '5 warning ALARM',
    ]);
  });

  it('of the cluster waits anew too', async () => {
    const sum = { ...lasting, expr: 'sum(jetstream_consumer_num_pending) > 10' };
    const course = await courseOf(sum, [
      waiting('A', 0, 30),
      waiting('A', 1, 30),
      ...times(3, (n) => waiting('B', n + 2, 30)),
    ]);
    expect(course.slice(2)).toEqual(['2 unknown OK', '3 unknown OK', '4 warning ALARM']);
  });

  it('fires in time for one server, and for one that restarts meanwhile', async () => {
    const alone = await courseOf(
      lasting,
      times(3, (n) => waiting('A', n, 30)),
    );
    const restarted = await courseOf(lasting, [
      waiting('A', 0, 30),
      waiting('A', 1, 30),
      waiting('A2', 2, 30, 1.5),
    ]);
    expect([alone[2], restarted[2]]).toEqual(['2 warning ALARM', '2 warning ALARM']);
  });

  const gone = alertOf('Gone', 'absent(jetstream_consumer_num_pending)');

  it('is not taken for absence: what each of them has is there', async () => {
    const course = await courseOf(
      gone,
      times(30, (n) => waiting(n % 2 === 0 ? 'A' : 'B', n, 3)),
    );
    expect(course).toEqual([...times(30, (n) => `${n} ${n === 0 ? 'ok' : 'unknown'} OK`)]);
  });

  it('of absence goes on while another has what one lacks', async () => {
    const course = await courseOf(
      gone,
      times(30, (n) => waiting(n % 2 === 0 ? 'A' : 'B', n, n % 2 === 0 ? 3 : null)),
    );
    expect(course).toEqual([
      '0 ok OK',
      ...times(29, (n) => `${n + 1} ${n % 2 === 0 ? 'warning' : 'unknown'} ALARM`),
    ]);
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
    await run(0, { n1: serverAt('A', 0, { slow_consumers: 5 }) });
    await run(1, {});
    const back = await run(2, { n1: serverAt('A', 2, { slow_consumers: 7 }) });
    expect(Number(valueOf(back, 'Slow'))).toBeGreaterThan(0);
  });
});
