import type { Check } from '../../lambdas/define.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { compositeSpecs } from '../alarms/alarm-specs.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { batchesOf } from '../settings/batches.ts';
import { dashboardPrice, withDashboard } from '../settings/dashboards.ts';
import { makesKey } from '../settings/delivery.ts';
import { serversIn } from '../settings/servers.ts';
import { assumed } from './assumptions.ts';
import { functionSize } from './function-size.ts';
import { free, metricsPrice, price } from './prices.ts';
import { customMetrics, otlpPointsOfChecks, requestsPerRun } from './published-metrics.ts';
import { otlpPointsOfRules, samplesScanned } from './rule-cost.ts';

const minutesPerMonth = 43_800;

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
  const batched = batchesOf(settings.clusters).map(({ clusters }) =>
    settings.clusters.filter(({ name }) => clusters.includes(name)),
  );
  const batches = batched.length;
  const runs = rounds * batches;
  const clusterRuns = rounds * settings.clusters.length;
  const serverRuns = rounds * serversIn(settings.clusters);
  const gbSeconds = sum(checks, (check) => {
    const gbOfRun = (functionSize(check, input).memoryMegabytes / 1_024) * assumed.runSeconds;
    return runsOf(check) * batches * gbOfRun;
  });
  const requests = sum(
    checks,
    (check) => runsOf(check) * sum(batched, (clusters) => requestsPerRun(check, clusters, input)),
  );
  const line = (item: string, quantity: number, unit: number, without = 0): CostLine => ({
    item,
    quantity,
    list: quantity * unit,
    afterFreeTier: Math.max(0, quantity - without) * unit,
  });
  const metrics = customMetrics(input);
  const otlpPoints = otlpPointsOfRules(input) + otlpPointsOfChecks(input);
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
      price.lambdaGbSecond[settings.functions.architecture],
      free.lambdaGbSeconds,
    ),
    line('schedule invocations', runs, price.schedule, free.schedules),
    line('DynamoDB write units', clusterRuns * assumed.writeUnits, price.write),
    line('DynamoDB read units', clusterRuns * assumed.readUnits + runs * assumed.muteReadUnits, price.read),
    line('logs, GB', (clusterRuns * assumed.logKbPerRun) / 1e6, price.logGb, free.logGb),
    line('KMS key', makesKey(settings) ? 1 : 0, price.key),
    line(
      'series sent by OTLP, GB',
      (minutesPerMonth * otlpPoints * assumed.otlpBytesPerPoint) / 1e9,
      price.otlpGb,
    ),
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
