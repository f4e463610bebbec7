import jetStreamServer from '../../../lambdas/checks/jetstream-server.ts';
import { describe, expect, it } from 'vitest';
import { alarmLine, type AlarmSpec } from '../../../infra/cloudwatch/alarm-spec.ts';
import { planFor } from '../../../lambdas/rules/plan.ts';
import { deployed } from '../rules.ts';

const hub = (n: number, labels = {}) => ({ name: `hub${n}`, url: `http://hub${n}:8222`, labels });
const prod = { name: 'prod', targets: [hub(1), hub(2)] };
const one = { name: 'prod', targets: [hub(1)] };

type Given = Readonly<Record<string, unknown>>;
const fileOf = (...rules: readonly Given[]) => JSON.stringify({ groups: [{ name: 'g', rules }] });
const alert = (expr: string, more: Given = {}): Given => ({
  alert: 'Alert',
  expr,
  labels: { severity: 'critical' },
  ...more,
});
const translated = (rules: readonly Given[], settings: Given = {}) =>
  deployed({ clusters: [prod], ...settings }, fileOf(...rules)).translated;
const lines = (rules: readonly Given[], settings: Given = {}) =>
  translated(rules, settings).specs.map(alarmLine);

const promql = { alarms: { engine: 'promql' } };

describe('a rule that compares one series of servers with a constant', () => {
  it('is an alarm on that series for each server', () => {
    expect(lines([alert('gnatsd_varz_mem > 200 * 1024 * 1024', { for: '5m' })])).toEqual([
      'nats/prod/Alert/hub1/critical | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub1} > 209715200 | 6 x 60 s | missing=notBreaching | critical',
      'nats/prod/Alert/hub2/critical | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub2} > 209715200 | 6 x 60 s | missing=notBreaching | critical',
    ]);
  });

  it.each([
    ['up == 0', 'Minimum up{cluster=prod,server_id=hub1} < 1 | 1 x 60 s | missing=ignore'],
    ['up > 0', 'Maximum up{cluster=prod,server_id=hub1} > 0 | 1 x 60 s | missing=notBreaching'],
    [
      'gnatsd_varz_routes < 2',
      'Minimum gnatsd_varz_routes{cluster=prod,server_id=hub1} < 2 | 1 x 60 s | missing=notBreaching',
    ],
    [
      '10 <= nats_varz_routes',
      'Maximum gnatsd_varz_routes{cluster=prod,server_id=hub1} >= 10 | 1 x 60 s | missing=notBreaching',
    ],
    [
      'acme_varz_routes == 0',
      'Minimum gnatsd_varz_routes{cluster=prod,server_id=hub1} <= 0 | 1 x 60 s | missing=notBreaching',
    ],
  ])('%s: with the worst value of a minute, in any spelling', (expr, line) => {
    expect(lines([alert(expr)], { clusters: [one] })).toEqual([
      `nats/prod/Alert/hub1/critical | ${line} | critical`,
    ]);
  });

  it('has the series published that no check publishes anyway', () => {
    const { plan } = translated([
      alert('gnatsd_connz_num_connections > 1'),
      alert('gnatsd_varz_mem > 1'),
      alert('nats_varz_mem > 2'),
      alert('gnatsd_varz_cpu / gnatsd_varz_gomaxprocs > 80'),
    ]);
    expect(plan.series).toEqual(['gnatsd_varz_mem']);
  });
});

describe('any other rule', () => {
  it.each([
    [
      'a share of two series',
      alert('gnatsd_varz_cpu / gnatsd_varz_gomaxprocs > 80', { for: '2m' }),
      'hub1/critical | Maximum nats_rule{cluster=prod,rule=Alert,server_id=hub1} > 80 | 3 x 60 s | missing=ignore',
    ],
    [
      'a sum over servers',
      alert('sum(gnatsd_varz_routes) < 4'),
      'critical | Minimum nats_rule{cluster=prod,rule=Alert} < 4 | 1 x 60 s | missing=ignore',
    ],
    [
      'a condition without a value',
      alert('changes(gnatsd_varz_start[5m]) and gnatsd_varz_cpu', { for: '1m' }),
      'hub1/critical | Maximum nats_rule{cluster=prod,rule=Alert,server_id=hub1} >= 1 | 2 x 60 s | missing=ignore',
    ],
    [
      'one that goes on firing',
      alert('up == 0', { for: '5m', keep_firing_for: '10m' }),
      'hub1/critical | Maximum nats_rule{cluster=prod,rule=Alert,server_id=hub1} >= 1 | 1 x 60 s | missing=ignore',
    ],
    [
      'one of absence',
      alert('absent(up{job="nats"})', { for: '5m' }),
      'critical | Maximum nats_rule{cluster=prod,rule=Alert} >= 1 | 6 x 60 s | missing=ignore',
    ],
    [
      'one of absence among others',
      alert('sum(up) == 0 or absent_over_time(up[5m])'),
      'critical | Maximum nats_rule{cluster=prod,rule=Alert} >= 1 | 1 x 60 s | missing=ignore',
    ],
    [
      'one of absence only where something else is there',
      alert('gnatsd_varz_cpu > 1 and on () absent(gnatsd_varz_mem)'),
      'hub1/critical | Maximum nats_rule{cluster=prod,rule=Alert,server_id=hub1} > 1 | 1 x 60 s | missing=ignore',
    ],
    [
      'one that always fires',
      alert('vector(1)'),
      'critical | Maximum nats_rule{cluster=prod,rule=Alert} >= 1 | 1 x 60 s | missing=ignore',
    ],
  ])('%s: is an alarm on what is published of it', (_, rule, line) => {
    expect(lines([rule], { clusters: [one] })).toEqual([`nats/prod/Alert/${line} | critical`]);
  });

  it('is one alarm for the worst server where settings want that, a plain one too', () => {
    const rules = [alert('gnatsd_varz_mem > 5'), alert('rate(gnatsd_varz_in_msgs[5m]) > 9')];
    expect(lines(rules, { alarms: { per: 'cluster' } })).toEqual([
      'nats/prod/Alert/critical | Maximum nats_rule{cluster=prod,rule=Alert} > 5 | 1 x 60 s | missing=ignore | critical',
      'nats/prod/Alert-3a1b2c/critical | Maximum nats_rule{cluster=prod,rule=Alert-critical} > 9 | 1 x 60 s | missing=ignore | critical',
    ]);
  });
});

describe('matchers', () => {
  const labelled = {
    clusters: [
      {
        name: 'prod',
        labels: { namespace: 'nats' },
        targets: [hub(1, { zone: 'a' }), hub(2, { zone: 'b' })],
      },
      { name: 'edge', targets: [{ ...hub(3), labels: { job: 'edge' } }] },
    ],
  };
  it.each([
    ['up{job="nats"} == 0', ['prod hub1', 'prod hub2']],
    ['up{namespace="nats", zone!="a"} == 0', ['prod hub2']],
    ['up{instance=~"hub[13]:8222"} == 0', ['prod hub1', 'edge hub3']],
    ['up{server_id="hub3"} == 0', ['edge hub3']],
    ['sum(up{job="edge"}) == 0', ['edge all']],
  ])('%s: alarms are of the servers that the rule selects', (expr, places) => {
    const { specs } = translated([alert(expr)], labelled);
    expect(specs.map(({ cluster, target }) => `${cluster} ${target ?? 'all'}`)).toEqual(places);
  });

  it('that select no server are refused with what settings give', () => {
    const reasonOf = (expr: string) => translated([alert(expr)], labelled).rules[0]?.reason;
    expect([
      reasonOf('up{job="exporter"} == 0'),
      reasonOf('sum(rate(gnatsd_varz_in_msgs{pod=~"nats-.+"}[5m])) > 1'),
      reasonOf('up{zone="a", job="edge"} == 0'),
    ]).toEqual([
      'up{job="exporter"} selects no server: job is "nats", "edge"; settings give labels to clusters and targets',
      'gnatsd_varz_in_msgs{pod=~"nats-.+"} selects no server: none has the label pod, only job, instance, namespace, zone, server_id; settings give labels to clusters and targets',
      'its selectors together select no server; compare them with the labels of clusters and targets in settings',
    ]);
  });
});

describe('a cluster whose servers are found by a DNS name', () => {
  const named = { name: 'eks', labels: { env: 'prod' }, targets: [{ dns: 'nats.internal', port: 8222 }] };
  const settings = { clusters: [prod, named] };
  const placesOf = (...rules: readonly Given[]) =>
    translated(rules, settings).specs.map(({ cluster, target, name }) => [cluster, target, name]);

  it('has an alarm a rule, while others have one a server', () => {
    expect(lines([alert('gnatsd_varz_mem > 5', { for: '2m' })], settings)).toEqual([
      'nats/prod/Alert/hub1/critical | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub1} > 5 | 3 x 60 s | missing=notBreaching | critical',
      'nats/prod/Alert/hub2/critical | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub2} > 5 | 3 x 60 s | missing=notBreaching | critical',
      'nats/eks/Alert/critical | Maximum nats_rule{cluster=eks,rule=Alert} > 5 | 3 x 60 s | missing=ignore | critical',
    ]);
  });

  it('publishes no series of a server that only alarms of servers compare', () => {
    const { plan } = translated([alert('gnatsd_varz_mem > 5')], settings);
    expect([plan.series, plan.foundByName]).toEqual([['gnatsd_varz_mem'], ['eks']]);
    expect([planFor(plan, 'prod'), planFor(plan, 'eks')].map(({ per, series }) => [per, series])).toEqual([
      ['server', ['gnatsd_varz_mem']],
      ['cluster', []],
    ]);
  });

  it('has them whichever cluster stands first, and with it the memory that they take', () => {
    const first = translated([alert('gnatsd_varz_mem > 5')], { clusters: [named, prod] });
    expect([first.plan.series, first.specs.map(({ cluster }) => cluster)]).toEqual([
      ['gnatsd_varz_mem'],
      ['eks', 'prod', 'prod'],
    ]);
  });

  it.each([
    ['the name of a server that may be there', 'up{server_id="nats-0"} == 0'],
    ['an address that may be there', 'up{instance=~"10[.]0[.].*:8222"} == 0'],
    ['what settings say of them', 'up{env="prod", job="nats"} == 0'],
    ['one that may be absent', 'absent(up{server_id="nats-2"})'],
    ['one in a sum', 'sum(rate(gnatsd_varz_in_msgs{server_id=~"nats-.*"}[5m])) > 1'],
  ])('has rules that ask for %s', (_what, expr) => {
    expect(placesOf(alert(expr))).toContainEqual(['eks', null, 'nats/eks/Alert/critical']);
  });

  it('refuses rules that ask for what none of its servers can have', () => {
    const reasonOf = (expr: string) =>
      translated([alert(expr)], { clusters: [named] }).rules.map(({ reason }) => reason);
    expect([...reasonOf('up{env="test"} == 0'), ...reasonOf('up{pod="nats-0"} == 0')]).toEqual([
      'up{env="test"} selects no server: env is "prod"; settings give labels to clusters and targets',
      'up{pod="nats-0"} selects no server: none has the label pod, only job, instance, env, server_id; settings give labels to clusters and targets',
    ]);
  });

  it('is asked word for word with the engine promql', () => {
    const { specs, plan } = translated([alert('up{server_id="nats-0"} == 0')], {
      clusters: [named],
      ...promql,
    });
    expect([plan.per, plan.foundByName, specs.map(({ compared }) => compared)]).toEqual([
      'server',
      [],
      [
        {
          kind: 'promql',
          query: 'up{server_id="nats-0"} == 0\nunless nats_down_together == 1',
          pendingSeconds: 0,
          recoverySeconds: 0,
        },
        expect.objectContaining({ kind: 'metric' }),
      ],
    ]);
  });

  it('has alarms whose texts and tags are those of the cluster', () => {
    const annotations = { summary: '{{ $labels.server_id }} is down' };
    const { specs, rules } = translated([alert('up == 0', { annotations })], { clusters: [named] });
    expect(specs.map(({ description, tags }) => [description.split('\n'), tags])).toEqual([
      [
        expect.arrayContaining(['NATS cluster eks: a NATS server is down, as of the last minute.']),
        { env: 'prod', cluster: 'eks', check: 'rule-series', severity: 'critical', rule: 'Alert' },
      ],
    ]);
    expect(rules[0]?.status).toBe('translated');
  });
});

describe('a rule that is told apart from others', () => {
  it('has an id of its own in its series, its alarms and the plan', () => {
    const { rules, plan } = translated([
      alert('sum(up) < 1'),
      alert('sum(up) < 2', { labels: { severity: 'warning' } }),
    ]);
    const planned = plan.groups.flatMap((group) =>
      group.rules.flatMap((rule) => (rule.kind === 'alert' ? [`${rule.id} ${rule.severity}`] : [])),
    );
    expect([rules.map(({ id }) => id), planned]).toEqual([
      ['Alert', 'Alert-warning'],
      ['Alert critical', 'Alert-warning warning'],
    ]);
  });

  it('is told to the topic of its severity, as settings map it, and carries its other labels', () => {
    const rules = [
      alert('up == 0', { labels: { severity: 'wichtig', team: 'messaging' } }),
      alert('up == 0', { alert: 'Other', labels: {} }),
    ];
    const settings = { clusters: [one], alarms: { severities: { wichtig: 'critical' } } };
    const { specs, rules: reported } = translated(rules, settings);
    expect(specs.map(({ severity, tags }) => [severity, tags['team']])).toEqual([
      ['critical', 'messaging'],
      ['warning', undefined],
    ]);
    expect(reported.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([[], ['severity']]);
  });

  it('says in its description what it knows of the server', () => {
    const annotations = {
      summary: '{{ $labels.server_id }} ({{ $labels.job }}) is down',
      runbook_url: 'https://wiki.example/down',
    };
    const { specs } = translated([alert('up == 0', { for: '5m', annotations })], { clusters: [one] });
    expect(specs[0]?.description).toBe(
      [
        'NATS server hub1 (hub1:8222) (nats) is down for 6 minutes.',
        'First: Look at the graph of this alarm, the log of hub1, and http://hub1:8222/varz from inside its network.',
        'Finding: none; the graph of this alarm in CloudWatch has the values.',
        'Rule Alert: up == 0, for 5 min.',
        'Runbook: https://wiki.example/down',
      ].join('\n'),
    );
  });

  it('is warned of where its runbook is a path, which opens nowhere; an address is none, nor what a template makes', () => {
    const codes = (runbook_url: string) =>
      translated([alert('up == 0', { annotations: { runbook_url } })]).rules[0]?.warnings.map(
        ({ code }) => code,
      );
    expect(
      ['runbooks/nats.md', '/wiki/down', 'wiki.example/down', 'see the wiki'].map((each) => codes(each)),
    ).toEqual(Array.from({ length: 4 }, () => ['runbook']));
    expect(
      [
        'https://wiki.example/down',
        'http://wiki.internal/down',
        'https://wiki.example/{{ $labels.server_id }}',
        '{{ $externalURL }}/x',
        '',
      ].flatMap((each) => codes(each)?.filter((code) => code === 'runbook')),
    ).toEqual([]);
  });

  it('says that its graph is 0 or 1 where that is what is published, and leaves comments out', () => {
    const { specs } = translated([alert('# once a day\nabsent(up) # gone')]);
    expect(specs[0]?.description.split('\n')).toEqual([
      'NATS cluster prod: Alert fires (absent(up)), as of the last minute.',
      expect.stringMatching(/^First: /),
      'Finding: Alert of check rule-series, on SNS topic nats-cloudwatch-findings, has the values.',
      'Rule Alert: absent(up). Its graph is 1 while the expression has a result, else 0.',
      'Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring',
    ]);
  });

  it('says that its graph is 1 while the alert fires where that goes on after its expression has ended', () => {
    const { specs } = translated([alert('absent(up)', { keep_firing_for: '5m' })]);
    expect(specs[0]?.description.split('\n')[3]).toBe(
      'Rule Alert: absent(up). Its graph is 1 while it fires, else 0.',
    );
  });
});

describe('recorded names', () => {
  const record = (name: string, expr: string): Given => ({ record: name, expr });
  const pending = record('pending:max', 'max by (stream_name) (jetstream_consumer_num_pending)');

  it('are evaluated with the rules that read them, and those that none reads are left out and told', () => {
    const { plan, rules } = translated([
      record('unread', 'up'),
      pending,
      record('pending:twice', 'pending:max * 2'),
      alert('pending:twice > 10'),
    ]);
    expect(plan.groups.flatMap((group) => group.rules.map((rule) => rule.expr))).toEqual([
      'max by (stream_name) (jetstream_consumer_num_pending)',
      'pending:max * 2',
      'pending:twice > 10',
    ]);
    expect(
      rules.map(({ alert: name, kind, warnings, series }) => [
        name,
        kind,
        warnings.map(({ code }) => code),
        series,
      ]),
    ).toEqual([
      ['unread', 'record', ['unused'], ['up']],
      ['pending:max', 'record', [], ['jetstream_consumer_num_pending']],
      ['pending:twice', 'record', [], ['jetstream_consumer_num_pending']],
      ['Alert', 'alert', expect.any(Array), ['jetstream_consumer_num_pending']],
    ]);
  });

  it('are written out for CloudWatch, which records nothing', () => {
    const { specs } = translated([pending, alert('max_over_time(pending:max[2m]) > 1')], promql);
    expect(specs[0]?.compared).toEqual({
      kind: 'promql',
      query: 'max_over_time((max by (stream_name) (jetstream_consumer_num_pending))[2m:1m]) > 1',
      pendingSeconds: 0,
      recoverySeconds: 0,
    });
  });

  it('whose recording rule is refused refuse what reads them', () => {
    const { rules, plan } = translated([record('a', 'kube_pod_info'), record('b', 'a * 2'), alert('b > 1')]);
    const unknown = expect.stringContaining('no NATS exporter has kube_pod_info') as string;
    expect(rules.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
    expect(rules[0]?.reason).toEqual(unknown);
    expect(rules[2]?.reason).toMatch(
      /^it reads b, whose recording rule is refused: it reads a, whose recording rule is refused: no NATS exporter has kube_pod_info/,
    );
    expect(plan.groups).toEqual([]);
  });
});

describe('the promql engine', () => {
  it('keeps the expression word for word, with its times, in one alarm a cluster, and guards its series', () => {
    const expr = 'max by (stream_name)\n  (rate(jetstream_stream_last_seq[5m] offset 1h)) > 10 # busy';
    const [alarm, guard, ...more] = translated(
      [alert(expr, { for: '90s', keep_firing_for: '10m' })],
      promql,
    ).specs;
    expect(alarm?.compared).toEqual({
      kind: 'promql',
      query: expr,
      pendingSeconds: 90,
      recoverySeconds: 600,
    });
    expect([alarm, guard].flatMap((spec) => (spec ? [alarmLine(spec)] : []))).toEqual([
      'nats/prod/Alert/critical | PromQL max by (stream_name) (rate(jetstream_stream_last_seq[5m] offset 1h)) > 10 # busy | every 60 s, pending 90 s, recovery 600 s | critical',
      'nats/prod/rule-series/not-sent | Maximum nats_series_sent{cluster=prod} < 1 | 3 x 60 s | missing=ignore | critical',
    ]);
    expect(more).toEqual([]);
  });

  it('has one alarm for all clusters, and says where an expression takes them together', () => {
    const edge = { name: 'edge', targets: [hub(3)] };
    const rules = [
      alert('up == 0', { alert: 'Down' }),
      alert('sum(up) < 3'),
      alert('sum by (server_id) (up) < 3', { alert: 'Each' }),
    ];
    const { specs, rules: reported } = translated(rules, { clusters: [prod, edge], ...promql });
    expect(specs.map(({ name }) => name)).toEqual([
      'nats/nats-cloudwatch/Down/critical',
      'nats/nats-cloudwatch/Alert/critical',
      'nats/nats-cloudwatch/Each/critical',
      'nats/prod/rule-series/not-sent',
      'nats/edge/rule-series/not-sent',
    ]);
    expect(reported.map(({ warnings }) => warnings.filter(({ code }) => code === 'clusters'))).toEqual([
      [],
      [
        {
          code: 'clusters',
          message:
            'word for word it takes the series of all clusters together (prod, edge): tell them apart in the expression, or deploy each by itself',
        },
      ],
      [],
    ]);
  });

  it('without rules has nothing to guard', () => {
    expect(translated([], promql).specs).toEqual([]);
  });
});

describe('a diagnosis is covered by the rule that has its limit', () => {
  const rule = (more: Given = {}) => ({
    alert: 'NatsLeafNodeConnectionIssue',
    expr: 'sum(gnatsd_varz_leafnodes) <= 0',
    labels: { severity: 'critical', diagnosis: 'LEAF_001' },
    ...more,
  });
  const expecting = { ...prod, expect: { leafnodes: 1 } };
  const edge = { name: 'edge', targets: [hub(3)] };
  const ofLeaf = (settings: Given, isBuiltIn = true) =>
    deployed({ clusters: [expecting, edge], ...settings }, fileOf(rule()), { isBuiltIn }).translated;

  it('in the clusters and severities that it is deployed for', () => {
    const alarm = { place: 'prod', rule: 'NatsLeafNodeConnectionIssue', perServer: false };
    const { plan } = ofLeaf({});
    expect(plan.covers).toEqual({ prod: { LEAF_001: { critical: alarm } } });
    expect(plan.groups[0]?.rules[0]).toMatchObject({ clusters: ['prod'] });
  });

  it('by the alarm for all clusters, where there is one', () => {
    const alarm = { place: 'nats-cloudwatch', rule: 'NatsLeafNodeConnectionIssue', perServer: false };
    expect(ofLeaf(promql).plan.covers).toEqual({ prod: { LEAF_001: { critical: alarm } } });
  });

  it('by none where settings take the limit away, or expect no such things', () => {
    const off = { limits: { LEAF_001: { leafnodes: { critical: 'off' } } } };
    const nowhere = { clusters: [edge] };
    expect([off, nowhere].map((settings) => [ofLeaf(settings).plan.covers, ofLeaf(settings).specs])).toEqual([
      [{}, []],
      [{}, []],
    ]);
  });

  describe('that warns earlier, by a threshold of its own,', () => {
    const store = (threshold: number, level: number | 'off', alarms: object = {}) =>
      deployed(
        { clusters: [prod], limits: { SERVER_019: { used: { warning: level } } }, alarms },
        fileOf({
          alert: 'NatsHighJetstreamStoreUsage',
          expr: `gnatsd_varz_jetstream_stats_storage / gnatsd_varz_jetstream_config_max_storage > ${threshold}`,
          for: '5m',
          labels: { severity: 'warning', diagnosis: 'SERVER_019' },
        }),
        { isBuiltIn: true, checks: [jetStreamServer] },
      ).translated;
    const findingIn = ([first]: readonly AlarmSpec[]) => /^Finding:.*$/m.exec(first?.description ?? '')?.[0];

    it('where its alarm is on by the time that the limit is crossed, and only for its severity', () => {
      const alarm = { place: 'prod', rule: 'NatsHighJetstreamStoreUsage', perServer: true };
      const covered = { prod: { SERVER_019: { warning: alarm } } };
      expect([store(0.8, 0.9), store(0.8, 0.8)].map(({ plan }) => plan.covers)).toEqual([covered, covered]);
      expect([store(0.8, 0.79), store(0.8, 'off')].map(({ plan }) => plan.covers)).toEqual([{}, {}]);
    });

    it('and keeps threshold and `for`, whatever the limit is; its text says from when on the finding is there', () => {
      const specs = [0.85, 0.7, 'off' as const].map((level) => store(0.8, level).specs.slice(0, 1));
      expect(specs.map((some) => some.map((each) => [each.threshold, each.evaluationPeriods]))).toEqual([
        [[0.8, 6]],
        [[0.8, 6]],
        [[0.8, 6]],
      ]);
      expect(specs.map(findingIn)).toEqual([
        'Finding: NatsHighJetstreamStoreUsage of check rule-series; from 85 % on SERVER_019 of check jetstream-server, on SNS topic nats-cloudwatch-findings, has the evidence.',
        'Finding: NatsHighJetstreamStoreUsage of check rule-series, on SNS topic nats-cloudwatch-findings, has the values.',
        'Finding: NatsHighJetstreamStoreUsage of check rule-series, on SNS topic nats-cloudwatch-findings, has the values.',
      ]);
    });

    it('and whose text names no finding of a rule that CloudWatch evaluates by itself', () => {
      expect(findingIn(store(0.8, 0.9, { engine: 'promql' }).specs)).toBe(
        "Finding: none yet, the alarm's contributors name the server; from 90 % on SERVER_019 of check jetstream-server, on SNS topic nats-cloudwatch-findings, has the evidence.",
      );
    });
  });

  it("by no rule of a person's own, whose threshold stays as it is written", () => {
    const settings = { limits: { LEAF_001: { leafnodes: { critical: 2 } } } };
    expect(ofLeaf(settings, false).plan.covers).toEqual({});
    expect(ofLeaf(settings, false).specs[0]?.threshold).toBe(0);
    expect(ofLeaf(settings).specs[0]?.threshold).toBe(2);
  });

  it('and a rule that does not fit its diagnosis is an error', () => {
    const misfit = (more: Given) => () =>
      deployed({ clusters: [expecting] }, fileOf(rule(more)), { isBuiltIn: true });
    expect(misfit({ alert: 'Other' })).toThrow(
      'Other names LEAF_001, whose rule is NatsLeafNodeConnectionIssue',
    );
    expect(misfit({ expr: 'absent(up)' })).toThrow(
      'NatsLeafNodeConnectionIssue: "absent(up)" compares nothing with a constant',
    );
  });
});
