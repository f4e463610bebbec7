import { checkGroups, type CheckGroup, type Diagnosis } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { findingsAlarmName } from '../../lambdas/engine/alarm-names.ts';
import { alternatives } from '../../lambdas/engine/format.ts';
import { openFindingsSeries } from '../../lambdas/engine/findings/open-findings.ts';
import { isCountedBySeries } from '../../lambdas/rules/plan.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import {
  pagingSeverities,
  periodSecondsOf,
  type AlarmSpec,
  type PagingSeverity,
} from '../cloudwatch/alarm-spec.ts';
import { alarmDescription, excessOf, type Page } from '../cloudwatch/description.ts';
import { linkTo, pageOf } from '../../lambdas/engine/links.ts';
import type { AlarmInput } from './alarm-input.ts';
import { findingsQueries } from './findings-queries.ts';
import { groupTexts } from './group-texts.ts';
import { listForms } from './found-list.ts';
import { findersOf, type Finder } from './open-to.ts';

/**
 * The alarms on open findings that no rule's alarm pages for: one a cluster, group of checks and severity, where there are
 * diagnoses that can have it; of groups that are counted in series one a cluster and severity.
 */
export const findingsAlarms = (input: AlarmInput): readonly AlarmSpec[] =>
  input.settings.clusters.flatMap((cluster) => {
    const isQueried = (group: CheckGroup) => isCountedBySeries(group, input.settings.alarms.engine);
    const compared = checkGroups.filter((group) => !isQueried(group));
    return [
      ...findingsQueries(checkGroups.filter(isQueried), cluster, input),
      ...findingsMetrics(compared, cluster, input),
    ];
  });

const findingsMetrics = (
  groups: readonly CheckGroup[],
  cluster: ClusterSettings,
  input: AlarmInput,
): readonly AlarmSpec[] =>
  groups.flatMap((group) =>
    pagingSeverities.flatMap((severity): AlarmSpec[] => {
      const finders = findersOf(group, severity, cluster, input);
      return finders.length === 0 ? [] : [findingsAlarm(group, severity, { cluster, finders, ...input })];
    }),
  );

type Place = {
  readonly cluster: ClusterSettings;
  readonly finders: readonly Finder[];
  readonly settings: AlarmInput['settings'];
};

function findingsAlarm(
  group: CheckGroup,
  severity: PagingSeverity,
  { cluster, finders, settings }: Place,
): AlarmSpec {
  const checks = finders.map(({ check }) => check);
  const dimensions = { cluster: cluster.name, group, severity };
  const open = { namespace: settings.namespace, name: openFindingsSeries, dimensions } as const;
  return {
    name: findingsAlarmName(cluster.name, group, severity),
    description: page(group, severity, { cluster, finders, settings }),
    checks: checks.map(({ id }) => id),
    cluster: cluster.name,
    target: null,
    severity,
    compared: { kind: 'metric', metric: { ...open, statistic: 'Maximum' } },
    direction: 'atLeast',
    threshold: 1,
    periodSeconds: longestPeriodOf(finders),
    evaluationPeriods: 1,
    // Told is what is open, and in time that nothing is: in between the alarm keeps its state. A run that did not happen is
    // not overlooked: the watchdog pages for a check that does not run, `up` for a server that does not answer.
    missing: 'ignore',
    warmUp: null,
    tags: {
      ...cluster.labels,
      cluster: cluster.name,
      check: checks.map(({ id }) => id).join(' '),
      severity,
    },
  };
}

/** In which all of them have looked. */
const longestPeriodOf = (finders: readonly Finder[]): number =>
  Math.max(...finders.map(({ check }) => periodSecondsOf(check)));

function spanOf(finders: readonly Finder[]): string {
  const periodSeconds = longestPeriodOf(finders);
  return periodSeconds === 60 ? 'minute' : formatDuration(periodSeconds * 1_000);
}

/** What somebody on call reads. */
function page(group: CheckGroup, severity: PagingSeverity, { cluster, finders, settings }: Place): string {
  const checks = finders.map(({ check }) => check.id);
  const ranked = finders.flatMap(({ diagnoses }) =>
    diagnoses.map((diagnosis, i) => ({
      diagnosis,
      // Each check's worst first; what only a level of an owner makes of it comes last.
      rank: i + (isOfOwnerAlone(diagnosis, severity) ? diagnoses.length : 0),
    })),
  );
  const found = [...new Set(ranked.sort((a, b) => a.rank - b.rank).map(({ diagnosis }) => diagnosis))];
  const telling = (list: string): Page => ({
    headline: `NATS cluster ${cluster.name}: a ${severity} finding about ${groupTexts[group]} is open, as of the last ${spanOf(finders)}.`,
    meaning: `${found.length === 1 ? 'It is' : 'Any of'}: ${list}.`,
    steps: 'Read the finding (below), or run npm start in a clone of nats-cloudwatch.',
    finding: `Finding: the newest on SNS topic ${settings.name}-findings, by check ${alternatives(checks)}.`,
    link: linkTo(settings.alarms.readme, checks[0] ?? '', pageOf[group]),
  });
  const forms = listForms(found).map(telling);
  return alarmDescription(forms.find((each) => excessOf(each) <= 0) ?? forms.at(-1) ?? telling(''));
}

/** Whether a finding has this severity by the level of an owner or of settings alone, and not by what the diagnosis brings. */
const isOfOwnerAlone = ({ limits }: Diagnosis, severity: PagingSeverity): boolean =>
  Object.values(limits).every(({ levels }) => levels[severity] === undefined);
