import { describe, expect, it } from 'vitest';
import { dashboardBody } from '../../../infra/dashboard/body.ts';
import type { Metric } from '../../../infra/cloudwatch/alarm-spec.ts';
import type { GraphWidget, Line, Widget } from '../../../infra/dashboard/spec.ts';

const region = { region: 'eu-west-1', alarmArn: (name: string) => `arn:alarm:${name}` };
const body = (...widgets: readonly Widget[]) =>
  dashboardBody({ name: 'd', cluster: 'prod', widgets }, region).widgets;
const graph = (lines: GraphWidget['lines']): GraphWidget => ({
  ...{ kind: 'graph', title: 'Memory', about: '', unit: 'bytes', isStacked: false, periodSeconds: 60 },
  ...{ width: 8, height: 6, lines },
});
const metric: Metric = {
  namespace: 'NATS',
  name: 'gnatsd_varz_mem',
  dimensions: { cluster: 'prod' },
  statistic: 'Maximum',
};
const alarms = (width: number, height = 2): Widget => ({
  ...{ kind: 'alarms', title: 'Servers', alarms: ['nats/prod/a'], hidesOk: false, width, height },
});

describe('the body of a dashboard', () => {
  it('has metrics as CloudWatch writes them', () => {
    const [widget] = body(
      graph([
        {
          kind: 'metric',
          label: 'n1',
          metric: { ...metric, dimensions: { cluster: 'prod', server_id: 'n1' } },
        },
      ]),
    );
    expect(widget).toEqual({
      ...{ type: 'metric', x: 0, y: 0, width: 8, height: 6 },
      properties: {
        title: 'Memory',
        region: 'eu-west-1',
        view: 'timeSeries',
        stacked: false,
        period: 60,
        yAxis: { left: { min: 0, label: 'bytes', showUnits: false } },
        metrics: [
          ['NATS', 'gnatsd_varz_mem', 'cluster', 'prod', 'server_id', 'n1', { label: 'n1', stat: 'Maximum' }],
        ],
      },
    });
  });

  it.each<[string, Line, string]>([
    [
      'the worst servers',
      { kind: 'query', metric, by: 'server_id', over: [], most: 10 },
      'SELECT MAX("gnatsd_varz_mem") FROM SCHEMA("NATS", "cluster", "server_id") ' +
        `WHERE "cluster" = 'prod' GROUP BY "server_id" ORDER BY MAX() DESC LIMIT 10`,
    ],
    [
      'the lowest, where less is worse',
      { kind: 'query', metric: { ...metric, statistic: 'Minimum' }, by: 'server_id', over: [], most: 10 },
      'SELECT MIN("gnatsd_varz_mem") FROM SCHEMA("NATS", "cluster", "server_id") ' +
        `WHERE "cluster" = 'prod' GROUP BY "server_id" ORDER BY MIN() ASC LIMIT 10`,
    ],
    [
      'sums over servers',
      {
        kind: 'query',
        metric: { ...metric, namespace: 'My NATS', statistic: 'Sum' },
        ...{ by: 'reason_class', over: ['server_id'], most: 6 },
      },
      'SELECT SUM("gnatsd_varz_mem") FROM SCHEMA("My NATS", "cluster", "reason_class", "server_id") ' +
        `WHERE "cluster" = 'prod' GROUP BY "reason_class" ORDER BY SUM() DESC LIMIT 6`,
    ],
  ])('asks Metrics Insights for %s', (_what, line, expression) => {
    const [widget] = body(graph([line]));
    expect(widget?.properties).toMatchObject({ metrics: [[{ id: 'q1', expression, period: 60 }]] });
  });

  it('names alarms by their ARNs, those that changed last first, and hides the OK ones of many', () => {
    const many = { ...alarms(8), hidesOk: true } as Widget;
    expect(body(alarms(8), many).map(({ properties }) => properties)).toEqual([
      { title: 'Servers', alarms: ['arn:alarm:nats/prod/a'], sortBy: 'stateUpdatedTimestamp' },
      {
        ...{ title: 'Servers', alarms: ['arn:alarm:nats/prod/a'], sortBy: 'stateUpdatedTimestamp' },
        states: ['ALARM', 'INSUFFICIENT_DATA'],
      },
    ]);
  });

  it('places widgets side by side in 24 columns, each kind from a row of its own on', () => {
    const text: Widget = { kind: 'text', markdown: '# a', width: 24, height: 4 };
    const places = body(text, alarms(8), alarms(8, 4), alarms(8), alarms(16), graph([]), graph([]));
    expect(places.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [0, 0, 24, 4],
      [0, 4, 8, 2],
      [8, 4, 8, 4],
      [16, 4, 8, 2],
      [0, 8, 16, 2],
      [0, 10, 8, 6],
      [8, 10, 8, 6],
    ]);
  });
});
