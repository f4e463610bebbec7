#!/usr/bin/env bash
# @opentelemetry/otlp-transformer 0.223.1, OTLP over HTTP as JSON: a sum of integers is written as a JSON number
# (`"asInt":9007199254740994`), while times beside it are texts (`"startTimeUnixNano":"1700000000123456789"`).
# protobuf's JSON mapping writes every 64-bit integer as a text; a reader that parses numbers as doubles, as most do,
# rounds counters above 2^53 that the sender still had exactly. 2^63 comes out as 9223372036854776000, which no int64
# holds, and NaN as null: the point then has no value at all.
# Seen:
#   {"asInt":9007199254740994} {"asInt":9223372036854776000} {"asDouble":null}
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @opentelemetry/otlp-transformer@0.223.1 @opentelemetry/api@1.9.1 \
  @opentelemetry/sdk-metrics@2.12.1 @opentelemetry/resources@2.12.1 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { JsonMetricsSerializer } = require('@opentelemetry/otlp-transformer');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { AggregationTemporality, DataPointType } = require('@opentelemetry/sdk-metrics');
const { ValueType } = require('@opentelemetry/api');
const written = (value, valueType) => {
  const point = { startTime: [1700000000, 123456789], endTime: [1700000060, 0], attributes: {}, value };
  const metric = {
    descriptor: { name: 'm', description: '', unit: '', type: 'COUNTER', valueType, advice: {} },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: [point],
  };
  const bytes = JsonMetricsSerializer.serializeRequest({
    resource: resourceFromAttributes({}),
    scopeMetrics: [{ scope: { name: 's' }, metrics: [metric] }],
  });
  const text = Buffer.from(bytes).toString();
  return /"startTimeUnixNano":"1700000000123456789"/.test(text) ? `{${/"as(?:Int|Double)":[^,}]*/.exec(text)[0]}}` : text;
};
const rows = [
  written(2 ** 53 + 2, ValueType.INT),
  written(2 ** 63, ValueType.INT),
  written(NaN, ValueType.DOUBLE),
];
console.log(rows.join(' '));
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = '{"asInt":9007199254740994} {"asInt":9223372036854776000} {"asDouble":null}' ] || { echo 'this has changed' >&2; exit 1; }
