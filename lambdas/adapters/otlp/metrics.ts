import {
  PutError,
  unsentOf,
  type Datapoint,
  type MetricSink,
  type SeriesPoint,
  type SeriesSink,
} from '../../ports.ts';

/** Datapoints of these names as series that PromQL in CloudWatch reads, which cost no metric and no request; the others as they are. */
export const partlySeries = (
  metrics: MetricSink,
  series: SeriesSink,
  isSeries: (name: string) => boolean,
): MetricSink => ({
  async put(datapoints) {
    const { true: sent = [], false: others = [] } = Object.groupBy(datapoints, (each) =>
      isSeries(each.series) ? 'true' : 'false',
    );
    const [first, second] = await Promise.allSettled([
      others.length === 0 ? undefined : metrics.put(others),
      sent.length === 0 ? undefined : series.put(sent.map(pointOf)),
    ]);
    const reasons = [first, second].flatMap((each) =>
      each.status === 'rejected' ? [each.reason as unknown] : [],
    );
    if (reasons.length === 0) return;
    throw new PutError(reasons, reasons.map(String).join('; '), [
      ...(first.status === 'rejected' ? unsentOf(first.reason, others) : []),
      ...(second.status === 'rejected' ? sent : []),
    ]);
  },
});

const pointOf = ({ series: name, labels, value, at }: Datapoint): SeriesPoint => ({
  ...{ name, labels, value, at: Date.parse(at) },
  kind: 'gauge',
});
