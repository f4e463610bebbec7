import { describe, expect, it } from 'vitest';
import { run } from '../../lambdas/run/run.ts';
import ruleSeries from '../../lambdas/checks/rule-series.ts';
import { mostRuleBytes } from '../../lambdas/rules/engines/room.ts';
import { minute, watchOf } from '../engine/fake-ports.ts';
import { failing } from '../kit.ts';
import { alertOf, planOf, recordingOf } from '../rules/planned.ts';
import { noise } from '../rules/noise.ts';
import { consumers, jsz, ruleWorld, type Ran } from '../rules/rule-world.ts';

const behind = (changes = {}) =>
  alertOf('Behind', 'jetstream_consumer_num_pending > 10', { forMs: 120_000, ...changes });
const quiet = consumers({ a: 3 });
const loud = consumers({ a: 30 });

const rulePoints = ({ published }: Ran) => published['nats_rule Behind n1'];

describe('rule-series', () => {
  it('publishes what the alarm compares and tells it when Prometheus would fire, for 2m in the third minute', async () => {
    const { run: look } = ruleWorld(planOf([behind()]));
    const ran = [await look(0, { n1: quiet }), await look(1, { n1: loud }), await look(2, { n1: loud })];
    ran.push(await look(3, { n1: consumers({ a: 31 }) }), await look(4, { n1: quiet }));
    expect(ran.map(rulePoints)).toEqual([[3], [30], [30], [31], [3]]);
    expect(ran.map(({ reported }) => reported)).toEqual([[], [], [], ['opened Behind n1'], []]);
    expect(ran.map(({ seen }) => seen.find((line) => line.startsWith('n1 Behind')))).toEqual([
      'n1 Behind ok: Behind does not fire: 3',
      'n1 Behind ok: Behind holds, but not for long enough yet',
      'n1 Behind ok: Behind holds, but not for long enough yet',
      'n1 Behind warning: Behind fires',
      'n1 Behind ok: Behind does not fire: 3',
    ]);
  });

  it('takes no time to speak of for patterns that repeat repetitions, whatever names servers show', async () => {
    const hostile = 'a'.repeat(5_000);
    const rules = [
      alertOf('Matched', 'jetstream_consumer_num_pending{consumer_name=~"(a+)+"} > 10'),
      alertOf(
        'Replaced',
        'label_replace(jetstream_consumer_num_pending, "of", "$1", "consumer_name", "(.*)(.*)(.*)=") > 10',
      ),
      alertOf('Told', 'jetstream_consumer_num_pending > 10', {
        annotations: {
          summary: '{{ if match "(a|aa)+$" $labels.consumer_name }}all a{{ else }}others too{{ end }}',
        },
      }),
      alertOf('Made', 'jetstream_consumer_num_pending > 10', {
        labels: { is: '{{ reReplaceAll (printf "(%s+)+!" "a") "x" $labels.consumer_name }}' },
      }),
    ];
    for (const rule of rules) {
      const { run: look } = ruleWorld(planOf([rule]));
      const { found, findings } = await look(0, { n1: consumers({ [`${hostile}!`]: 30 }) });
      const [finding] = findings;
      const reported = rule.alert === 'Told' ? 'others too' : undefined;
      expect([rule.alert, found]).toEqual([rule.alert, rule.alert === 'Matched' ? [] : [`${rule.alert} n1`]]);
      expect(reported === undefined || finding?.summary === reported).toBe(true);
    }
  });

  it('tells the name of the series as Prometheus does, while the rule keeps firing too', async () => {
    const annotations = { summary: '{{ $labels.__name__ }} of {{ $labels.consumer_name }}' };
    const rules = [
      behind({ forMs: 0, annotations }),
      alertOf('Sum', 'jetstream_consumer_num_pending + 0 > 10', { annotations }),
      behind({ alert: 'Kept', id: 'Kept', forMs: 0, keepFiringForMs: 600_000, annotations }),
    ];
    const { run: look } = ruleWorld(planOf(rules));
    const reported = ({ findings }: Ran) => findings.map(({ diagnosis, summary }) => [diagnosis, summary]);
    const named = 'jetstream_consumer_num_pending of a';
    const first = reported(await look(0, { n1: loud }));
    expect(Object.fromEntries(first)).toEqual({ Behind: named, Sum: ' of a'.trim(), Kept: named });
    const { found, findings } = await look(1, { n1: quiet });
    expect(found).toEqual(['Kept n1']);
    expect(findings.map(({ summary }) => summary)).toEqual([named]);
  });

  it.each([
    [0, 5_000],
    [5_000, 0],
  ])('tells sources apart that differ in their filter alone, lags being %i and %i', async (eu, us) => {
    const source = (filter_subject: string, lag: number) => ({ name: 'ORDERS', filter_subject, lag });
    const stream = { name: 'DEST', sources: [source('orders.eu', eu), source('orders.us', us)] };
    const paths = { '/jsz': { account_details: [{ name: 'APP', id: 'APP', stream_detail: [stream] }] } };
    const { run: look } = ruleWorld(
      planOf([
        alertOf('Lag', 'jetstream_stream_source_lag > 100'),
        alertOf('All', 'sum by (stream_name) (jetstream_stream_source_lag) > 100'),
      ]),
    );
    const { found, findings } = await look(0, { n1: { paths } });
    expect(found.toSorted()).toEqual(['All c1', 'Lag n1']);
    expect(findings.find(({ diagnosis }) => diagnosis === 'Lag')).toMatchObject({
      observed: 5_000,
      summary: expect.stringContaining(`source_filter_subject=orders.${eu > us ? 'eu' : 'us'}`) as string,
    });
    expect(findings.find(({ diagnosis }) => diagnosis === 'All')?.observed).toBe(5_000);
  });

  it('watches one source by the filter that tells it from the others', async () => {
    const source = (filter_subject: string, lag: number) => ({ name: 'ORDERS', filter_subject, lag });
    const stream = { name: 'DEST', sources: [source('orders.eu', 5_000), source('orders.us', 7_000)] };
    const paths = { '/jsz': { account_details: [{ name: 'APP', id: 'APP', stream_detail: [stream] }] } };
    const lag = 'jetstream_stream_source_lag{source_filter_subject="orders.eu"} > 100';
    const { found, findings } = await ruleWorld(planOf([alertOf('Lag', lag)])).run(0, { n1: { paths } });
    expect([found, findings[0]?.observed]).toEqual([['Lag n1'], 5_000]);
  });

  it.each([
    [0, 5_000],
    [5_000, 0],
  ])(
    'tells that a rule cannot be evaluated where nothing tells series apart: %i and %i',
    async (one, other) => {
      const source = (lag: number) => ({ name: 'ORDERS', lag });
      const stream = { name: 'DEST', sources: [source(one), source(other)] };
      const paths = { '/jsz': { account_details: [{ name: 'APP', id: 'APP', stream_detail: [stream] }] } };
      const { run: look } = ruleWorld(planOf([alertOf('Lag', 'jetstream_stream_source_lag > 100')]));
      const { found, warnings } = await look(0, { n1: { paths } });
      expect(found.filter((each) => each.startsWith('Lag'))).toEqual([]);
      expect(found.some((each) => each.startsWith('RULE_101'))).toBe(true);
      expect(warnings.length).toBe(1);
    },
  );

  it('names in the finding what it fires for, its alarm and where to look', async () => {
    const { run: look } = ruleWorld(planOf([behind({ forMs: 0 })]));
    const { findings } = await look(0, { n1: consumers({ a: 30, b: 12, c: 3 }) });
    expect(findings).toEqual([
      {
        diagnosis: 'Behind',
        title: 'Prometheus rule Behind',
        severity: 'warning',
        cluster: 'c1',
        target: 'n1',
        entity: { kind: 'server', name: 'n1' },
        labels: {},
        summary:
          'Behind fires for n1 account=APP stream_name=ORDERS consumer_name=a and 1 more: 30, above 10.',
        observed: 30,
        limit: 10,
        unit: 'count',
        since: '2026-11-20T10:00:00.000Z',
        durationKnown: false,
        trend: null,
        evidence: [
          'n1 account=APP stream_name=ORDERS consumer_name=a: 30 since 2026-11-20 10:00 UTC',
          'n1 account=APP stream_name=ORDERS consumer_name=b: 12 since 2026-11-20 10:00 UTC',
        ],
        why: 'The Prometheus rule Behind says so: jetstream_consumer_num_pending > 10.',
        remedy: expect.stringMatching(/^The rule has no annotation/) as string,
        commands: [
          'nats server report jetstream',
          "curl -s 'http://n1:8222/jsz?consumers=true&config=true&raft=true'",
        ],
        alarm: 'nats/c1/Behind/n1/warning',
      },
    ]);
  });

  it('leaves a finding to the alarm of its rule, which alone pages for it', async () => {
    const { run: look } = ruleWorld(planOf([behind({ forMs: 0 })]));
    const { found, published } = await look(0, { n1: loud });
    expect([
      found,
      published['nats_findings_open warning'],
      published['nats_findings_open critical'],
    ]).toEqual([['Behind n1'], [0], [0]]);
  });

  it('sends points again with their own minute where consumers seemed to take turns and did not', async () => {
    // Nothing is known before the first run, so that its point is held back: two more would make the alarm's three.
    const { run: look } = ruleWorld(planOf([behind()]));
    const ran = [
      await look(0, { n1: loud }),
      await look(1, { n1: consumers({ a: 20 }) }),
      await look(2, { n1: loud }),
    ];
    expect(ran.map(rulePoints)).toEqual([[10], [20], [30, '30 of minute 0']]);
  });

  it('holds back the point that would make an alarm of consumers that take turns', async () => {
    const { run: look } = ruleWorld(planOf([behind()]));
    await look(0, { n1: quiet });
    const turns = [consumers({ a: 30 }), consumers({ b: 40 }), consumers({ c: 50 }), consumers({ d: 60 })];
    const ran: Ran[] = [];
    for (const [i, answers] of turns.entries()) ran.push(await look(i + 1, { n1: answers }));
    expect(ran.map(rulePoints)).toEqual([[30], [40], [10], [60]]);
    expect(ran.flatMap(({ reported }) => reported)).toEqual([]);
  });

  it('keeps samples for windows: an increase over 5m is known from the second run on', async () => {
    const slow = alertOf('Slow', 'increase(gnatsd_varz_slow_consumers[5m]) > 0');
    const { run: look } = ruleWorld(planOf([slow]));
    const values: unknown[] = [];
    const reported: string[] = [];
    for (const [n, total] of [7, 7, 9, 9, 9, 9, 9, 9, 9].entries()) {
      const ran = await look(n, { n1: { varz: { slow_consumers: total } } });
      values.push(ran.published['nats_rule Slow n1']?.[0]);
      reported.push(...ran.reported.map((text) => `${n} ${text}`));
    }
    // Two in 5 minutes; extrapolated where the window is not full.
    expect(values).toEqual([0, 0, 2.5, expect.closeTo(7 / 3, 12), 2.5, 2, 2, 0, 0]);
    expect(reported).toEqual(['2 opened Slow n1', '8 resolved Slow n1']);
  });

  it('publishes the series that plain alarms compare, of each server that answers', async () => {
    const { run: look } = ruleWorld(
      planOf([], { series: ['gnatsd_varz_mem', 'jetstream_server_max_storage'] }),
      ['n1', 'n2'],
    );
    const { published } = await look(0, { n1: { varz: { mem: 5_000 } } });
    expect(published).toEqual({
      'gnatsd_varz_mem n1': [5_000],
      'nats_findings_open critical': [0],
      'nats_findings_open warning': [0],
    });
  });

  it('evaluates recording rules before what reads them', async () => {
    const rules = [
      recordingOf('orders:pending', 'sum by (stream_name) (jetstream_consumer_num_pending)'),
      alertOf('Orders', 'orders:pending > 40'),
    ];
    const { run: look } = ruleWorld(planOf(rules), ['n1', 'n2']);
    const ran = await look(0, { n1: loud, n2: loud });
    expect([
      ran.published['nats_rule Orders'],
      ran.findings[0]?.evidence,
      ran.findings[0]?.commands[1],
    ]).toEqual([
      [60],
      ['stream_name=ORDERS: 60 since 2026-11-20 10:00 UTC'],
      "curl -s 'http://n1:8222/jsz?consumers=true&config=true&raft=true'",
    ]);
  });

  it('leaves out rules that are not deployed for the cluster', async () => {
    const { run: look } = ruleWorld(planOf([behind({ clusters: ['c2'] })]));
    const { published, seen } = await look(0, { n1: loud });
    expect([Object.keys(published), seen]).toEqual([
      ['nats_findings_open critical', 'nats_findings_open warning'],
      ['n1 SERVER_102 ok: every endpoint answers'],
    ]);
  });

  it('does nothing for a minute that was run before', async () => {
    const { run: look, world } = ruleWorld(planOf([behind()]));
    await look(0, { n1: loud });
    const again = await run(
      ruleSeries,
      { ...watchOf(ruleSeries), plan: planOf([behind()]) },
      world.ports(),
      minute(0),
    );
    expect([again, world.taken.datapoints]).toEqual([null, []]);
  });

  it('says on each server how its rules stand', async () => {
    const rules = [
      behind({ forMs: 0 }),
      alertOf('Many', 'gnatsd_varz_mem * 1 > 1e12'),
      alertOf('Other', 'gnatsd_varz_jetstream_stats_accounts * 1 > 5'),
    ];
    const { run: look } = ruleWorld(planOf(rules), ['n1', 'n2']);
    const { seen } = await look(0, { n1: loud, n2: quiet });
    expect(seen.filter((line) => line.includes('SERVER_102') || line.startsWith('cluster'))).toEqual([
      'n1 SERVER_102 ok: 2 evaluated rules, 1 firing',
      'n2 SERVER_102 ok: 2 evaluated rules, none fires',
      'cluster RULE_101 ok: 3 rules evaluated',
    ]);
    expect(seen.find((line) => line.includes('Other'))).toBe(
      'n1 Other not-applicable: n1 does not show gnatsd_varz_jetstream_stats_accounts',
    );
  });
});

describe('a finding of a rule', () => {
  it('is told again after a day, and ends after two looks without it, five minutes old at least', async () => {
    const { run: look } = ruleWorld(planOf([behind({ forMs: 0 })]));
    const day = 24 * 60;
    const minutes = [0, 1, day - 1, day, day + 1];
    const reported: string[] = [];
    for (const n of minutes)
      reported.push(...(await look(n, { n1: loud })).reported.map((text) => `${n} ${text}`));
    for (const n of [day + 2, day + 3]) {
      reported.push(...(await look(n, { n1: quiet })).reported.map((text) => `${n} ${text}`));
    }
    expect(reported).toEqual([
      '0 opened Behind n1',
      `${day} reminded Behind n1`,
      `${day + 3} resolved Behind n1`,
    ]);
  });

  it('that began after the first run has a known beginning, and says how its value moved', async () => {
    const { run: look } = ruleWorld(planOf([behind({ forMs: 0 })]));
    await look(0, { n1: quiet });
    await look(1, { n1: loud });
    const { findings } = await look(2, { n1: consumers({ a: 50 }) });
    expect(findings[0]).toMatchObject({
      since: '2026-11-20T10:01:00.000Z',
      durationKnown: true,
      trend: 'up from 30',
      evidence: [expect.stringMatching(/consumer_name=a: 50 since 2026-11-20 10:01 UTC$/)],
    });
  });

  it('about connections neither tells nor keeps who is logged in, nor with what', async () => {
    const secret = 'eyJzZWNyZXQ';
    const row = { cid: 7, kind: 'Client', ip: '10.0.0.9', port: 5_000, name: 'web', pending_bytes: 50 };
    const connz = { connections: [{ ...row, authorized_user: secret, jwt: secret, nonce: secret }] };
    const slow = alertOf('Slow', 'gnatsd_connz_pending_bytes{kind="Client"} > 10');
    const { run: look, world } = ruleWorld(planOf([slow]));
    const { findings } = await look(0, { n1: { paths: { '/connz': connz } } });
    const kept = await world.memory.claim({ check: 'rule-series', cluster: 'c1' }, minute(1));
    expect(findings[0]?.evidence).toEqual([
      'n1 name=web cid=7 ip=10.0.0.9 port=5000: 50 since 2026-11-20 10:00 UTC',
    ]);
    expect(
      [JSON.stringify(world.taken.messages), kept?.saved].filter((text) => text?.includes(secret)),
    ).toEqual([]);
  });
});

describe('a server that stops answering', () => {
  const plan = planOf([behind({ forMs: 0 })]);
  const names = ['n1', 'n2'];

  it('is unknown, not well, and its finding stays as nobody looks', async () => {
    const { run: look } = ruleWorld(plan, names);
    await look(0, { n1: quiet, n2: loud });
    const ran: Ran[] = [];
    for (let n = 1; n < 8; n += 1) ran.push(await look(n, { n1: quiet }));
    expect(ran.flatMap(({ reported }) => reported)).toEqual([]);
    expect(ran[6]?.seen).toEqual([
      'n1 SERVER_102 ok: 1 evaluated rule, does not fire',
      'n1 Behind ok: Behind does not fire: 3',
      'n2 SERVER_102 unknown: no reply: unreachable',
      'n2 Behind unknown: no reply: unreachable',
      'cluster RULE_101 ok: 1 rule evaluated',
    ]);
    // As in Prometheus, where its series have ended.
    expect(ran[6]?.published['nats_rule Behind n2']).toEqual([10]);
    const later = [await look(8, { n1: quiet, n2: quiet }), await look(9, { n1: quiet, n2: quiet })];
    expect(later.flatMap(({ reported }) => reported)).toEqual(['resolved Behind n2']);
  });

  it('as the last of all leaves no rule evaluated, on the cluster too', async () => {
    const { run: look } = ruleWorld(plan, names);
    await look(0, { n1: quiet, n2: quiet });
    const { report, seen } = await look(1, {});
    expect(report.entries.map(({ target, outcome }) => [target, outcome])).toEqual([
      ['n1', 'unknown'],
      ['n2', 'unknown'],
      [null, 'unknown'],
    ]);
    expect(seen.at(-1)).toBe(
      'cluster RULE_101 unknown: 1 of 1 rule had nothing to read: no reply: unreachable',
    );
  });

  it('in one endpoint is unknown there, and that is told if it lasts', async () => {
    const { run: look } = ruleWorld(plan);
    const blind = { n1: { paths: { '/jsz': failing('timeout') } } };
    await look(0, { n1: quiet });
    const first = await look(1, blind);
    expect(first.seen).toEqual([
      'n1 SERVER_102 ok: /jsz?consumers=true&config=true&raft=true does not answer in time (timeout) (limit crossed, but not for long enough yet)',
      'n1 Behind unknown: no reply: timeout',
      'cluster RULE_101 unknown: 1 of 1 rule had nothing to read: no reply: timeout',
    ]);
    const reported: string[] = [];
    for (let n = 2; n < 18; n += 1)
      reported.push(...(await look(n, blind)).reported.map((text) => `${n} ${text}`));
    expect(reported).toEqual(['16 opened SERVER_102 /jsz?consumers=true&config=true&raft=true']);
  });

  it('with another shape is unknown there', async () => {
    const { run: look } = ruleWorld(plan);
    const { seen } = await look(0, { n1: { paths: { '/jsz': { account_details: 5 } } } });
    expect(seen[1]).toBe(
      'n1 Behind unknown: n1 /jsz?consumers=true&config=true&raft=true: account_details: expected a list',
    );
  });

  it('in an endpoint that another check tells of is told there alone', async () => {
    const far = alertOf('Far', 'gnatsd_leafz_conn_rtt > 5');
    const { run: look } = ruleWorld(planOf([far]));
    const { seen } = await look(0, { n1: { leafz: failing('timeout') } });
    expect(seen.slice(0, 2)).toEqual([
      'n1 SERVER_102 ok: 0 evaluated rules, 1 unknown',
      'n1 Far unknown: no reply: timeout',
    ]);
  });

  it('makes rules over all servers unknown, which say what the others give', async () => {
    const all = alertOf('All', 'sum(jetstream_consumer_num_pending) > 10');
    const { run: look } = ruleWorld(planOf([all]), names);
    const { seen, published } = await look(0, { n1: quiet });
    expect(seen.filter((line) => line.includes(' All '))).toEqual([
      'cluster All unknown: All does not fire: 3; n2 could not be read',
    ]);
    expect(published['nats_rule All']).toEqual([3]);
  });

  it('is no silence for a rule about that', async () => {
    const down = alertOf('Down', 'sum(up) < 2');
    const { run: look } = ruleWorld(planOf([down]), names);
    const { seen, published } = await look(0, { n1: quiet });
    expect(seen.filter((line) => line.includes(' Down '))).toEqual(['cluster Down warning: Down fires']);
    expect(published['nats_rule Down']).toEqual([1]);
  });
});

describe('a function that starts anew', () => {
  it('goes on after an hour without runs as Prometheus would: what waits begins anew', async () => {
    const { run: look } = ruleWorld(planOf([behind()]));
    await look(0, { n1: quiet });
    await look(1, { n1: loud });
    const ran = [await look(62, { n1: loud }), await look(63, { n1: loud }), await look(64, { n1: loud })];
    expect(ran.map(({ reported }) => reported)).toEqual([[], [], ['opened Behind n1']]);
  });

  it('starts as on a first run where memory of rules is unreadable, says so once, and keeps findings', async () => {
    const { run: look, world } = ruleWorld(planOf([behind({ forMs: 0 })]));
    await look(0, { n1: loud });
    const claimed = await world.memory.claim({ check: 'rule-series', cluster: 'c1' }, minute(1));
    const state = JSON.parse(claimed?.saved ?? '') as Record<string, unknown>;
    await claimed?.save(JSON.stringify({ ...state, rules: { kept: 'a text' } }), {
      datapoints: [],
      messages: [],
    });
    const broken = await look(2, { n1: loud });
    const mended = await look(3, { n1: loud });
    expect([broken.reported, broken.found, broken.warnings, mended.warnings]).toEqual([
      [],
      ['Behind n1'],
      [
        'rule-series, cluster c1: memory of rules is unreadable, starting as on a first run ' +
          '{"reason":"sample memory: unexpected shape at \\"\\": Invalid input: expected object, received undefined"}',
      ],
      [],
    ]);
  });

  it('takes what an older release kept, without rules, for a first run, and says nothing', async () => {
    const { run: look, world } = ruleWorld(planOf([behind()]));
    await look(0, { n1: loud });
    const claimed = await world.memory.claim({ check: 'rule-series', cluster: 'c1' }, minute(1));
    const state = JSON.parse(claimed?.saved ?? '') as Record<string, unknown>;
    await claimed?.save(JSON.stringify({ ...state, rules: undefined }), { datapoints: [], messages: [] });
    const { warnings, published } = await look(2, { n1: quiet });
    expect([warnings, published['nats_rule Behind n1']]).toEqual([[], [3]]);
  });
});

describe('a deployment that changes rules while one fires', () => {
  const firing = async (names?: readonly string[]) => {
    const world = ruleWorld(planOf([behind({ forMs: 0 })]), names);
    await world.run(0, { n1: loud, n2: loud });
    return world;
  };

  it('ends the finding of a rule that is gone, and says so', async () => {
    const { run: look } = await firing();
    const { report, found } = await look(1, { n1: loud }, { plan: planOf([]) });
    expect(
      report.notices.map(({ kind, finding }) => [kind, finding.diagnosis, finding.title, finding.alarm]),
    ).toEqual([['resolved', 'Behind', 'no longer checked', null]]);
    expect(found).toEqual([]);
  });

  it('ends the finding of the old name and opens one of the new', async () => {
    const { run: look } = await firing();
    const renamed = planOf([behind({ forMs: 0, id: 'Late', alert: 'Late' })]);
    const { reported, published } = await look(1, { n1: loud }, { plan: renamed });
    expect(reported.toSorted()).toEqual(['opened Late n1', 'resolved Behind n1']);
    expect(Object.keys(published).filter((name) => name.startsWith('nats_rule'))).toEqual([
      'nats_rule Late n1',
    ]);
  });

  it('ends a finding that a new threshold no longer holds, as any other', async () => {
    const { run: look } = await firing();
    const plan = planOf([behind({ forMs: 0, expr: 'jetstream_consumer_num_pending > 100' })]);
    const reported: string[] = [];
    for (let n = 1; n < 7; n += 1) {
      const ran = await look(n, { n1: loud }, { plan });
      reported.push(...ran.reported.map((text) => `${n} ${text}`));
      expect(rulePoints(ran)).toEqual([30]);
    }
    expect(reported).toEqual(['5 resolved Behind n1']);
  });

  it('tells a finding that a new threshold makes with that threshold', async () => {
    const { run: look } = await firing();
    const { findings } = await look(
      1,
      { n1: loud },
      { plan: planOf([behind({ forMs: 0, expr: 'jetstream_consumer_num_pending > 20' })]) },
    );
    expect(findings.map(({ observed, limit }) => [observed, limit])).toEqual([[30, 20]]);
  });

  it('raises it with the severity of the rule, and pages by no other alarm than the new one', async () => {
    const { run: look } = await firing();
    const plan = planOf([behind({ forMs: 0, severity: 'critical' })]);
    const { reported, published, findings } = await look(1, { n1: loud }, { plan });
    expect([reported, findings.map(({ alarm }) => alarm)]).toEqual([
      ['raised Behind n1'],
      ['nats/c1/Behind/n1/critical'],
    ]);
    expect([published['nats_findings_open critical'], published['nats_findings_open warning']]).toEqual([
      [0],
      [0],
    ]);
  });

  it('lowers it with the severity of the rule, and pages by no other alarm meanwhile', async () => {
    const world = ruleWorld(planOf([behind({ forMs: 0, severity: 'critical' })]));
    await world.run(0, { n1: loud });
    const reported: string[] = [];
    const open: unknown[] = [];
    for (let n = 1; n < 7; n += 1) {
      const ran = await world.run(n, { n1: loud }, { plan: planOf([behind({ forMs: 0 })]) });
      reported.push(...ran.reported.map((text) => `${n} ${text}`));
      open.push(
        ran.published['nats_findings_open critical']?.[0],
        ran.published['nats_findings_open warning']?.[0],
      );
    }
    expect([reported, new Set(open)]).toEqual([['5 lowered Behind n1'], new Set([0])]);
  });

  it('ends the finding of a server that the rule no longer selects', async () => {
    const { run: look } = await firing(['n1', 'n2']);
    const plan = planOf([behind({ forMs: 0, expr: 'jetstream_consumer_num_pending{server_id="n1"} > 10' })]);
    const { reported, found } = await look(1, { n1: loud, n2: loud }, { plan });
    expect([reported, found]).toEqual([['resolved Behind n2'], ['Behind n1']]);
  });

  it('ends the findings of servers where alarms are by cluster now', async () => {
    const { run: look } = await firing(['n1', 'n2']);
    const plan = planOf([behind({ forMs: 0 })], { per: 'cluster' });
    const { reported, published } = await look(1, { n1: loud, n2: loud }, { plan });
    expect(reported.toSorted()).toEqual(['opened Behind c1', 'resolved Behind n1', 'resolved Behind n2']);
    expect(Object.keys(published).filter((name) => name.startsWith('nats_rule'))).toEqual([
      'nats_rule Behind',
    ]);
  });
});

describe('a rule that cannot be evaluated', () => {
  /** Two consumers of one stream on the side that must have one. */
  const ambiguous = (changes = {}) =>
    alertOf(
      'Share',
      'jetstream_consumer_num_pending / on (stream_name) jetstream_consumer_num_ack_pending > 100',
      changes,
    );
  const two = { n1: { paths: { '/jsz': pendingAndAcks(['a', 'b']) } } };
  const one = { n1: { paths: { '/jsz': pendingAndAcks(['a']) } } };

  it('opens a finding of its own that counts, as no alarm is about it, and keeps the others going', async () => {
    const { run: look } = ruleWorld(planOf([ambiguous(), behind({ forMs: 0 })]));
    const reported: string[] = [];
    let last: Ran | undefined;
    await look(0, { n1: quiet });
    for (let n = 1; n < 6; n += 1) {
      last = await look(n, two);
      reported.push(...last.reported.map((text) => `${n} ${text}`));
    }
    expect(reported).toEqual(['1 opened Behind n1', '4 opened RULE_101 Share']);
    expect(last?.findings.find(({ diagnosis }) => diagnosis === 'RULE_101')).toMatchObject({
      title: 'A deployed rule cannot be evaluated',
      severity: 'warning',
      target: null,
      entity: { kind: 'rule', name: 'Share' },
      summary: expect.stringMatching(/^The rule Share cannot be evaluated: .*consumer_name/) as string,
      evidence: [ambiguous().expr],
      commands: [
        'nats server report jetstream',
        "curl -s 'http://n1:8222/jsz?consumers=true&config=true&raft=true'",
      ],
      alarm: null,
    });
    expect(last?.published).toMatchObject({
      'nats_rule Behind n1': [30],
      'nats_findings_open warning': [1],
      'nats_findings_open critical': [0],
    });
    expect(Object.keys(last?.published ?? {})).not.toContain('nats_rule Share');
    expect(last?.warnings).toEqual([
      expect.stringMatching(/^rule-series, cluster c1: rule Share cannot be evaluated/),
    ]);
  });

  it('ends it when it can be', async () => {
    const { run: look } = ruleWorld(planOf([ambiguous()]));
    for (let n = 0; n < 4; n += 1) await look(n, two);
    const reported: string[] = [];
    for (let n = 4; n < 9; n += 1)
      reported.push(...(await look(n, one)).reported.map((text) => `${n} ${text}`));
    expect(reported).toEqual(['5 resolved RULE_101 Share']);
  });

  it('leaves a finding that it fires as it is: nobody knows', async () => {
    const rule = ambiguous({
      expr: `(jetstream_consumer_num_pending / on (stream_name) group_right () jetstream_consumer_num_ack_pending) > 1`,
    });
    const { run: look } = ruleWorld(planOf([rule]));
    await look(0, one);
    const ran: Ran[] = [];
    for (let n = 1; n < 9; n += 1) ran.push(await look(n, two));
    expect(ran.flatMap(({ reported }) => reported)).toEqual(['opened RULE_101 Share']);
    expect(ran[7]?.seen.find((line) => line.startsWith('n1 Share'))).toBe(
      'n1 Share unknown: Share could not be evaluated',
    );
  });

  it('is told of a recording rule too: what reads it stops firing without a word', async () => {
    const recording = recordingOf('share', ambiguous().expr);
    const { run: look } = ruleWorld(planOf([recording, alertOf('High', 'share > 1')]));
    const { reported, seen } = await look(0, two);
    expect(reported).toEqual(['opened RULE_101 share']);
    expect(seen.filter((line) => line.includes('RULE_101'))).toEqual([
      'cluster RULE_101 warning: of 2 rules these cannot be evaluated: share',
    ]);
  });
});

/** What `/jsz` says of consumers that have 30 messages pending and 10 unacknowledged each. */
function pendingAndAcks(names: readonly string[]): object {
  const text = JSON.stringify(jsz(Object.fromEntries(names.map((name) => [name, 30]))));
  return JSON.parse(text.replaceAll('"num_pending":30', '"num_pending":30,"num_ack_pending":10')) as object;
}

describe('samples that memory has no room for', () => {
  it('silence the rules that read them until they fit for an hour, which is told, and no others', async () => {
    const rules = [behind({ expr: 'max_over_time(jetstream_consumer_num_pending[5m]) > 1e9', forMs: 0 })];
    const slow = alertOf('Slow', 'increase(gnatsd_varz_slow_consumers[5m]) > 0');
    const { run: look } = ruleWorld(planOf([...rules, slow]));
    const next = noise(1);
    const many = () =>
      consumers(Object.fromEntries(Array.from({ length: 25_000 }, (_each, i) => [`c${i}`, next() % 1e8])));
    const ran: Ran[] = [];
    for (let n = 0; n < 7; n += 1) ran.push(await look(n, { n1: many() }));
    const publishing = (name: string) =>
      ran.flatMap(({ published }, n) => (`nats_rule ${name} n1` in published ? [n] : []));
    expect([publishing('Behind'), publishing('Slow')]).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3, 4, 5, 6],
    ]);
    expect(ran.flatMap(({ reported }, n) => reported.map((text) => `${n} ${text}`))).toEqual([
      '6 opened RULE_101 Behind',
    ]);
    expect(ran.at(-1)?.findings.map(({ summary }) => summary)).toEqual([
      `The rule Behind cannot be evaluated: samples of jetstream_consumer_num_pending take more room than memory has (${mostRuleBytes / 1_000} KB).`,
    ]);

    // Three minutes fit: it was too much again in minute 5.
    const again: number[] = [];
    for (let n = 7; n < 67; n += 1) {
      if ('nats_rule Behind n1' in (await look(n, { n1: quiet })).published) again.push(n);
    }
    expect(again).toEqual([65, 66]);
  });
});
