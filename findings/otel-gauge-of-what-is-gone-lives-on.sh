#!/usr/bin/env bash
# @opentelemetry/sdk-metrics 2.12.1 (3.1.1 does the same): an observable gauge whose callback no longer observes a server is
# exported for that server as before, with its last value and the time of the export, for as long as the process lives, where
# the reader wants cumulative temporality. Where it wants deltas, the point ends at once, though temporality is about sums,
# and a gauge has none. So "up 1" of a server that was taken away is renewed each minute or not, by a setting of the exporter.
# Seen of two servers, of which the second is observed the first time only, at the second export:
#   cumulative: n1 1, n2 1 at a new time
#   delta: n1 1
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/sdk-metrics@2.12.1 @opentelemetry/api@1.9.1 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { setTimeout: pause } = require('node:timers/promises');
const { AggregationTemporality, MeterProvider, MetricReader } = require('@opentelemetry/sdk-metrics');
class Reader extends MetricReader {
  async onShutdown() {}
  async onForceFlush() {}
}
const look = async (temporality) => {
  const reader = new Reader({ aggregationTemporalitySelector: () => temporality });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('nats');
  let servers = ['n1', 'n2'];
  const gauge = meter.createObservableGauge('up');
  gauge.addCallback((result) => servers.forEach((server) => result.observe(1, { server })));
  const points = async () => (await reader.collect()).resourceMetrics.scopeMetrics[0].metrics[0].dataPoints;
  const times = new Map((await points()).map(({ attributes, endTime }) => [attributes.server, String(endTime)]));
  servers = ['n1'];
  await pause(20);
  const rows = (await points()).map(({ attributes: { server }, value, endTime }) => {
    const when = servers.includes(server) ? '' : ` at ${String(endTime) === times.get(server) ? 'the old' : 'a new'} time`;
    return `${server} ${value}${when}`;
  });
  return rows.join(', ');
};
void (async () => {
  console.log(`cumulative: ${await look(AggregationTemporality.CUMULATIVE)}`);
  console.log(`delta: ${await look(AggregationTemporality.DELTA)}`);
})();
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = 'cumulative: n1 1, n2 1 at a new time
delta: n1 1' ] || { echo 'this has changed' >&2; exit 1; }
