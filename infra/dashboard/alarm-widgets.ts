import { checkGroups, type CheckGroup } from '../../lambdas/define.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { CompositeSpec } from '../cloudwatch/composite-alarm.ts';
import type { AlarmsWidget } from './spec.ts';

/** CloudWatch's limit on an alarm widget. */
const mostAlarms = 100;
/** Of more, those that are OK would hide those that are not. */
const mostSeen = 12;

const titles: Readonly<Record<CheckGroup, string>> = {
  servers: 'Servers',
  links: 'Routes and gateways',
  connections: 'Connections',
  clients: 'Clients',
  accounts: 'Accounts',
  leafnodes: 'Leafnodes',
  jetstream: 'JetStream',
  consumers: 'JetStream consumers',
  configuration: 'Configuration',
  rules: 'Other rules',
};

type Alarms = { readonly specs: readonly AlarmSpec[]; readonly composites: readonly CompositeSpec[] };

/** The alarms of a cluster by the group of their checks, and what says that the monitoring itself does not work. */
export function alarmWidgets(
  input: Pick<AlarmInput, 'checks' | 'translated'>,
  cluster: string,
  { specs, composites }: Alarms,
): { readonly widgets: readonly AlarmsWidget[]; readonly leftOut: number } {
  const isQuery = ({ compared }: AlarmSpec) => compared.kind === 'promql';
  const own = specs.filter((spec) => spec.cluster === cluster || (spec.cluster === null && isQuery(spec)));
  const ofDeployment = specs.filter(
    (spec) => spec.cluster === null && !isQuery(spec) && spec.isSilent !== true,
  );
  const groupsOf = ({ checks: ids }: AlarmSpec) =>
    new Set(input.checks.filter(({ id }) => ids.includes(id)).map(({ group }) => group));
  const [ofSeveral, ofOne] = [
    own.filter((spec) => groupsOf(spec).size > 1),
    own.filter((spec) => groupsOf(spec).size <= 1),
  ];
  const byGroup = Map.groupBy(ofOne, (spec) => groupOf(spec, cluster, input));
  const lists: readonly (readonly [title: string, names: readonly string[]])[] = [
    ['The monitoring itself', [...composites, ...ofDeployment].map(({ name }) => name)],
    ['Findings of all groups', ofSeveral.toSorted(first).map(({ name }) => name)],
    ...checkGroups.map(
      (group) => [titles[group], (byGroup.get(group) ?? []).toSorted(first).map(({ name }) => name)] as const,
    ),
  ];
  const shown = lists.filter(([, names]) => names.length > 0);
  return {
    widgets: shown.map(([title, names], i) =>
      widget(title, names, i === shown.length - 1 ? restOfRow(i) : width),
    ),
    leftOut: lists.reduce((sum, [, names]) => sum + Math.max(0, names.length - mostAlarms), 0),
  };
}

/** Three in a row. */
const width = 8;
const restOfRow = (before: number): number => width * (3 - (before % 3));

function widget(title: string, names: readonly string[], width: number): AlarmsWidget {
  const alarms = names.slice(0, mostAlarms);
  const hidesOk = alarms.length > mostSeen;
  return {
    kind: 'alarms',
    title: hidesOk ? `${title}: which of ${alarms.length} are not OK` : title,
    alarms,
    hidesOk,
    width,
    height: Math.min(4, 1 + Math.ceil(alarms.length / 3)),
  };
}

/** The group of the check that looks at what the alarm is about: for a rule, of the diagnosis that it pages for. */
function groupOf(
  { name, checks: [own] }: AlarmSpec,
  cluster: string,
  { checks, translated }: Pick<AlarmInput, 'checks' | 'translated'>,
): CheckGroup {
  const pagedFor = Object.entries(translated.plan.covers[cluster] ?? {})
    .filter(([, bySeverity]) =>
      Object.values(bySeverity).some(({ place, rule }) => name.startsWith(`nats/${place}/${rule}/`)),
    )
    .map(([diagnosis]) => diagnosis);
  const isIt = ({ id, diagnoses }: AlarmInput['checks'][number]) =>
    pagedFor.length > 0 ? diagnoses.some((diagnosis) => pagedFor.includes(diagnosis.id)) : id === own;
  return checks.find(isIt)?.group ?? 'rules';
}

/** Of the whole cluster before those of single servers, critical before warning. */
const first = (a: AlarmSpec, b: AlarmSpec): number => rank(a) - rank(b);
const rank = ({ target, severity }: AlarmSpec): number =>
  (target === null ? 0 : 2) + (severity === 'critical' ? 0 : 1);
