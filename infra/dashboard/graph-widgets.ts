import { formatValue, inline } from '../../lambdas/engine/format.ts';
import { openFindingsSeries } from '../../lambdas/engine/findings/open-findings.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { pagingSeverities, type AlarmSpec, type Metric } from '../cloudwatch/alarm-spec.ts';
import { serversOf } from '../settings/servers.ts';
import { graphs, notDrawn, type GraphDefinition } from './graphs.ts';
import { headlines, ofRules, type Published } from './published.ts';
import type { GraphWidget, Line } from './spec.ts';

/** Servers that have a line each; of more, and of those that are found by name, so many are drawn. */
export const mostLines = 10;

const size = { kind: 'graph', width: 8, height: 6 } as const;

/** The graphs of a cluster: those that are defined as far as they have anything to draw, then each headline series left. */
export function graphWidgets(
  input: AlarmInput,
  cluster: ClusterSettings,
  specs: readonly AlarmSpec[],
): readonly GraphWidget[] {
  const own = headlines(input);
  const all = [...own, ...ofRules(input, cluster.name)];
  const defined = graphs.map((graph) => ({ graph, drawn: drawnIn(graph, all) }));
  const known = new Set([
    ...notDrawn,
    ...graphs.flatMap((graph) => [...graph.series.map((each) => named(each).name), graph.else ?? '']),
  ]);
  const left = own
    .filter(({ name }) => !known.has(name))
    .map((series) => ({ graph: graphOf(series), drawn: [{ series, label: null }] }));
  const of = specs.filter((spec) => spec.cluster === cluster.name);
  return [
    ...[...defined, ...left].flatMap(({ graph, drawn }) =>
      drawn.length === 0 ? [] : [widget(graph, drawn, { input, cluster, of })],
    ),
    ...openFindings(of),
  ];
}

const named = (each: GraphDefinition['series'][number]) =>
  typeof each === 'string' ? { name: each, label: null } : { name: each[0], label: each[1] };

/** A series of a graph; the label is null where it is alone. */
type Drawn = { readonly series: Published; readonly label: string | null };

function drawnIn({ series, else: otherwise }: GraphDefinition, all: readonly Published[]): readonly Drawn[] {
  const of = (wanted: GraphDefinition['series'][number]): readonly Drawn[] => {
    const { name, label } = named(wanted);
    const found = all.find((each) => each.name === name);
    return found === undefined ? [] : [{ series: found, label }];
  };
  const drawn = series.flatMap(of);
  return drawn.length > 0 || otherwise === undefined ? drawn : of(otherwise);
}

/** Of a series that is in none: its help says what it is, before it says more. */
const graphOf = ({ name, help, unit }: Published): GraphDefinition => ({
  title: help.split(/[,:;(]/)[0]?.trim() ?? name,
  series: [name],
  unit: unit ?? 'count',
});

type Place = {
  readonly input: AlarmInput;
  readonly cluster: ClusterSettings;
  /** The cluster's alarms. */
  readonly of: readonly AlarmSpec[];
};

function widget(
  { title, unit, isStacked }: GraphDefinition,
  drawn: readonly Drawn[],
  place: Place,
): GraphWidget {
  const limits = drawn.flatMap(({ series }) => limitsOf(series, place.of));
  const alarmed =
    limits.length === 0 ? '' : `, ${[...new Set(limits.map((limit) => limitText(limit, unit)))].join(', ')}`;
  return {
    ...size,
    title: `${title}${alarmed}`,
    about: drawn.map(({ series }) => series.help).join('; '),
    unit,
    isStacked: isStacked === true,
    periodSeconds: Math.max(...drawn.map(({ series }) => series.periodSeconds)),
    lines: drawn.flatMap((each) => linesOf(each, place)),
  };
}

type Limit = Pick<AlarmSpec, 'direction' | 'threshold'>;

const limitWords = { above: 'above', atLeast: 'from', below: 'below', atMost: 'up to' } as const;
const limitText = ({ direction, threshold }: Limit, unit: GraphDefinition['unit']): string =>
  `alarm ${limitWords[direction]} ${formatValue(threshold, unit)}`;

/** What alarms compare the series with. */
const limitsOf = ({ name }: Published, specs: readonly AlarmSpec[]): readonly Limit[] =>
  specs.flatMap(({ compared, direction, threshold }) =>
    compared.kind === 'metric' && compared.metric.name === name ? [{ direction, threshold }] : [],
  );

function linesOf({ series, label }: Drawn, { input, cluster }: Place): readonly Line[] {
  const { name, scope, by, statistic } = series;
  const { namespace } = input.settings;
  const metric = (more: Metric['dimensions']): Metric => ({
    ...{ namespace, name, statistic },
    dimensions: { cluster: cluster.name, ...more },
  });
  if (by !== null && scope === 'server')
    return [{ kind: 'query', metric: metric({}), by: by.label, over: ['server_id'], most: by.words.length }];
  if (by !== null)
    return by.words.map((word) => ({ kind: 'metric', label: word, metric: metric({ [by.label]: word }) }));
  if (scope === 'cluster') return [{ kind: 'metric', label: label ?? cluster.name, metric: metric({}) }];
  if (cluster.dnsTargets.length > 0 || serversOf(cluster) > mostLines)
    return [{ kind: 'query', metric: metric({}), by: 'server_id', over: [], most: mostLines }];
  return cluster.targets.map((target) => ({
    kind: 'metric',
    label: target.name,
    metric: metric({ server_id: target.name }),
  }));
}

/** How many findings are open that alarms on findings count: a graph a severity, a line a group of checks. */
const openFindings = (specs: readonly AlarmSpec[]): readonly GraphWidget[] =>
  pagingSeverities.flatMap((severity) => {
    const counting = specs.flatMap(({ compared, periodSeconds }) =>
      compared.kind === 'metric' &&
      compared.metric.name === openFindingsSeries &&
      compared.metric.dimensions['severity'] === severity
        ? [{ metric: compared.metric, periodSeconds }]
        : [],
    );
    if (counting.length === 0) return [];
    const groups = counting.map(({ metric }) => metric.dimensions['group'] ?? '');
    return [
      {
        ...size,
        title: `Open findings, ${severity}`,
        about: `Findings that no rule's alarm pages for, the most of one check: ${inline(groups, groups.length)}`,
        unit: 'count',
        isStacked: true,
        periodSeconds: Math.max(...counting.map(({ periodSeconds }) => periodSeconds)),
        lines: counting.map(({ metric }, i): Line => ({ kind: 'metric', label: groups[i] ?? '', metric })),
      },
    ];
  });
