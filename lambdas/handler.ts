import { readFileSync } from 'node:fs';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsLimits } from './adapters/aws-limits.ts';
import { cloudWatchMetrics } from './adapters/cloudwatch.ts';
import { dynamoMemory } from './adapters/memory/dynamodb.ts';
import { httpSource } from './adapters/http/source.ts';
import { jsonLog } from './adapters/log.ts';
import { snsNotices } from './adapters/sns.ts';
import { checks, diagnoses } from './checks/catalogue.ts';
import type { Check } from './define.ts';
import { seconds } from './durations.ts';
import { environment, planFile, settingsFile, type ScheduledEvent } from './environment.ts';
import type { RunReport } from './engine/findings/report.ts';
import { run } from './run/run.ts';
import type { SeriesSink } from './ports.ts';
import type { RulePlan } from './rules/plan.ts';
import { parseSettings, watchSettings } from './settings.ts';
import { minuteOf, watchesOf } from './run/watch.ts';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set: the stack sets it on every function`);
  return value;
}

function checkNamed(name: string): Check {
  const check = checks.find(({ id }) => id === name);
  if (!check) throw new Error(`${environment.check} is "${name}", which is no check of this release`);
  return check;
}

const check = checkNamed(required(environment.check));

const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const { settings, book } = parseSettings(watchSettings, readJson(settingsFile), settingsFile, diagnoses);
const clusters = watchesOf(settings, book, readJson(planFile) as RulePlan);

/** Of the minute that a run has, and the 50 s that its function may take: what was read is still judged, saved and sent. */
const longestReading = seconds(35);

const log = jsonLog();
const now = () => Date.now();
const cloudWatch = new CloudWatchClient(awsLimits);
const metrics = cloudWatchMetrics(cloudWatch, settings.namespace);
/** Only the engine promql sends series: no other function is to load what that takes. */
const series: SeriesSink = {
  put: async (points) =>
    (await import('./adapters/otlp/sink.ts')).otlpMetrics(cloudWatch, { log }).put(points),
};
const notices = snsNotices(new SNSClient(awsLimits), required(environment.findingsTopic));
const memory = dynamoMemory(new DynamoDBClient(awsLimits), required(environment.table), { now });

/**
 * Runs this function's check on every cluster for the scheduled minute. A minute that was run before, or comes late, ends at
 * once, successfully.
 * @throws AggregateError if a cluster's memory, metrics or notices failed; the other clusters are done all the same
 */
export async function handler(event: ScheduledEvent): Promise<void> {
  const minute = minuteOf(event.scheduledTime, now());
  const source = httpSource({ timeoutMs: settings.requestTimeout, runMs: longestReading });
  try {
    const runs = await Promise.allSettled(
      clusters.map(async (watch) => {
        const started = now();
        const report = await run(
          check,
          watch,
          { source, names: source, memory, metrics, series, notices, log, now },
          minute,
        );
        const cluster = watch.facts.name;
        if (report === null)
          log.info(`${check.id}, cluster ${cluster}: this minute, or a later one, was run before`);
        else log.info(`${check.id}, cluster ${cluster}`, { ...summary(report), ms: now() - started });
      }),
    );
    const failures = runs.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    if (failures.length > 0)
      throw new AggregateError(failures, `${check.id}: ${failures.map(String).join('; ')}`);
  } finally {
    await source.close();
  }
}

/** What a log keeps of a run. */
const summary = ({ targets, entries, notices }: RunReport) => ({
  outcomes: Object.fromEntries(entries.map(({ target, outcome }) => [target ?? 'cluster', outcome])),
  unreachable: targets.flatMap(({ failure }) => (failure === null ? [] : [failure.message])),
  notices: notices.map(({ kind, finding }) => `${kind} ${finding.diagnosis} ${finding.entity.name}`),
});
