import type { Check } from '../../lambdas/define.ts';
import { findingsAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { openFindingsSeries } from '../../lambdas/engine/findings/open-findings.ts';
import { pagingSeverities, periodSecondsOf, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { AlarmInput } from './alarm-input.ts';
import { alarmDescription } from '../cloudwatch/description.ts';

/** The alarms on a check's open findings that no rule's alarm pages for: one a cluster and severity. */
export function findingsAlarms(
  check: Check,
  { settings }: Pick<AlarmInput, 'settings'>,
): readonly AlarmSpec[] {
  return settings.clusters.flatMap((cluster) =>
    pagingSeverities.map((severity): AlarmSpec => {
      const dimensions = { cluster: cluster.name, check: check.id, severity };
      return {
        name: findingsAlarmName(cluster.name, check.id, severity),
        description: alarmDescription({
          title: `${check.title}: ${severity} findings are open in cluster ${cluster.name}.`,
          why: `The messages of topic ${settings.name}-findings say what was found, why it matters and what to do.`,
          remedy: `Read those messages. The diagnoses of this check: ${diagnosesOf(check)}.`,
          anchor: `${settings.alarms.readme}#${check.id}`,
        }),
        check: check.id,
        cluster: cluster.name,
        target: null,
        severity,
        compared: {
          kind: 'metric',
          metric: {
            namespace: settings.namespace,
            name: openFindingsSeries,
            dimensions,
            statistic: 'Maximum',
          },
        },
        direction: 'atLeast',
        threshold: 1,
        periodSeconds: periodSecondsOf(check),
        evaluationPeriods: 1,
        // A run that did not happen says nothing of findings, so missing data is ignored and they keep their state. It
        // is not overlooked: the watchdog pages for a check that does not run, `up` for a server that does not answer.
        missing: 'ignore',
        warmUp: null,
        tags: { ...cluster.labels, ...dimensions },
      };
    }),
  );
}

/** What fits beside the other texts of a description. */
const mostCharacters = 500;

/** With their titles where there is room: the manual has them all. */
function diagnosesOf({ diagnoses }: Check): string {
  const titled = diagnoses.map(({ id, title }) => `${id} ${title}`).join('; ');
  return titled.length <= mostCharacters ? titled : diagnoses.map(({ id }) => id).join(', ');
}
