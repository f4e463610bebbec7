import type { Unit } from '../../lambdas/limits.ts';
import type { Metric } from '../cloudwatch/alarm-spec.ts';
import type { DashboardSpec, GraphWidget, Line, Query, Widget } from './spec.ts';

const columns = 24;

/** What a dashboard's body needs to know of where it is deployed. */
export type Region = { readonly region: string; readonly alarmArn: (name: string) => string };

/** A dashboard as CloudWatch's PutDashboard takes it, to be written as JSON. */
export const dashboardBody = ({ widgets }: DashboardSpec, region: Region) => ({
  start: '-PT3H',
  periodOverride: 'auto',
  widgets: placed(widgets).map(({ widget, x, y }) => {
    const { width, height } = widget;
    return { type: typeOf(widget), ...{ x, y, width, height }, properties: propertiesOf(widget, region) };
  }),
});

/** Side by side as long as there is room in a row. */
function placed(widgets: readonly Widget[]) {
  let [x, y, high] = [0, 0, 0];
  return widgets.map((widget, i) => {
    const isNewRow = x + widget.width > columns || widgets[i - 1]?.kind !== widget.kind;
    if (isNewRow) [x, y, high] = [0, y + high, 0];
    const place = { widget, x, y };
    x += widget.width;
    high = Math.max(high, widget.height);
    return place;
  });
}

const typeOf = ({ kind }: Widget): string =>
  kind === 'alarms' ? 'alarm' : kind === 'graph' ? 'metric' : 'text';

function propertiesOf(widget: Widget, { region, alarmArn }: Region): object {
  switch (widget.kind) {
    case 'text':
      return { markdown: widget.markdown };
    case 'alarms':
      return {
        title: widget.title,
        alarms: widget.alarms.map(alarmArn),
        sortBy: 'stateUpdatedTimestamp',
        ...(widget.hidesOk ? { states: ['ALARM', 'INSUFFICIENT_DATA'] } : {}),
      };
    case 'graph':
      return graphProperties(widget, region);
  }
}

const axisLabels: Readonly<Record<Unit, string>> = {
  count: '',
  ratio: 'share',
  percent: 'percent',
  seconds: 'seconds',
  bytes: 'bytes',
  perSecond: 'a second',
  bytesPerSecond: 'bytes a second',
};

const graphProperties = ({ title, unit, isStacked, periodSeconds, lines }: GraphWidget, region: string) => ({
  title,
  region,
  view: 'timeSeries',
  stacked: isStacked,
  period: periodSeconds,
  yAxis: { left: { min: 0, label: axisLabels[unit], showUnits: false } },
  metrics: lines.map((line) => metricOf(line, periodSeconds)),
});

function metricOf(line: Line, period: number): readonly unknown[] {
  if (line.kind === 'query') return [{ id: 'q1', expression: queryText(line), period }];
  const { namespace, name, dimensions, statistic: stat } = line.metric;
  return [namespace, name, ...Object.entries(dimensions).flat(), { label: line.label, stat }];
}

const functions = {
  Maximum: 'MAX',
  Minimum: 'MIN',
  Sum: 'SUM',
} as const satisfies Record<Metric['statistic'], string>;

/** In SQL of CloudWatch Metrics Insights, which reads up to 10,000 metrics. */
function queryText({ metric, by, over, most }: Query): string {
  const { namespace, name, dimensions, statistic } = metric;
  const labels = [...Object.keys(dimensions), by, ...over].map(identifier);
  const where = Object.entries(dimensions).map(([label, value]) => `${identifier(label)} = '${value}'`);
  const of = functions[statistic];
  return [
    `SELECT ${of}(${identifier(name)}) FROM SCHEMA(${[identifier(namespace), ...labels].join(', ')})`,
    `WHERE ${where.join(' AND ')} GROUP BY ${identifier(by)}`,
    `ORDER BY ${of}() ${statistic === 'Minimum' ? 'ASC' : 'DESC'} LIMIT ${most}`,
  ].join(' ');
}

const identifier = (name: string): string => `"${name}"`;
