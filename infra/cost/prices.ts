/**
 * List prices in us-east-1, in dollars, of October 2026; other Regions cost up to a half more. AWS' price pages decide.
 * DynamoDB's are of the reduction of November 2024.
 */
export const price = {
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  request: 0.01 / 1_000,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
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

export function metricsPrice(count: number): number {
  let [left, total] = [count, 0];
  for (const [size, each] of metricSteps) {
    total += Math.min(left, size) * each;
    left = Math.max(0, left - size);
  }
  return total;
}

/** What a month's free tier takes off, if nothing else in the account uses it. */
export const free = {
  metrics: 10,
  alarmMetrics: 10,
  requests: 1e6,
  lambdaRequests: 1e6,
  lambdaGbSeconds: 400_000,
  schedules: 14e6,
  logGb: 5,
} as const;
