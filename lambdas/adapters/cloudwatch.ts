import {
  PutMetricDataCommand,
  type CloudWatchClient,
  type Dimension,
  type MetricDatum,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { units, type Unit } from '../define.ts';
import { PutError, type Datapoint, type MetricSink } from '../ports.ts';

const standardUnits = units satisfies Readonly<Record<Unit, StandardUnit>>;

// CloudWatch's limits of one PutMetricData: 1,000 metrics and 1 MB, here less room for the namespace around them.
const mostMetrics = 1_000;
const mostBytes = 999_000;
const mostDimensions = 30;
const largestValue = 2 ** 360;

/**
 * Puts datapoints into a CloudWatch namespace: labels become dimensions, in as few requests as CloudWatch's limits
 * allow. Rejects before sending anything if CloudWatch would not take a datapoint, naming its series; rejects with a
 * PutError after sending the rest if a request fails.
 */
export function cloudWatchMetrics(client: CloudWatchClient, namespace: string): MetricSink {
  return {
    async put(datapoints) {
      const given = new Map(datapoints.map((each) => [datum(each), each]));
      const requests = batches([...given.keys()]);
      const results = await Promise.allSettled(
        requests.map((MetricData) =>
          client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData })),
        ),
      );
      const reasons = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      if (reasons.length === 0) return;
      const lost = requests.flatMap((batch, i) => (results[i]?.status === 'rejected' ? batch : []));
      throw new PutError(
        reasons,
        `CloudWatch did not take ${lost.length} of ${datapoints.length} datapoints for namespace ${namespace} ` +
          `(the first is ${lost[0]?.MetricName}): ${reasons.map(String).join('; ')}`,
        lost.flatMap((each) => given.get(each) ?? []),
      );
    },
  };
}

/** @throws Error naming the first series of which CloudWatch would not take a datapoint */
export const refuseUnfit = (datapoints: readonly Datapoint[]): void => {
  for (const each of datapoints) datum(each);
};

/** @throws Error naming the series, if CloudWatch would refuse this datapoint and with it the whole request */
function datum(datapoint: Datapoint): MetricDatum {
  const { series, labels, value, unit, at } = datapoint;
  const refuse = (why: string): Error =>
    new Error(`CloudWatch takes no datapoint ${nameOf(datapoint)}: ${why}`);
  if (!(Math.abs(value) <= largestValue)) throw refuse(`its value is ${value}, not a number within 2^360`);
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) throw refuse(`its time is "${at}"`);
  const names = Object.entries(labels);
  if (names.length > mostDimensions) throw refuse(`it has ${names.length} labels, at most ${mostDimensions}`);
  const dimensions = names.map(([name, text]): Dimension => {
    if (!/^(?!:)[\x20-\x7e]{1,255}$/.test(name)) {
      throw refuse(`the label name "${name}" is not 1 to 255 characters of printable ASCII`);
    }
    if (!/^(?=.*\S)[\x20-\x7e]{1,1024}$/.test(text)) {
      throw refuse(`the label ${name} is not 1 to 1,024 characters of printable ASCII`);
    }
    return { Name: name, Value: text };
  });
  return {
    MetricName: series,
    Dimensions: dimensions,
    Timestamp: time,
    Value: value,
    Unit: standardUnits[unit],
    StorageResolution: 60,
  };
}

const nameOf = ({ series, labels }: Datapoint): string =>
  `${series}{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;

function batches(metrics: readonly MetricDatum[]): readonly MetricDatum[][] {
  const filled: MetricDatum[][] = [];
  let open: MetricDatum[] = [];
  let openBytes = 0;
  for (const metric of metrics) {
    // Times are longer here (ISO 8601) than on the wire (a number), and nothing is shorter.
    const bytes = Buffer.byteLength(JSON.stringify(metric)) + 1;
    if (open.length === 0 || open.length === mostMetrics || openBytes + bytes > mostBytes) {
      open = [];
      openBytes = 0;
      filled.push(open);
    }
    open.push(metric);
    openBytes += bytes;
  }
  return filled;
}
