import { describe, expect, it } from 'vitest';
import { run } from '../../lambdas/run/run.ts';
import ruleSeries from '../../lambdas/checks/rule-series.ts';
import { minute, watchOf } from '../engine/fake-ports.ts';
import { alertOf, planOf, recordingOf } from '../rules/planned.ts';
import { consumers, ruleWorld, type Ran } from '../rules/rule-world.ts';
import { behind, loud, quiet, rulePoints } from './behind.ts';

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
        manual: 'https://manual.example/checks#rule-series',
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
    ]).toEqual([['Behind n1'], [0], undefined]);
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
      ['nats_findings_open warning'],
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

/** What `/jsz` says of consumers that have 30 messages pending and 10 unacknowledged each. */
