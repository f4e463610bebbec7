import { checkGroups, type Check } from '../../lambdas/define.ts';
import { ruleCheck } from '../../lambdas/rules/plan.ts';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import { dashboardPrice, withDashboard } from '../settings/dashboards.ts';
import { serversIn, serversOf } from '../settings/servers.ts';
import { pagingSeverities, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { batchesOf } from '../settings/batches.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { compositeSpecs } from '../alarms/alarm-specs.ts';
import { functionSize } from './function-size.ts';
import { findersOf } from '../alarms/open-to.ts';
import { metricsOfRules, otlpGigabytes, samplesScanned } from './rule-cost.ts';

/**
 * List prices in us-east-1, in dollars, of October 2026; other Regions cost up to a half more. AWS' price pages decide.
 * DynamoDB's are of the reduction of November 2024.
 */
const price = {
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  request: 0.01 / 1_000,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  schedule: 1 / 1e6,
  write: 0.625 / 1e6,
  read: 0.125 / 1e6,
  logGb: 0.5,
  key: 1,
  otlpGb: 0.5,
  promqlSample: 0.01 / 1e6,
  interfaceEndpoint: 7.3,
  natGateway: 32.85,
} as const;
/** Custom metrics, in steps: how many at which price. */
const metricSteps = [
  [10_000, 0.3],
  [240_000, 0.1],
  [750_000, 0.05],
  [Infinity, 0.02],
] as const;

/** What a month's free tier takes off, if nothing else in the account uses it. */
const free = {
  metrics: 10,
  alarmMetrics: 10,
  requests: 1e6,
  lambdaRequests: 1e6,
  lambdaGbSeconds: 400_000,
  schedules: 14e6,
  logGb: 5,
} as const;

const minutesPerMonth = 43_800;
/**
 * What a run is taken to need: assumptions, but for what is measured: servers' GB-seconds, as memory and share of a processor
 * go together, and memory, of which the bench counts on three servers a write unit and a read unit where nothing happens, and
 * 1.14 written with jobs that come and go.
 */
const assumed = {
  runSeconds: 0.5,
  gbSecondsPerServer: 0.015,
  writeUnits: 1.2,
  readUnits: 1,
  /** Of an invocation: what is muted by command. */
  muteReadUnits: 0.5,
  logKbPerRun: 1,
} as const;

export type CostLine = {
  readonly item: string;
  readonly quantity: number;
  /** Dollars a month by list price. */
  readonly list: number;
  /** The same with an unused free tier taken off. */
  readonly afterFreeTier: number;
};
export type MonthlyCost = {
  readonly lines: readonly CostLine[];
  readonly list: number;
  readonly afterFreeTier: number;
  /** What a VPC without them needs besides, one or the other; null outside a VPC. */
  readonly network: { readonly endpoints: number; readonly natGateway: number } | null;
};

/** What a deployment costs a month. Pure; notices, data transfer and log storage are too small to count. */
export function monthlyCost(input: AlarmInput, specs: readonly AlarmSpec[]): MonthlyCost {
  const { checks, settings } = input;
  const runsOf = ({ every }: Check) => minutesPerMonth / (every / 60_000);
  const rounds = sum(checks, runsOf);
  const batches = batchesOf(settings.clusters).length;
  const runs = rounds * batches;
  const clusterRuns = rounds * settings.clusters.length;
  const serverRuns = rounds * serversIn(settings.clusters);
  const gbSeconds = sum(checks, (check) => {
    const gbOfRun = (functionSize(check, input).memoryMegabytes / 1_024) * assumed.runSeconds;
    return runsOf(check) * batches * gbOfRun;
  });
  const requests = sum(checks, (check) =>
    sum(settings.clusters, (cluster) => {
      const servers = serversOf(cluster);
      const ofRules = check.id === ruleCheck ? metricsOfRules(input, cluster.name, servers) : 0;
      return (
        runsOf(check) *
        Math.ceil((pointsPerRun(check, servers) + countsOf(check, cluster, input) + ofRules) / 1_000)
      );
    }),
  );
  const line = (item: string, quantity: number, unit: number, without = 0): CostLine => ({
    item,
    quantity,
    list: quantity * unit,
    afterFreeTier: Math.max(0, quantity - without) * unit,
  });
  const metrics = countMetrics(input);
  const lines = [
    {
      item: 'custom metrics',
      quantity: metrics,
      list: metricsPrice(metrics),
      afterFreeTier: metricsPrice(Math.max(0, metrics - free.metrics)),
    },
    line('alarms, by metrics compared', sum(specs, metricsCompared), price.alarmMetric, free.alarmMetrics),
    line('composite alarms', compositeSpecs(input).length, price.compositeAlarm),
    line('dashboards', withDashboard(settings).length, dashboardPrice.each, dashboardPrice.free),
    line('PutMetricData requests', requests, price.request, free.requests),
    line('Lambda requests', runs, price.lambdaRequest, free.lambdaRequests),
    line(
      'Lambda GB-seconds',
      gbSeconds + serverRuns * assumed.gbSecondsPerServer,
      price.lambdaGbSecond,
      free.lambdaGbSeconds,
    ),
    line('schedule invocations', runs, price.schedule, free.schedules),
    line('DynamoDB write units', clusterRuns * assumed.writeUnits, price.write),
    line('DynamoDB read units', clusterRuns * assumed.readUnits + runs * assumed.muteReadUnits, price.read),
    line('logs, GB', (clusterRuns * assumed.logKbPerRun) / 1e6, price.logGb, free.logGb),
    line('KMS key', 1, price.key),
    line('series sent by OTLP, GB', minutesPerMonth * otlpGigabytes(input), price.otlpGb),
    line(
      'samples read by PromQL alarms',
      sum(specs, (spec) => samplesScanned(spec, input) * (minutesPerMonth / (spec.periodSeconds / 60))),
      price.promqlSample,
    ),
  ].filter(({ quantity }) => quantity > 0);
  const subnets = settings.network?.subnetIds.length;
  return {
    lines,
    list: sum(lines, ({ list }) => list),
    afterFreeTier: sum(lines, ({ afterFreeTier }) => afterFreeTier),
    network:
      subnets === undefined
        ? null
        : { endpoints: 2 * subnets * price.interfaceEndpoint, natGateway: price.natGateway },
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((total, item) => total + of(item), 0);

const metricsCompared = ({ compared }: AlarmSpec) =>
  compared.kind === 'expression'
    ? Object.keys(compared.metrics).length
    : compared.kind === 'metric' && compared.zeroCountsWhere !== undefined
      ? 2
      : 1;

function metricsPrice(count: number): number {
  let [left, total] = [count, 0];
  for (const [size, each] of metricSteps) {
    total += Math.min(left, size) * each;
    left = Math.max(0, left - size);
  }
  return total;
}

const wordsOf = ({ by }: Check['series'][number]) => by?.words.length ?? 1;

/** Datapoints of its own series that one run of a check sends for a cluster of so many targets. */
const pointsPerRun = ({ series }: Check, targets: number) =>
  sum(series, (each) => wordsOf(each) * (each.scope === 'server' ? targets : 1));

/** Distinct metrics: a series that two checks publish counts once. */
function countMetrics(input: AlarmInput): number {
  const { checks, settings } = input;
  const series = new Map(
    checks.flatMap((check) => check.series).map((each) => [`${each.name} ${each.scope}`, each]),
  );
  const perServer = sum(
    [...series.values()].filter(({ scope }) => scope === 'server'),
    wordsOf,
  );
  const perCluster = sum(
    [...series.values()].filter(({ scope }) => scope === 'cluster'),
    wordsOf,
  );
  return sum(settings.clusters, (cluster) => {
    const servers = serversOf(cluster);
    return (
      perServer * servers +
      perCluster +
      openCounts(input, cluster) +
      metricsOfRules(input, cluster.name, servers)
    );
  });
}

/** Datapoints that count the open findings of a check in a run for a cluster. */
const countsOf = (check: Check, cluster: ClusterSettings, input: AlarmInput): number =>
  pagingSeverities.filter((severity) =>
    findersOf(check.group, severity, cluster, input).some((finder) => finder.check === check),
  ).length;

/** How many series count a cluster's open findings. */
const openCounts = (input: AlarmInput, cluster: ClusterSettings): number =>
  sum(
    checkGroups,
    (group) =>
      pagingSeverities.filter((severity) => findersOf(group, severity, cluster, input).length > 0).length,
  );
