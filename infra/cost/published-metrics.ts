import { checkGroups, type Check, type Series } from '../../lambdas/define.ts';
import { hours, minutes } from '../../lambdas/durations.ts';
import { settledEveryMs } from '../../lambdas/engine/now-and-then.ts';
import {
  isCountedBySeries,
  isOwn,
  ruleCheck,
  shownEveryMs,
  type PublishedSeries,
} from '../../lambdas/rules/plan.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { findersOf } from '../alarms/open-to.ts';
import { pagingSeverities } from '../cloudwatch/alarm-spec.ts';
import { serversOf } from '../settings/servers.ts';
import { metricsOfRules } from './rule-cost.ts';

/** A metric is billed by the hour in which it has data: where all is well, what alarms compare is told once in so many hours. */
const hoursWithData = hours(1) / settledEveryMs;

/** Custom metrics, as many as are billed for a whole month of a deployment that is well. A series of two checks counts once. */
export function customMetrics(input: AlarmInput): number {
  const all = input.checks.flatMap((check) => publishedBy(check, input)).filter(({ isSeries }) => !isSeries);
  const always = onceEach(all.filter(({ as }) => as !== 'compared'));
  const isAlways = ({ series, scope }: Published) =>
    always.some((each) => each.series.name === series.name && each.scope === scope);
  const compared = onceEach(all.filter((each) => each.as === 'compared' && !isAlways(each)));
  const isSparse = input.translated.plan.published !== null;
  return sum(input.settings.clusters, (cluster) => {
    const servers = serversOf(cluster);
    const ofRules = metricsOfRules(input, cluster.name, servers);
    const nowAndThen =
      toldNowAndThen(input, cluster) +
      sum(compared, (each) => metricsOf(each, servers)) +
      (isSparse ? ofRules : 0);
    return (
      sum(always, (each) => metricsOf(each, servers)) + (isSparse ? 0 : ofRules) + nowAndThen * hoursWithData
    );
  });
}

/** Of the checks' own series the datapoints that are sent by OTLP in a minute. */
export const otlpPointsOfChecks = (input: AlarmInput): number =>
  sum(input.checks, (check) =>
    sum(publishedBy(check, input), (each) =>
      each.isSeries
        ? sum(input.settings.clusters, (cluster) => datapointsOf(each, serversOf(cluster))) *
          (each.isEachRun ? minutes(1) / check.every : minutes(1) / shownEveryMs)
        : 0,
    ),
  );

const onceEach = (all: readonly Published[]): readonly Published[] => [
  ...new Map(all.map((each) => [`${each.series.name} ${each.scope}`, each])).values(),
];

/** PutMetricData requests of a check for the clusters of a batch, in one invocation on average: they join theirs. */
export function requestsPerRun(
  check: Check,
  clusters: readonly ClusterSettings[],
  input: AlarmInput,
): number {
  const published = publishedBy(check, input).filter(({ isSeries }) => !isSeries);
  const now = published.filter(({ isEachRun }) => isEachRun);
  const isOfRules = check.id === ruleCheck && input.translated.plan.published === null;
  const points = sum(clusters, (cluster) => {
    const servers = serversOf(cluster);
    const ofRules = isOfRules ? metricsOfRules(input, cluster.name, servers) : 0;
    return sum(now, (each) => datapointsOf(each, servers)) + ofRules;
  });
  if (points > 0) return Math.ceil(points / mostPoints);
  if (published.some(({ as }) => as === 'shown')) return check.every / Math.max(check.every, shownEveryMs);
  const isMetric = published.length > 0 || !isCountedBySeries(check.group, input.translated.plan.engine);
  return isMetric ? (clusters.length * check.every) / settledEveryMs : 0;
}

/** CloudWatch's limit of a request. */
const mostPoints = 1_000;

type Published = {
  readonly series: Series;
  readonly as: PublishedSeries['as'];
  /** Of what its metrics are; a server's series that is only shown is one of the cluster. */
  readonly scope: Series['scope'];
  /** Whether a run always sends it; else it does now and then. */
  readonly isEachRun: boolean;
  /** Whether it goes by OTLP, as no metric. */
  readonly isSeries: boolean;
};

/** Of a check's own series what is published. */
function publishedBy({ series, every }: Check, { translated }: AlarmInput): readonly Published[] {
  const { published, engine } = translated.plan;
  return series.flatMap((each): readonly Published[] => {
    const isSeries = engine === 'promql' && isOwn(each.name);
    const made = (as: PublishedSeries['as']): Published => ({
      series: each,
      as,
      scope: as === 'shown' ? 'cluster' : each.scope,
      isEachRun: as === 'observed' || (as === 'shown' && (each.addsUp === true || every >= shownEveryMs)),
      isSeries,
    });
    if (published === null) return [made('observed')];
    return published.filter(({ name }) => name === each.name).map(({ as }) => made(as));
  });
}

const wordsOf = ({ by }: Series) => by?.words.length ?? 1;
const metricsOf = ({ series, scope }: Published, servers: number) =>
  wordsOf(series) * (scope === 'server' ? servers : 1);
const datapointsOf = ({ series }: Published, servers: number) =>
  wordsOf(series) * (series.scope === 'server' ? servers : 1);

/**
 * Metrics of a cluster that are told where they change: how many findings are open, as far as no series counts them, and
 * whether series are sent.
 */
const toldNowAndThen = (input: AlarmInput, cluster: ClusterSettings): number =>
  sum(
    checkGroups.filter((group) => !isCountedBySeries(group, input.translated.plan.engine)),
    (group) =>
      pagingSeverities.filter((severity) => findersOf(group, severity, cluster, input).length > 0).length,
  ) + (input.translated.plan.engine === 'promql' ? 1 : 0);

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((total, item) => total + of(item), 0);
