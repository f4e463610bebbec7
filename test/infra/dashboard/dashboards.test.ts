import { describe, expect, it } from 'vitest';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import { defineCheck, defineSeries, minutes } from '../../../lambdas/define.ts';
import { alarmSpecs, compositeSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { dashboardSpecs } from '../../../infra/dashboard/dashboards.ts';
import { notDrawn } from '../../../infra/dashboard/graphs.ts';
import type { GraphWidget, Line, Widget } from '../../../infra/dashboard/spec.ts';
import { understand } from '../../../infra/settings.ts';
import { shownSeries } from '../../../infra/settings/publish.ts';
import { isOwn } from '../../../lambdas/rules/plan.ts';
import { connections, leafnodes } from '../catalogue.ts';

const cluster = (name: string, servers: number) => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({
    name: `n${i + 1}`,
    url: `http://n${i + 1}.${name}:8222`,
  })),
});
function input(settings: object, catalogue = checks) {
  return { checks: catalogue, ...understand({ publish: 'all', ...settings }, 'test', catalogue) };
}
const prod = (servers = 3, more: object = {}) => input({ clusters: [cluster('prod', servers)], ...more });
function widgets(of: ReturnType<typeof input>): readonly Widget[] {
  const [spec] = dashboardSpecs(of);
  if (spec === undefined) throw new Error('no dashboard');
  return spec.widgets;
}
const graphsOf = (of: ReturnType<typeof input>): readonly GraphWidget[] =>
  widgets(of).filter((widget) => widget.kind === 'graph');
const graph = (of: ReturnType<typeof input>, title: string) =>
  graphsOf(of).find((each) => each.title.startsWith(title));
const lineText = (line: Line): string => {
  const { name, dimensions, statistic } = line.metric;
  const labels = Object.entries(dimensions).map(([label, value]) => `${label}=${value}`);
  const metric = `${statistic} ${name}{${labels.join(',')}}`;
  return line.kind === 'metric'
    ? `${line.label}: ${metric}`
    : `by ${line.by}, at most ${line.most}: ${metric}`;
};
const markdown = (of: ReturnType<typeof input>): string =>
  widgets(of)
    .flatMap((widget) => (widget.kind === 'text' ? [widget.markdown] : []))
    .join('\n');

describe('the dashboard of a cluster', () => {
  it('begins with what to do first, then alarms, then graphs in the order in which somebody looks', () => {
    const titles = widgets(prod()).map((widget) =>
      widget.kind === 'text' ? widget.markdown.split('\n')[0] : `${widget.kind}: ${widget.title}`,
    );
    const order = [
      '# NATS cluster prod',
      'alarms: The monitoring itself',
      'alarms: Servers',
      'alarms: Connections',
      'alarms: Clients',
      'alarms: Accounts',
      'alarms: Leafnodes',
      'alarms: JetStream',
      'alarms: JetStream consumers',
      'alarms: Configuration',
      'alarms: Other rules: which of 19 are not OK',
      'graph: Servers that are up, alarm below 1',
      'graph: Connections, alarm above 1,000',
      'graph: Connections closed, by reason',
      'graph: Messages a second',
      'graph: Bytes a second',
      'graph: Leafnodes',
      'graph: Memory, alarm above 200 MiB',
      'graph: CPU of the busiest server',
      'graph: JetStream: storage used',
      'graph: JetStream: API requests a second',
      'graph: JetStream: API requests that wait',
      'graph: JetStream: what stands still',
      'graph: JetStream: messages that wait for consumers',
      'graph: Accounts that the servers of the cluster know',
      'graph: Bytes that wait for the client of the cluster that has most waiting',
      'graph: Until the first certificate of the cluster expires',
      'graph: Subscriptions of the leafnode connection that has most',
      'graph: Stale connections since the server started',
      'graph: Open findings, critical',
      'graph: Open findings, warning',
    ];
    // Others come with checks and series that are new.
    expect(titles.filter((title) => order.includes(title ?? ''))).toEqual(order);
    expect(titles[0]).toBe(order[0]);
  });

  it('lists each alarm of the cluster once, by what its diagnosis is about, the whole cluster first', () => {
    const of = prod();
    const listed = widgets(of).flatMap((widget) => (widget.kind === 'alarms' ? [widget] : []));
    const own = alarmSpecs(of).filter(({ isSilent }) => isSilent !== true);
    expect(listed.flatMap(({ alarms }) => alarms).toSorted()).toEqual(
      [...own, ...compositeSpecs(of)].map(({ name }) => name).toSorted(),
    );
    expect(listed.find(({ title }) => title === 'Servers')?.alarms).toEqual([
      'nats/prod/all-servers-down',
      'nats/prod/servers/findings/critical',
      'nats/prod/servers/findings/warning',
      'nats/prod/NatsServerDown/n1/critical',
      'nats/prod/NatsServerDown/n2/critical',
      'nats/prod/NatsServerDown/n3/critical',
      'nats/prod/NatsHighCpuUsage/n1/warning',
      'nats/prod/NatsHighCpuUsage/n2/warning',
      'nats/prod/NatsHighCpuUsage/n3/warning',
    ]);
  });

  it('draws a line a server, of the metric that alarms compare', () => {
    expect(graph(prod(), 'Memory')?.lines.map(lineText)).toEqual([
      'n1: Maximum gnatsd_varz_mem{cluster=prod,server_id=n1}',
      'n2: Maximum gnatsd_varz_mem{cluster=prod,server_id=n2}',
      'n3: Maximum gnatsd_varz_mem{cluster=prod,server_id=n3}',
    ]);
  });

  it('draws the most of any server where no rule publishes that of each', () => {
    const of = [prod(3, { rules: [] }), prod(3, { publish: 'shown' })];
    expect(of.map((each) => graph(each, 'Memory')?.lines.map(lineText))).toEqual(
      of.map(() => ['prod: Maximum nats_memory_most_bytes{cluster=prod}']),
    );
  });

  it('adds up what happened, by reason, over all servers', () => {
    expect(graph(prod(), 'Connections closed')?.lines.map(lineText)).toEqual([
      'by reason_class, at most 6: Sum nats_connections_closed{cluster=prod}',
    ]);
  });

  it('shows a new headline series by itself, behind those that are defined, and a new alarm', () => {
    const news = defineSeries({
      name: 'nats_news',
      help: 'News of the server, since it started',
      unit: 'count',
      scope: 'server',
      reads: {},
      observe: () => 0,
    });
    const check = defineCheck({
      ...leafnodes,
      ...{ id: 'news', group: 'leafnodes', every: minutes(1), series: [news] },
      diagnoses: connections.diagnoses,
    });
    const of = input({ clusters: [cluster('prod', 1)], rules: [] }, [check]);
    expect(graphsOf(of)[0]).toMatchObject({
      title: 'News of the server',
      lines: [{ metric: { name: 'nats_news', dimensions: { cluster: 'prod', server_id: 'n1' } } }],
    });
    const [, ...others] = widgets(of).flatMap((widget) => (widget.kind === 'alarms' ? [widget.alarms] : []));
    expect(others).toEqual([
      ['nats/prod/leafnodes/findings/critical', 'nats/prod/leafnodes/findings/warning'],
    ]);
  });
});

describe('what is drawn', () => {
  const engines = ['classic', 'promql'] as const;

  it.each(engines)('is published (%s): a headline series, of a rule, or a count of findings', (engine) => {
    const of = prod(3, { alarms: { engine } });
    const headlines = new Set(
      of.checks.flatMap(({ series }) => series.map(({ name, scope }) => `${name} ${scope}`)),
    );
    const compared = new Set(
      alarmSpecs(of).flatMap(({ compared: each }) =>
        each.kind === 'metric' ? [JSON.stringify([each.metric.name, each.metric.dimensions])] : [],
      ),
    );
    const stray = graphsOf(of)
      .flatMap(({ lines }) => lines)
      .filter(({ metric: { name, dimensions } }) => {
        const scopes = ['server', 'cluster'].filter((scope) => headlines.has(`${name} ${scope}`));
        return scopes.length === 0 && !compared.has(JSON.stringify([name, dimensions]));
      });
    expect(stray.map(lineText)).toEqual([]);
  });

  it.each(engines)('is all that checks publish (%s), but for what others show', (engine) => {
    const drawn = new Set(
      graphsOf(prod(3, { alarms: { engine } })).flatMap(({ lines }) =>
        lines.map(({ metric }) => metric.name),
      ),
    );
    const inPlace = engine === 'classic' ? ['nats_memory_most_bytes'] : [];
    const all = checks.flatMap(({ series }) => series.map(({ name }) => name));
    // With promql series of ours are no metrics.
    const asMetrics = all.filter((name) => engine === 'classic' || !isOwn(name));
    expect(asMetrics.filter((name) => !drawn.has(name)).toSorted()).toEqual(
      [...notDrawn, ...inPlace].toSorted(),
    );
  });

  it('is by default what is published of the cluster, and all of that', () => {
    const of = prod(3, { publish: 'shown' });
    const drawn = graphsOf(of).flatMap(({ lines }) => lines.map(({ metric }) => metric));
    expect(drawn.filter(({ dimensions }) => 'server_id' in dimensions)).toEqual([]);
    const names = new Set(drawn.map(({ name }) => name));
    names.delete('nats_findings_open');
    expect([...names].toSorted()).toEqual([...shownSeries].toSorted());
  });

  it('takes one query a graph, and few metrics', () => {
    for (const servers of [1, 3, 10, 11, 100, 500]) {
      const all = graphsOf(prod(servers));
      const queries = all.map(({ lines }) => lines.filter(({ kind }) => kind === 'query').length);
      expect(Math.max(...queries)).toBeLessThanOrEqual(1);
      expect(all.filter(({ lines }, i) => queries[i] === 1 && lines.length > 1)).toEqual([]);
      expect(all.reduce((sum, { lines }) => sum + lines.length, 0)).toBeLessThanOrEqual(100);
    }
  });
});

describe('a large cluster', () => {
  it('has a line a server up to ten, and of more the ten with the highest values', () => {
    expect(graph(prod(10), 'Connections,')?.lines).toHaveLength(10);
    expect(graph(prod(11), 'Connections,')?.lines.map(lineText)).toEqual([
      'by server_id, at most 10: Maximum gnatsd_connz_num_connections{cluster=prod}',
    ]);
    expect(markdown(prod(10))).not.toContain('highest');
    expect(markdown(prod(11))).toContain('Of 11 servers a graph draws the 10 with the highest values.');
  });

  it('has the same of servers that are found by name, however few', () => {
    const of = input({
      clusters: [{ name: 'prod', targets: [{ dns: 'nats.internal', port: 8222, expect: 2 }] }],
    });
    expect(graph(of, 'Connections')?.lines.map(lineText)).toEqual([
      'by server_id, at most 10: Maximum gnatsd_connz_num_connections{cluster=prod}',
    ]);
  });

  it('lists of each group 100 alarms, those of the whole cluster among them, and says how many are left out', () => {
    const of = prod(100);
    const lists = widgets(of).flatMap((widget) => (widget.kind === 'alarms' ? [widget] : []));
    expect(lists.flatMap(({ title, alarms }) => (alarms.length === 100 ? [title] : []))).toEqual([
      'Servers: which of 100 are not OK',
      'Connections: which of 100 are not OK',
      'JetStream: which of 100 are not OK',
      'Other rules: which of 100 are not OK',
    ]);
    expect(lists.every(({ alarms }) => alarms.length <= 100)).toBe(true);
    expect(lists.map(({ alarms }) => alarms.length)).toEqual([2, 100, 2, 100, 2, 2, 2, 100, 2, 2, 100]);
    const listed = lists.reduce((sum, { alarms }) => sum + alarms.length, 0);
    const all = alarmSpecs(of).filter(({ isSilent }) => isSilent !== true).length + compositeSpecs(of).length;
    expect(markdown(of)).toContain(`${all - listed} alarms of single servers are not listed here`);
    expect(markdown(prod(3))).not.toContain('not listed');
  });

  it('hides alarms that are OK only where there are more than can be looked through', () => {
    const hiding = (servers: number) =>
      widgets(prod(servers)).flatMap((widget) =>
        widget.kind === 'alarms' && widget.hidesOk ? [widget.title] : [],
      );
    expect([hiding(1), hiding(100)]).toEqual([
      [],
      [
        'Servers: which of 100 are not OK',
        'Connections: which of 100 are not OK',
        'JetStream: which of 100 are not OK',
        'Other rules: which of 100 are not OK',
      ],
    ]);
  });
});

describe('which clusters have one', () => {
  const names = (count: number, dashboard?: boolean | 'auto') =>
    dashboardSpecs(
      input({
        clusters: Array.from({ length: count }, (_, i) => cluster(`c${i + 1}`, 1)),
        ...(dashboard === undefined ? {} : { dashboard }),
      }),
    ).map(({ name }) => name);

  it('by default as many as cost $3 at most beside the three that are free, the first of the settings', () => {
    expect([names(1), names(4).length, names(5)]).toEqual([
      ['nats-cloudwatch-c1'],
      4,
      ['c1', 'c2', 'c3', 'c4'].map((name) => `nats-cloudwatch-${name}`),
    ]);
  });

  it('all or none where settings say so', () => {
    expect([names(5, true).length, names(5, false).length, names(5, 'auto').length]).toEqual([5, 0, 4]);
  });

  it('no more than a template holds', () => {
    expect(() => names(90, true)).toThrow(
      '90 dashboards do not fit into the stack of alarms, whose template holds 1 MB. Ways out: set dashboard to auto or false',
    );
  });

  it('by a name that CloudWatch takes, each its own', () => {
    const of = dashboardSpecs(input({ clusters: [cluster('eu.west', 1), cluster('eu_west', 1)] }));
    const [dotted = '', plain] = of.map(({ name }) => name);
    expect([plain, dotted]).toEqual([
      'nats-cloudwatch-eu_west',
      expect.stringMatching(/^nats-cloudwatch-eu_west-[0-9a-f]{6}$/),
    ]);
  });
});
