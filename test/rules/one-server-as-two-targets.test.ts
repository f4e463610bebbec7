import { describe, expect, it } from 'vitest';
import { alertOf, planOf, recordingOf } from './planned.ts';
import { jsz, ruleWorld, serverAt, type Ran } from './rule-world.ts';
import type { Answers } from '../engine/fake-ports.ts';
import type { PlannedAlert } from '../../lambdas/rules/plan.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';

/** A server with so many connections, and a consumer that is 30 messages behind. */
const holding = (id: string, n: number, connections: number): Answers => ({
  ...serverAt(id, n, { connections }),
  paths: { '/jsz': { ...jsz({ a: 30 }), server_id: id } },
});

const orders = [
  ['first', 'second'],
  ['second', 'first'],
] as const;

/** Runs of these rules over both targets, one server or two, for so many minutes. */
async function runs(
  rules: readonly (PlannedAlert | RecordingRule)[],
  names: readonly string[],
  idOf: (name: string, n: number) => string,
  minutes = 2,
): Promise<Ran> {
  const { run } = ruleWorld(planOf(rules), names);
  let last: Ran | undefined;
  for (let n = 0; n < minutes; n += 1) {
    const answers = names.map((name) => [name, holding(idOf(name, n), n, 60)] as const);
    last = await run(n, Object.fromEntries(answers));
  }
  if (last === undefined) throw new Error('nothing was run');
  return last;
}

const one = () => 'A';
const two = (name: string) => (name === 'first' ? 'A' : 'B');
const firing = ({ found }: Ran) => found.filter((each) => !each.startsWith('SERVER'));
const said = ({ seen }: Ran, rule: string) => seen.filter((line) => line.includes(` ${rule} `));

describe.each(orders)('one server that is two targets, %s and %s', (...names) => {
  const [owner, twin] = names;

  it.each([
    ['counts once in sums', one, 60],
    ['two servers count both', two, 120],
  ])('%s', async (_, idOf, sum) => {
    const { published } = await runs([alertOf('Sum', 'sum(gnatsd_varz_connections) > 1000')], names, idOf);
    expect(published['nats_rule Sum']).toEqual([sum]);
  });

  it('is not taken for fewer servers by sums that are to be low', async () => {
    const rules = [alertOf('Few', 'sum(gnatsd_varz_connections) < 100')];
    expect([firing(await runs(rules, names, one)), firing(await runs(rules, names, two))]).toEqual([
      ['Few c1'],
      [],
    ]);
  });

  it('fires for the first alone, two for both', async () => {
    const rules = [alertOf('Behind', 'jetstream_consumer_num_pending > 10')];
    const ran = await runs(rules, names, one);
    expect(firing(ran)).toEqual([`Behind ${owner}`]);
    expect(said(ran, 'Behind')).toEqual([
      `${owner} Behind warning: Behind fires`,
      `${twin} Behind not-applicable: the same server as ${owner}, where it counts`,
    ]);
    expect(ran.published[`nats_rule Behind ${twin}`]).toBeUndefined();
    expect(firing(await runs(rules, names, two))).toEqual(names.map((name) => `Behind ${name}`));
  });

  it('fires for the first though the rule says unless', async () => {
    const rules = [
      alertOf('Idle', 'jetstream_consumer_num_pending > 10 unless gnatsd_varz_connections > 100'),
    ];
    expect(firing(await runs(rules, names, one))).toEqual([`Idle ${owner}`]);
  });

  it.each([
    `absent(gnatsd_varz_connections{server_id="${twin}"})`,
    `absent(gnatsd_varz_connections{server_id=~"${twin}|third"})`,
    `absent(increase(gnatsd_varz_connections{server_id=~"${twin}|third"}[5m]))`,
    `absent(up{server_id="${twin}"})`,
    'count(gnatsd_varz_connections) < 2',
    'count(up) < 2',
    'sum(gnatsd_varz_connections > bool 0) < 2',
    `gnatsd_varz_connections{server_id="${owner}"} unless on () gnatsd_varz_connections{server_id="${twin}"}`,
    'count(connections) < 2',
    'counted < 2',
  ])('lets %s not fire', async (expr) => {
    const rules = [
      recordingOf('connections', 'gnatsd_varz_connections'),
      recordingOf('counted', 'count(gnatsd_varz_connections)'),
      alertOf('Gone', expr),
    ];
    expect(firing(await runs(rules, names, one, 3))).toEqual([]);
    expect(firing(await runs(rules, names, two, 3))).toEqual([]);
  });

  it('leaves what fires for the absence of the second as it is, whoever is behind its URL now', async () => {
    const rule = alertOf('Gone', `absent(gnatsd_varz_connections{server_id="${twin}"})`);
    const { run } = ruleWorld(planOf([rule]), names);
    const alone = { [owner]: holding('A', 0, 60) };
    const before = await run(0, alone);
    const ran: Ran[] = [];
    for (let n = 1; n < 10; n += 1)
      ran.push(await run(n, { [owner]: holding('A', n, 60), [twin]: holding('A', n, 60) }));
    // Until then the URL may lead to both.
    const back = await run(30, { [owner]: holding('A', 30, 60), [twin]: holding('B', 30, 60) });
    const name = `nats_rule Gone ${twin}`;
    expect(before.published[name]).toEqual([1]);
    expect(ran.flatMap(({ reported }) => reported)).toEqual([]);
    expect(ran.flatMap(({ published }) => published[name] ?? [])).toEqual([]);
    expect(back.published[name]).toEqual([0]);
  });

  it('counts where it answers, while the first of both does not', async () => {
    const { run } = ruleWorld(planOf([alertOf('Sum', 'sum(gnatsd_varz_connections) > 1000')]), names);
    await run(0, { [owner]: holding('A', 0, 60), [twin]: holding('A', 0, 60) });
    const { published } = await run(1, { [twin]: holding('A', 1, 60) });
    expect(published['nats_rule Sum']).toEqual([60]);
  });
});
