#!/usr/bin/env bash
# @opentelemetry/sdk-metrics 2.12.1 (3.1.1 does the same): an instrument holds 2,000 sets of attributes, and what is over
# goes into one point, otel.metric.overflow, without a log line. The limit reads like one of what is measured at a time. Of an
# observable gauge it is of all that the process ever observed, also where the reader takes deltas, which have long dropped the
# old ones from what they export: a process that observes 100 consumers, new ones each minute, loses the names of all of them
# after twenty rounds, for good, and exports one value for them, the last one observed. A gauge that is recorded has the same
# limit anew in each round, whatever the reader takes.
# Seen of 100 new consumers a round, points at export 1 and 25, and how many of them name a consumer of that round:
#   observed, delta: 100 with 100, 1 with 0
#   observed, cumulative: 100 with 100, 2000 with 0
#   recorded, delta: 100 with 100, 100 with 100
#   recorded, cumulative: 100 with 100, 2500 with 100
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/sdk-metrics@2.12.1 @opentelemetry/api@1.9.1 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { DiagConsoleLogger, DiagLogLevel, diag } = require('@opentelemetry/api');
const { AggregationTemporality, MeterProvider, MetricReader } = require('@opentelemetry/sdk-metrics');
class Reader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}
diag.setLogger(new DiagConsoleLogger(), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
const look = async (kind, temporality) => {
  const reader = new Reader({ aggregationTemporalitySelector: () => AggregationTemporality[temporality] });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('nats');
  let round = 0;
  const measure = (into) => {
    for (let i = 0; i < 100; i += 1) into(i, { consumer: `${round}-${i}` });
  };
  const recorded = kind === 'recorded' ? meter.createGauge('pending') : undefined;
  if (kind === 'observed') {
    const gauge = meter.createObservableGauge('pending');
    gauge.addCallback((result) => measure((value, attributes) => result.observe(value, attributes)));
  }
  const rows = [];
  for (round = 1; round <= 25; round += 1) {
    if (recorded) measure((value, attributes) => recorded.record(value, attributes));
    const { resourceMetrics } = await reader.collect();
    const points = resourceMetrics.scopeMetrics[0].metrics[0].dataPoints;
    const named = points.filter(({ attributes }) => attributes.consumer?.startsWith(`${round}-`));
    rows.push(`${points.length} with ${named.length}`);
  }
  console.log(`${kind}, ${temporality.toLowerCase()}: ${rows[0]}, ${rows[24]}`);
};
void (async () => {
  for (const kind of ['observed', 'recorded']) {
    for (const temporality of ['DELTA', 'CUMULATIVE']) await look(kind, temporality);
  }
})();
JS
seen=$(node look.cjs 2>&1)
echo "$seen"
[ "$seen" = 'observed, delta: 100 with 100, 1 with 0
observed, cumulative: 100 with 100, 2000 with 0
recorded, delta: 100 with 100, 100 with 100
recorded, cumulative: 100 with 100, 2500 with 100' ] || { echo 'this has changed' >&2; exit 1; }
