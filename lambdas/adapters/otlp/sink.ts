import { setTimeout as pause } from 'node:timers/promises';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SeriesError, type Log, type SeriesPoint, type SeriesReport, type SeriesSink } from '../../ports.ts';
import { metricName, written } from '../../promql/index.ts';
import { awsLimits } from '../aws-limits.ts';
import { closeAgent, newAgent } from '../http/exchange.ts';
import { exportRequests, type ExportRequest } from './json.ts';
import { refusal } from './point.ts';
import { poster, type PostOptions } from './post.ts';
import { verdictOf, type Verdict } from './reply.ts';

export type OtlpOptions = Partial<PostOptions> & {
  /** Where points that CloudWatch does not take are reported. */
  readonly log: Log;
};

const mostReasons = 10;

/** Puts points to CloudWatch's OTLP endpoint, with Region, credentials and endpoint of the client. */
export function otlpMetrics(
  client: CloudWatchClient,
  { log, timeoutMs = awsLimits.requestHandler.requestTimeout, wait = pause }: OtlpOptions,
): SeriesSink {
  return {
    async put(points) {
      const judged = points.map((point) => ({ point, why: refusal(point) }));
      const refused = judged.flatMap(({ point, why }) =>
        why === null ? [] : [{ series: named(point), why }],
      );
      const requests = exportRequests(judged.flatMap(({ point, why }) => (why === null ? [point] : [])));
      const agent = newAgent(timeoutMs);
      const post = poster(client, agent, { timeoutMs, wait });
      const results = await Promise.allSettled(
        requests.map(async ({ json }) => verdictOf(await post(json))),
      ).finally(() => closeAgent(agent));

      const verdicts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const report = { offered: points.length, refused, ...summed(verdicts) };
      logReport(log, report);
      failIfAnyDid(requests, results, report);
      return report;
    },
  };
}

const named = ({ name, labels }: SeriesPoint): string => written({ ...labels, [metricName]: name });

const summed = (verdicts: readonly Verdict[]) => ({
  rejected: verdicts.reduce((sum, { rejected }) => sum + rejected, 0),
  messages: [...new Set(verdicts.map(({ message }) => message).filter(Boolean))],
});

function logReport(log: Log, { offered, refused, rejected, messages }: SeriesReport): void {
  if (refused.length > 0) {
    log.warn(`${refused.length} of ${offered} points cannot be sent to CloudWatch by OTLP`, {
      refused: refused.slice(0, mostReasons),
    });
  }
  if (rejected > 0 || messages.length > 0) {
    log.warn(`CloudWatch rejected ${rejected} of ${offered} points by OTLP`, {
      messages: messages.slice(0, mostReasons),
    });
  }
}

function failIfAnyDid(
  requests: readonly ExportRequest[],
  results: readonly PromiseSettledResult<Verdict>[],
  report: SeriesReport,
): void {
  const failed = requests.flatMap(({ points }, i) => {
    const result = results[i];
    return result?.status === 'rejected' ? [{ points, reason: result.reason as unknown }] : [];
  });
  const [first] = failed.flatMap(({ points }) => points);
  if (first === undefined) return;
  const lost = failed.reduce((sum, { points }) => sum + points.length, 0);
  const reasons = failed.map(({ reason }) => reason);
  throw new SeriesError(
    reasons,
    `CloudWatch did not take ${lost} of ${report.offered} points by OTLP (the first is ${named(first)}): ` +
      [...new Set(reasons.map(String))].join('; '),
    report,
    lost,
  );
}
