import { formatCount, plural } from '../../lambdas/engine/format.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { alarmSpecs, compositeSpecs } from '../alarms/alarm-specs.ts';
import { AlarmError } from '../cloudwatch/alarm-spec.ts';
import { opens, pages } from '../../lambdas/engine/links.ts';
import { dashboardName, withDashboard } from '../settings/dashboards.ts';
import { topicNameOf } from '../settings/delivery.ts';
import { serversOf } from '../settings/servers.ts';
import { alarmWidgets } from './alarm-widgets.ts';
import { dashboardBody } from './body.ts';
import { graphWidgets, mostLines } from './graph-widgets.ts';
import type { DashboardSpec, TextWidget } from './spec.ts';

/** Of the stack's template, which takes 1 MB and has the nested stacks of alarms as well. */
const mostBytes = 900_000;

/**
 * The dashboards that settings ask for.
 * @throws AlarmError if they are more than a stack holds, or two alarms would have one name
 */
export function dashboardSpecs(input: AlarmInput): readonly DashboardSpec[] {
  const alarms = { specs: alarmSpecs(input), composites: compositeSpecs(input) };
  const specs = withDashboard(input.settings).map((cluster) => dashboardSpec(input, cluster, alarms));
  if (specs.reduce((sum, spec) => sum + templateBytes(spec), 0) > mostBytes)
    throw new AlarmError(
      `${plural(specs.length, 'dashboard')} do not fit into the stack of alarms, whose template holds 1 MB. ` +
        'Ways out: set dashboard to auto or false; divide clusters among deployments with a name each',
    );
  return specs;
}

/** What a dashboard takes in a template: JSON within JSON, and ARNs that CloudFormation fills in. */
function templateBytes(spec: DashboardSpec): number {
  const alarmArn = (name: string) =>
    'arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId:alarm:'.padEnd(80) + name;
  return Buffer.byteLength(
    JSON.stringify(JSON.stringify(dashboardBody(spec, { region: 'AWS::Region', alarmArn }))),
  );
}

type Alarms = Parameters<typeof alarmWidgets>[2];

function dashboardSpec(input: AlarmInput, cluster: ClusterSettings, alarms: Alarms): DashboardSpec {
  const { widgets: states, leftOut } = alarmWidgets(input, cluster.name, alarms);
  const drawn = graphWidgets(input, cluster, alarms.specs);
  const notes = [
    ...(drawn.some(({ lines }) => lines.some((line) => line.kind === 'query' && line.by === 'server_id'))
      ? [`Of ${plural(serversOf(cluster), 'server')} a graph draws the ${mostLines} with the highest values.`]
      : []),
    ...(leftOut > 0
      ? [
          `${plural(leftOut, 'alarm')} of single servers ${leftOut === 1 ? 'is' : 'are'} not listed here: ` +
            `look for nats/${cluster.name}/ among CloudWatch's alarms, or set alarms.per to cluster.`,
        ]
      : []),
    ...(input.settings.alarms.engine === 'promql'
      ? ['What rules read, and how many findings are open, is sent for PromQL, which Query Studio shows.']
      : []),
  ];
  return {
    name: dashboardName(input.settings.name, cluster),
    cluster: cluster.name,
    widgets: [header(input, cluster, notes), ...states, ...drawn],
  };
}

/** What somebody does first who was woken up. */
function header({ settings }: AlarmInput, cluster: ClusterSettings, notes: readonly string[]): TextWidget {
  const { readme } = settings.alarms;
  const manual = opens(readme) ? readme : pages.monitoring;
  const lines = [
    `# NATS cluster ${cluster.name}`,
    '',
    '1. Is **The monitoring itself** in ALARM? Then nobody looks: the other alarms and the graphs mean nothing until it is OK.',
    '2. Open the alarm that is in ALARM: its text says what is wrong, where, since when, and what to do first.',
    `3. Read the newest finding on SNS topic **${topicNameOf(settings, 'findings')}**: evidence, cause, commands to paste. Not subscribed? \`npm start\` shows the same.`,
    '',
    [
      `[Manual](${manual})`,
      `${formatCount(serversOf(cluster))} ${serversOf(cluster) === 1 ? 'server' : 'servers'}`,
      'a graph of JetStream is empty where it is off',
    ].join(' · '),
    ...notes.flatMap((note) => ['', note]),
  ];
  return { kind: 'text', markdown: lines.join('\n'), width: 24, height: 4 + notes.length };
}
