import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsLimits } from './adapters/aws-limits.ts';
import { cloudWatchMetrics, refuseUnfit } from './adapters/cloudwatch.ts';
import { joinedMetrics } from './adapters/joined-metrics.ts';
import { dynamoMemory } from './adapters/memory/dynamodb.ts';
import { dynamoOpenBoard } from './adapters/memory/open-board.ts';
import { dynamoMutes, muteOf } from './adapters/memory/mutes.ts';
import { httpSource } from './adapters/http/source.ts';
import { partlySeries } from './adapters/otlp/metrics.ts';
import { jsonLog, objectLog } from './adapters/log.ts';
import { snsNotices } from './adapters/sns.ts';
import { checks, diagnoses } from './checks/catalogue.ts';
import type { Check } from './define.ts';
import { seconds } from './durations.ts';
import {
  environment,
  planFile,
  settingsFile,
  type ProbeEvent,
  type ProbeReply,
  type ScheduledEvent,
} from './environment.ts';
import { openFindingsSeries } from './engine/findings/open-findings.ts';
import type { RunReport } from './engine/findings/report.ts';
import { probe } from './run/probe.ts';
import { run } from './run/run.ts';
import type { Handshakes, SeriesSink } from './ports.ts';
import { isCountedBySeries, isOwn, type RulePlan } from './rules/plan.ts';
import { parseSettings, watchSettings } from './settings.ts';
import { textHash } from './text-hash.ts';
import { minuteOf, watchesNamed, watchesOf } from './run/watch.ts';

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

const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const files = { [settingsFile]: readText(settingsFile), [planFile]: readText(planFile) };
const { settings, book } = parseSettings(
  watchSettings,
  JSON.parse(files[settingsFile]),
  settingsFile,
  diagnoses,
);
const plan = JSON.parse(files[planFile]) as RulePlan;
const group = process.env[environment.group]?.split(' ') ?? null;
/** Of what a deployment may change beside code. */
const deployed = textHash(JSON.stringify([files[settingsFile], files[planFile], group]), 0);
const clusters = watchesOf(settings, book, plan).map((watch) => ({ ...watch, deployed }));

/** Of a function's time, what is left when reading ends: what was read is still judged, saved and sent. */
const afterReading = seconds(15);

/** Lambda says in which format it was told to write. */
const log = process.env['AWS_LAMBDA_LOG_FORMAT'] === 'JSON' ? objectLog() : jsonLog();
const now = () => Date.now();
const cloudWatch = new CloudWatchClient(awsLimits);
/** Only the engine promql sends series: no other function is to load what that takes. */
const series: SeriesSink = {
  put: async (points) =>
    (await import('./adapters/otlp/sink.ts')).otlpMetrics(cloudWatch, { log }).put(points),
};
/** With that engine its own series go there, too: under names that no rule of the exporter's reads. */
const isOwnSeries = (name: string) =>
  name === openFindingsSeries
    ? isCountedBySeries(check.group, plan.engine)
    : isOwn(name) && check.series.some((each) => each.name === name);
const classic = cloudWatchMetrics(cloudWatch, settings.namespace);
const metrics = plan.engine === 'promql' ? partlySeries(classic, series, isOwnSeries) : classic;
/** Of one invocation. Only certificates that no endpoint shows are looked at so: TLS is not to be loaded elsewhere. */
const handshakesOfRun = (): Handshakes => {
  let made: Promise<Handshakes> | undefined;
  return {
    certificate: async (target, port) => {
      made ??= import('./adapters/tls/handshakes.ts').then(({ tlsHandshakes }) =>
        tlsHandshakes({ timeoutMs: settings.requestTimeout }),
      );
      return (await made).certificate(target, port);
    },
  };
};
const notices = snsNotices(
  new SNSClient(awsLimits),
  required(environment.findingsTopic),
  process.env[environment.chatTopic] ?? null,
);
const dynamo = new DynamoDBClient(awsLimits);
const memory = dynamoMemory(dynamo, required(environment.table), { now });
/** A check that is not deployed notes nothing, so that its group is not to wait for it. */
const isDeployed = ({ id }: Check): boolean => group === null || group.includes(id);
const board = dynamoOpenBoard(dynamo, required(environment.table), {
  checks: checks.filter(isDeployed),
  now,
});

/** A page too many is better than one that nobody gets. */
const commandedMutes = () =>
  dynamoMutes(dynamo, required(environment.table))
    .read()
    .then(
      (mutes) => mutes.map(muteOf),
      (error: unknown) => {
        log.warn('mutes made by command cannot be read: nothing is muted by them', { reason: String(error) });
        return [];
      },
    );

/** What Lambda tells of an invocation, as far as it is needed. */
export type InvocationContext = { readonly getRemainingTimeInMillis: () => number };

/**
 * Runs this function's check on the clusters that the event names for the scheduled minute. A minute that was run before, or
 * comes late, ends at once, successfully. A probe runs nothing and is answered.
 * @throws Error naming each cluster whose memory, metrics or notices failed, or that is not known; the others are done all
 * the same
 */
export const handler = (
  event: ScheduledEvent | ProbeEvent,
  context: InvocationContext,
): Promise<ProbeReply | undefined> => ('probe' in event ? answer(context) : runAll(event, context));

const sourceFor = (context: InvocationContext) =>
  httpSource({
    timeoutMs: settings.requestTimeout,
    runMs: context.getRemainingTimeInMillis() - afterReading,
  });

async function answer(context: InvocationContext): Promise<ProbeReply> {
  const source = sourceFor(context);
  try {
    const servers = await probe(clusters, { source, names: source, log, now });
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    return {
      servers,
      files: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, hash(text)])),
    };
  } finally {
    await source.close();
  }
}

async function runAll(event: ScheduledEvent, context: InvocationContext): Promise<undefined> {
  const minute = minuteOf(event.scheduledTime, now());
  const { watches, unknown } = watchesNamed(clusters, event.clusters);
  const mutes = commandedMutes();
  const source = sourceFor(context);
  const handshakes = handshakesOfRun();
  const joined = joinedMetrics(metrics, { runs: watches.length, check: refuseUnfit });
  try {
    const runs = await Promise.allSettled(
      watches.map(async (watch) => {
        const started = now();
        const report = await run(
          check,
          watch,
          {
            ...{
              source,
              names: source,
              handshakes,
              memory,
              board,
              metrics: joined,
              series,
              notices,
              log,
              now,
            },
            mutes: () => mutes,
          },
          minute,
        ).finally(joined.ended);
        const cluster = watch.facts.name;
        if (report === null)
          log.info(`${check.id}, cluster ${cluster}: this minute, or a later one, was run before`);
        else log.info(`${check.id}, cluster ${cluster}`, { ...summary(report), ms: now() - started });
      }),
    );
    const failures = [
      ...runs.flatMap((each, i) =>
        each.status === 'rejected' ? [`cluster ${watches[i]?.facts.name}: ${each.reason}`] : [],
      ),
      ...unknown.map((name) => `cluster ${name}: not in this function's settings, so it was not run`),
    ];
    if (failures.length > 0) throw new Error(`${check.id}: ${failures.join('; ')}`);
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
