#!/usr/bin/env bash
# @opentelemetry/exporter-prometheus 0.223.0 (0.301.0 does the same): attributes whose names differ in a dot alone, server.id
# and server_id, become two labels of one name, written both, where OpenTelemetry wants their values joined. A parser of
# Prometheus' format takes such a line for an error of the whole page, so that one data point takes all other metrics with it;
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5) stands for it here.
# Seen of a gauge with server.id beside another gauge, and of one with both attributes beside it:
#   server.id: promtool exit 0
#   server.id and server_id: {server_id="n1",server_id="n1",otel_scope_name="nats"}, promtool exit 1, duplicate label names
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/exporter-prometheus@0.223.0 \
  @opentelemetry/sdk-metrics@2.12.0 @opentelemetry/api@1.9.1 >/dev/null 2>&1
cat > write.cjs <<'JS'
const { PrometheusExporter, PrometheusSerializer } = require('@opentelemetry/exporter-prometheus');
const { MeterProvider } = require('@opentelemetry/sdk-metrics');
void (async () => {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('nats');
  meter.createGauge('servers', { description: 'servers' }).record(3);
  meter.createGauge('connections', { description: 'connections' }).record(5, JSON.parse(process.argv[2]));
  process.stdout.write(new PrometheusSerializer().serialize((await reader.collect()).resourceMetrics));
})();
JS
check() { # attributes
  local code=0
  node write.cjs "$1" > page.txt
  root/usr/bin/promtool check metrics < page.txt >out.txt 2>&1 || code=$?
  echo "promtool exit $code$(grep -o 'duplicate label names' out.txt | sed 's/^/, /' || true)"
}
seen="server.id: $(check '{"server.id":"n1"}')"
both=$(check '{"server.id":"n1","server_id":"n1"}')
seen="$seen
server.id and server_id: $(sed -n 's/^connections\({.*}\).*/\1/p' page.txt), $both"
echo "$seen"
[ "$seen" = 'server.id: promtool exit 0
server.id and server_id: {server_id="n1",server_id="n1",otel_scope_name="nats"}, promtool exit 1, duplicate label names' ] ||
  { cat page.txt out.txt >&2; echo 'this has changed' >&2; exit 1; }
