import { describe, expect, it } from 'vitest';
import type { Answers } from '../engine/fake-ports.ts';
import { alertOf, planOf, recordingOf } from './planned.ts';
import { consumers, ruleWorld, type Ran } from './rule-world.ts';

/** What a rule says and publishes of two servers, n1 answering so; n2 is healthy. */
async function evaluated(expr: string, n1: Answers, { series = [] as string[] } = {}) {
  const { run } = ruleWorld(planOf([alertOf('R', expr)], { series }), ['n1', 'n2']);
  const ran = await run(0, { n1, n2: consumers({ a: 1 }) });
  return { said: saidBy(ran), points: pointsOf(ran) };
}
const saidBy = ({ seen }: Ran) => seen.filter((line) => / R (?!ULE)/.test(line));
const pointsOf = ({ published }: Ran) =>
  Object.fromEntries(Object.entries(published).filter(([name]) => !name.startsWith('nats_findings_open')));
/** Of n1 alone. */
const first = async (...given: Parameters<typeof evaluated>) => (await evaluated(...given)).said[0];

const connections = 'gnatsd_varz_connections / gnatsd_varz_max_connections > 0.5';
const problem = 'connections: expected count, received number -3';

describe('a rule that reads a figure that no server can have', () => {
  it('is unknown on that server, which publishes nothing, and evaluated on the others', async () => {
    expect(await evaluated(connections, { varz: { connections: -3 } })).toEqual({
      said: [`n1 R unknown: n1 /varz: ${problem}`, 'n2 R ok: R does not fire: 0'],
      points: { 'nats_rule R n2': [0] },
    });
    expect((await evaluated(connections, { varz: { connections: 3 } })).said[0]).toMatch(/^n1 R ok: /);
  });

  it('is unknown too where its alarm compares the series itself', async () => {
    const plain = { series: ['gnatsd_varz_cpu'] };
    expect(await evaluated('gnatsd_varz_cpu > 90', { varz: { cpu: -3 } }, plain)).toEqual({
      said: ['n1 R unknown: n1 /varz: cpu: expected percentage, received number -3'],
      points: { 'gnatsd_varz_cpu n2': [0] },
    });
    expect(await evaluated('gnatsd_varz_cpu > 90', { varz: { cpu: 3 } }, plain)).toEqual({
      said: [],
      points: { 'gnatsd_varz_cpu n1': [3], 'gnatsd_varz_cpu n2': [0] },
    });
  });

  it('over several servers does not hold still, and fires if the others make it', async () => {
    const of = (limit: number) =>
      evaluated(`sum(gnatsd_varz_max_payload + gnatsd_varz_connections) > ${limit}`, {
        varz: { connections: -3 },
      });
    expect(await of(2 ** 21)).toEqual({
      said: [`cluster R unknown: R does not fire; n1 (/varz: ${problem}) could not be read`],
      points: {},
    });
    expect(await of(2 ** 19)).toEqual({
      said: [`cluster R warning: R fires; n1 (/varz: ${problem}) could not be read`],
      points: { 'nats_rule R': [2 ** 20] },
    });
  });

  it.each([
    ['that there are too few', 'count(gnatsd_varz_connections) < 1', {}],
    ['that there is too little', 'sum(gnatsd_varz_connections or vector(0)) < -2', {}],
    // Their alarms' missing data is breaching.
    ['that it is not there', 'absent(gnatsd_varz_connections)', { 'nats_rule R': [0] }],
    ['that it is recorded nowhere', 'absent(r)', { 'nats_rule R': [0] }],
  ])('says neither with it nor without it alone %s', async (_, expr, points) => {
    const { run } = ruleWorld(planOf([recordingOf('r', 'gnatsd_varz_connections * 2'), alertOf('R', expr)]));
    const ran = await run(0, { n1: { varz: { connections: -3 } } });
    expect([saidBy(ran), pointsOf(ran)]).toEqual([
      [`cluster R unknown: R does not fire; n1 (/varz: ${problem}) could not be read`],
      points,
    ]);
  });

  it('is unknown on another server whose answer hangs on it', async () => {
    const above = 'gnatsd_varz_connections > on() group_left() sum(gnatsd_varz_connections) / 2';
    const { run } = ruleWorld(planOf([alertOf('R', above)]), ['n1', 'n2']);
    const [ofFirst, ofSecond] = saidBy(
      await run(0, { n1: { varz: { connections: 2 ** 40 } }, n2: { varz: { connections: 5 } } }),
    );
    const why = `unknown: n1 /varz: connections: expected count, received number ${2 ** 40}`;
    expect([ofFirst, ofSecond]).toEqual([`n1 R ${why}`, `n2 R ${why}`]);
  });

  it('is unknown where it reads what another rule records of it', async () => {
    const { run } = ruleWorld(
      planOf([recordingOf('r', connections.split(' > ')[0] ?? ''), alertOf('R', 'r > 0.5')]),
    );
    const ran = await run(0, { n1: { varz: { connections: -3 } } });
    expect([saidBy(ran), pointsOf(ran)]).toEqual([[`n1 R unknown: n1 /varz: ${problem}`], {}]);
  });

  it.each([
    ['gnatsd_varz_connections', 0, 'ok'],
    ['gnatsd_varz_connections', 2 ** 31, 'warning'],
    ['gnatsd_varz_connections', 2 ** 31 + 1, 'unknown'],
    ['gnatsd_varz_connections', 2 ** 63, 'unknown'],
    ['gnatsd_varz_in_bytes', 0, 'ok'],
    ['gnatsd_varz_in_bytes', 2 ** 64, 'warning'],
    ['gnatsd_varz_in_bytes', 2 ** 65, 'unknown'],
    ['gnatsd_varz_in_client_msgs', -1, 'unknown'],
    ['gnatsd_varz_mem', -1, 'unknown'],
    ['gnatsd_varz_cpu', 799.5, 'warning'],
    ['gnatsd_varz_cpu', -0.5, 'unknown'],
    ['gnatsd_varz_max_connections', -1, 'ok'],
  ])('begins where none can be: %s of %d is %s', async (name, value, outcome) => {
    const field = name.replace('gnatsd_varz_', '');
    expect((await first(`${name} + 0 > 100`, { varz: { [field]: value } }))?.split(':')[0]).toBe(
      `n1 R ${outcome}`,
    );
  });

  it('does not fire for a number that is as absurd as it is large', async () => {
    const { said, points } = await evaluated('gnatsd_varz_connections + 0 > 100', {
      varz: { connections: 2 ** 63 },
    });
    expect([said[0], Object.keys(points)]).toEqual([
      `n1 R unknown: n1 /varz: connections: expected count, received number ${2 ** 63}`,
      ['nats_rule R n2'],
    ]);
  });

  const pending = 'jetstream_consumer_num_pending > 10';

  it('may be one of many: the others may make it fire, and do not make it ok', async () => {
    const odd = 'num_pending: expected count, received number -3';
    expect(await first(pending, consumers({ a: 1, b: -3 }))).toMatch(
      new RegExp(`^n1 R unknown: n1 /jsz.*${odd}$`),
    );
    expect(await first(pending, consumers({ a: 40, b: -3 }))).toBe('n1 R warning: R fires');
    expect(await first(pending, consumers({ a: 1, b: 3 }))).toBe('n1 R ok: R does not fire: 3');
  });

  it('may be a part of a sum', async () => {
    const connz = (pending_bytes: number) => ({
      paths: { '/connz': { connections: [{ pending_bytes: 90 }, { pending_bytes }] } },
    });
    const sum = 'gnatsd_connz_pending_bytes + 0 > 100';
    expect(await first(sum, connz(-3))).toBe(
      'n1 R unknown: n1 /connz: connections[].pending_bytes: expected count, received number -3',
    );
    expect([await first(sum, connz(3)), await first(sum, connz(30))]).toEqual([
      'n1 R ok: R does not fire: 93',
      'n1 R warning: R fires',
    ]);
  });

  it('is not what a time is that never was: an origin that never answered is -1', async () => {
    const stream = { name: 'S', mirror: { name: 'O', active: -1, lag: 0 } };
    const jsz = { account_details: [{ name: 'APP', id: 'APP', stream_detail: [stream] }] };
    const paths = { '/jsz': jsz };
    expect(await first('jetstream_stream_mirror_active_duration_ns < 0', { paths })).toBe(
      'n1 R warning: R fires',
    );
  });
});

describe('a rule that waits or fires while such a figure comes', () => {
  const rule = alertOf('R', 'gnatsd_varz_connections + 0 > 100', { forMs: 120_000 });
  const holding = (connections: number) => ({ n1: { varz: { connections } } });

  it('stays as it was: it waits on, and its alarm gets the point that lacks once it fires', async () => {
    const { run } = ruleWorld(planOf([rule]));
    const ran = [];
    for (const [n, open] of [5, 150, -3, 151, 152].entries()) ran.push(await run(n, holding(open)));
    expect(ran.map(({ published }) => published['nats_rule R n1'])).toEqual([
      [5],
      [150],
      undefined,
      [151, '151 of minute 2'],
      [152],
    ]);
    expect(ran.map(({ reported }) => reported)).toEqual([[], [], [], ['opened R n1'], []]);
  });

  it('neither resolves nor fires again', async () => {
    const { run } = ruleWorld(planOf([rule]));
    const ran = [];
    for (const [n, open] of [150, 150, 150, -3, -3, 150, 5].entries()) ran.push(await run(n, holding(open)));
    expect(
      ran.map((each) => [saidBy(each)[0]?.split(':')[0], each.published['nats_rule R n1']?.length]),
    ).toEqual([
      ['n1 R ok', 1],
      ['n1 R ok', 1],
      ['n1 R warning', 2],
      ['n1 R unknown', undefined],
      ['n1 R unknown', undefined],
      ['n1 R warning', 1],
      ['n1 R ok', 1],
    ]);
    expect(ran.flatMap(({ reported }, n) => reported.map((text) => `${n} ${text}`))).toEqual([
      '2 opened R n1',
    ]);
  });

  it('counts on over it: an increase is that of the totals on both sides', async () => {
    const slow = alertOf('R', 'increase(gnatsd_varz_slow_consumers[5m]) > 1000');
    const { run } = ruleWorld(planOf([slow]));
    const values = [];
    for (const [n, total] of [7, 7, -3, 9].entries()) {
      const { published } = await run(n, { n1: { varz: { slow_consumers: total } } });
      values.push(published['nats_rule R n1']);
    }
    expect(values.map((points) => points?.length)).toEqual([1, 1, undefined, 1]);
    expect(values[3]?.[0]).toBeGreaterThan(0);
  });
});

describe('a /varz of another shape', () => {
  const hello = { paths: { '/varz': { hello: 1 } } };
  const why = 'server_id: expected string, received nothing';

  it('is unknown to what reads it, of one server or of several', async () => {
    expect(await evaluated('sum(gnatsd_varz_connections) > 100', hello)).toEqual({
      said: [`cluster R unknown: R does not fire; n1 (/varz: ${why}) could not be read`],
      points: {},
    });
    expect(await evaluated(connections, hello)).toEqual({
      said: [`n1 R unknown: n1 /varz: ${why}`, 'n2 R ok: R does not fire: 0'],
      points: { 'nats_rule R n2': [0] },
    });
  });

  it('is nothing to rules that read other replies, or whether it is there', async () => {
    const subscriptions = { ...hello.paths, '/subsz': { num_subscriptions: 5 } };
    expect(await first('gnatsd_subsz_num_subscriptions + 0 > 100', { paths: subscriptions })).toMatch(
      /^n1 R ok/,
    );
    expect(await first('up + 0 < 1', hello)).toMatch(/^n1 R ok/);
  });
});

it('PromQL in CloudWatch gets no figure that cannot be, and what reads it is not said to be well', async () => {
  const plan = planOf([alertOf('R', 'gnatsd_varz_connections > 100')], { engine: 'promql' });
  const { run } = ruleWorld(plan, ['n1', 'n2']);
  const sent: string[] = [];
  const sink = {
    put: (points: readonly { readonly labels: Readonly<Record<string, string>> }[]) => {
      sent.push(...points.flatMap(({ labels }) => labels['server_id'] ?? []));
      return Promise.resolve({ offered: points.length, refused: [], rejected: 0, messages: [] });
    },
  };
  const { seen } = await run(0, { n1: { varz: { connections: -3 } }, n2: {} }, { sink });
  expect([sent, seen.filter((line) => line.includes('RULE_102'))]).toEqual([
    ['n2'],
    [`cluster RULE_102 unknown: 1 sample for CloudWatch; n1 (/varz: ${problem}) could not be read`],
  ]);
});
