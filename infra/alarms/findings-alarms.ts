import { checkGroups, type CheckGroup, type Diagnosis } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { findingsAlarmName } from '../../lambdas/engine/alarm-names.ts';
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
import { linkTo } from '../cloudwatch/links.ts';
import type { AlarmInput } from './alarm-input.ts';
import { findingsQueries } from './findings-queries.ts';
import { groupTexts } from './group-texts.ts';
import { findersOf, isAsked, type Finder } from './open-to.ts';

/**
 * The alarms on open findings that no rule's alarm pages for: one a cluster, group of checks and severity, where there are
 * diagnoses that can have it; of groups that are counted in series one a cluster and severity.
 */
export const findingsAlarms = (input: AlarmInput): readonly AlarmSpec[] =>
  input.settings.clusters.flatMap((cluster) => {
    const isQueried = (group: CheckGroup) =>
      input.settings.alarms.engine === 'promql' && isCountedBySeries(group);
    const { true: queried = [], false: compared = [] } = Object.groupBy(checkGroups, (group) =>
      isQueried(group) ? 'true' : 'false',
    );
    return [...findingsQueries(queried, cluster, input), ...findingsMetrics(compared, cluster, input)];
  });

const findingsMetrics = (
  groups: readonly CheckGroup[],
  cluster: ClusterSettings,
  input: AlarmInput,
): readonly AlarmSpec[] =>
  groups.flatMap((group) =>
    pagingSeverities.flatMap((severity): AlarmSpec[] => {
      const finders = findersOf(group, severity, cluster, input);
      const texts = page(group, severity, { cluster, finders, settings: input.settings });
      return texts === null ? [] : [findingsAlarm(group, severity, { cluster, finders, texts, ...input })];
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
  { cluster, finders, settings, texts }: Place & { readonly texts: string },
): AlarmSpec {
  const checks = finders.map(({ check }) => check);
  const dimensions = { cluster: cluster.name, group, severity };
  const open = { namespace: settings.namespace, name: openFindingsSeries, dimensions } as const;
  return {
    name: findingsAlarmName(cluster.name, group, severity),
    description: texts,
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

/** What somebody on call reads; null where nothing can be found. */
function page(
  group: CheckGroup,
  severity: PagingSeverity,
  { cluster, finders, settings }: Place,
): string | null {
  const checks = finders.map(({ check }) => check.id);
  const ranked = finders.flatMap(({ diagnoses }) =>
    diagnoses.map((diagnosis, i) => ({
      diagnosis,
      // Each check's worst by title; what only a level of an owner makes of it may do with its id.
      rank: i + (isOfOwnerAlone(diagnosis, severity) ? diagnoses.length : 0),
    })),
  );
  const found = [...new Set(ranked.sort((a, b) => a.rank - b.rank).map(({ diagnosis }) => diagnosis))].filter(
    (each) => isAsked(each, cluster),
  );
  if (found.length === 0) return null;
  const { about, page: documented } = groupTexts[group];
  const topic = `SNS topic ${settings.name}-findings`;
  /** Diagnoses by title, the last ones by their ids alone. */
  const withTitles = (titled: number): Page => {
    const titles = found.slice(0, titled).map(({ id, title }) => `${title} (${id})`);
    const list = [...titles, ...bySuite(found.slice(titled).map(({ id }) => id))].join('; ');
    return {
      headline: `NATS cluster ${cluster.name}: a ${severity} finding about ${about} is open, as of the last ${spanOf(finders)}.`,
      meaning: `${found.length === 1 ? 'It is' : 'One or more of'}: ${list}.`,
      steps: `Read the newest message about ${cluster.name} on ${topic}: it names the server, the numbers, the cause and what to do. Not subscribed? npm start shows the same.`,
      finding: `Finding: by check ${alternatives(checks)}.`,
      link: linkTo(settings.alarms.readme, checks[0] ?? '', documented),
    };
  };
  const fitting = found.map((_, i) => withTitles(found.length - i)).find((each) => excessOf(each) <= 0);
  return alarmDescription(fitting ?? withTitles(0));
}

/** Whether a finding has this severity by the level of an owner or of settings alone, and not by what the diagnosis brings. */
const isOfOwnerAlone = ({ limits }: Diagnosis, severity: PagingSeverity): boolean =>
  Object.values(limits).every(({ levels }) => levels[severity] === undefined);

/** `SERVER_101, 102`, `LEAF_003`: what many ids have in common once. */
const bySuite = (ids: readonly string[]): readonly string[] =>
  [...Map.groupBy(ids, (id) => id.replace(/_\d+$/, ''))].map(
    ([suite, own]) => `${suite}_${own.map((id) => id.slice(suite.length + 1)).join(', ')}`,
  );

const alternatives = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
