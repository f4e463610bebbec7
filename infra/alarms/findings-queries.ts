import type { CheckGroup } from '../../lambdas/define.ts';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { findingsQueryAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { openFindingsSeries } from '../../lambdas/engine/findings/open-findings.ts';
import { metricName, written } from '../../lambdas/promql/index.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import { pagingSeverities, type AlarmSpec, type PagingSeverity } from '../cloudwatch/alarm-spec.ts';
import { alarmDescription } from '../cloudwatch/description.ts';
import { linkTo, pages } from '../../lambdas/engine/links.ts';
import type { AlarmInput } from './alarm-input.ts';
import { groupTexts } from './group-texts.ts';
import { findersOf, type Finder } from './open-to.ts';

/**
 * Of checks that run every five minutes two runs may be lost, and the next one come late; where more are, the watchdog pages before
 * the alarm recovers. What is closed is told at once.
 */
const lookBackMinutes = 20;

/**
 * The alarms on open findings of groups that are counted in series: one a cluster and severity. Each group is a contributor,
 * which CloudWatch tells of by itself, so that one that is open hides no other.
 */
export const findingsQueries = (
  groups: readonly CheckGroup[],
  cluster: ClusterSettings,
  input: AlarmInput,
): readonly AlarmSpec[] =>
  pagingSeverities.flatMap((severity) => {
    const open = groups.flatMap((group) => {
      const finders = findersOf(group, severity, cluster, input);
      return finders.length === 0 ? [] : [{ group, finders }];
    });
    return open.length === 0 ? [] : [findingsQuery(open, severity, cluster, input)];
  });

function findingsQuery(
  open: readonly { readonly group: CheckGroup; readonly finders: readonly Finder[] }[],
  severity: PagingSeverity,
  cluster: ClusterSettings,
  { settings }: AlarmInput,
): AlarmSpec {
  const checks = open.flatMap(({ finders }) => finders.map(({ check }) => check.id));
  const counted = written({ [metricName]: openFindingsSeries, cluster: cluster.name, severity });
  const about = open.map(({ group }) => `${group} (${groupTexts[group]})`);
  return {
    name: findingsQueryAlarmName(cluster.name, severity),
    description: alarmDescription({
      headline: `NATS cluster ${cluster.name}: a ${severity} finding is open, of the group that this alarm's contributor names, as of the last ${lookBackMinutes} min.`,
      meaning: `Groups, each told by itself: ${about.join(', ')}.`,
      steps: `Read the newest message about ${cluster.name} on SNS topic ${settings.name}-findings: it names the server, the numbers, the cause and what to do. Not subscribed? npm start in a clone of nats-cloudwatch shows the same.`,
      finding: 'Finding: by a check of that group.',
      link: linkTo(settings.alarms.readme, checks[0] ?? '', pages.monitoring),
    }),
    checks,
    cluster: cluster.name,
    target: null,
    severity,
    compared: {
      kind: 'promql',
      query: `last_over_time(${counted}[${lookBackMinutes}m]) > 0`,
      pendingSeconds: 0,
      recoverySeconds: 0,
    },
    direction: 'atLeast',
    threshold: 1,
    periodSeconds: minutes(1) / seconds(1),
    evaluationPeriods: 1,
    missing: 'notBreaching',
    warmUp: null,
    tags: { ...cluster.labels, cluster: cluster.name, severity },
  };
}
