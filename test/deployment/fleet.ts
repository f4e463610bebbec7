import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Account } from '../../infra/doctor/examination.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { ProbeReply } from '../../lambdas/environment.ts';
import { deployToMoto } from '../infra/deploy.ts';
import { awsEndpoint } from '../infra/unsigned.ts';
import { stoppingOnFailure } from '../scenes/stopping.ts';
import type { Moto } from '../services/moto.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { deployedCode } from './deployed-code.ts';
import { startLambda, type Invocation } from './lambda-process.ts';
import {
  createQueue,
  drain,
  memoryItems,
  pointsAt,
  queueArn,
  type Point,
  type Received,
} from './reading-back.ts';
import { startScene, type Scene } from './scene.ts';

/** Queues that settings subscribe to the findings: to all of them, to what pages, to one check of one cluster. */
export const queues = ['everything', 'pager', 'prod-closes'] as const;
export type Queue = (typeof queues)[number];

export const namespace = 'NATS/fleet';

/** The rules of a team, beside the built-in ones. */
const rules = {
  groups: [
    {
      name: 'fleet',
      rules: [
        {
          record: 'server:connections:new',
          expr: 'gnatsd_varz_total_connections - gnatsd_varz_total_connections offset 1m',
        },
        {
          alert: 'ManyNewConnections',
          expr: 'server:connections:new > 10',
          labels: { severity: 'critical', team: 'edge' },
          annotations: {
            summary: '{{ $labels.server_id }} took {{ $value }} new connections within a minute',
            runbook_url: 'https://wiki.example/connections',
          },
        },
        { alert: 'FewConnectionsAllowed', expr: 'gnatsd_varz_max_connections < 100', for: '5m' },
      ],
    },
  ],
};

/** One minute of the schedule, and what came of it. */
export type Round = {
  readonly runs: Readonly<Record<string, Invocation['run']>>;
  readonly received: Readonly<Record<Queue, readonly Received[]>>;
  readonly points: readonly Point[];
  readonly memory: Awaited<ReturnType<typeof memoryItems>>;
};

/** The first minute of the schedule, epoch ms. Real time stands almost still while the schedule goes on. */
const start = Math.floor(Date.now() / 60_000) * 60_000;
export const minuteAt = (number: number): number => start + number * 60_000;
/** As EventBridge Scheduler writes it. */
export const scheduledAt = (number: number): string =>
  new Date(minuteAt(number)).toISOString().replace('.000Z', 'Z');

/** Servers, a deployment that watches them, and a process for each of its functions. */
export async function startFleet() {
  const [scene, moto] = await Promise.all([startScene(), borrowMoto()]);
  const stops = [scene.stop, moto.stop];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((each) => each()));
  };
  return stoppingOnFailure(stop, async () => {
    for (const queue of queues) await createQueue(moto, queue);
    const { deployed, code, translated, file } = await deploySettings(moto, settingsOf(scene, moto), {
      'fleet.rules.yaml': JSON.stringify(rules),
    });
    const functions = await Promise.all(
      checks.map(async ({ id }) => {
        const environment = { ...deployed.functions[id]?.environment, ...moto.env };
        return [id, await startLambda(code, environment)] as const;
      }),
    );
    stops.push(...functions.map(([, { stop: end }]) => end));
    const client = awsEndpoint(moto).client;
    /** The account as `npm run doctor` has it, but that Lambda is a process of ours. */
    const account: Account = {
      cloudWatch: new CloudWatchClient(client),
      logs: new CloudWatchLogsClient(client),
      dynamo: new DynamoDBClient(client),
      scheduler: new SchedulerClient(client),
      sns: new SNSClient(client),
      async invoke(name, event) {
        const [, own] = functions.find(([id]) => deployed.functions[id]?.name === name) ?? [];
        const invocation = await own?.ask(event);
        if (invocation?.run !== 'done') throw new Error(`${name}: ${JSON.stringify(invocation)}`);
        return invocation.answer as ProbeReply;
      },
    };
    return {
      ...{ scene, stop, translated, file, account },
      /** What all processes have logged. */
      logs: async () => (await Promise.all(functions.map(([, { log }]) => log()))).join(''),
      /** Starts every function for one minute, and asks AWS what came of it. */
      async round(number: number): Promise<Round> {
        const runs = await Promise.all(
          functions.map(async ([id, { invoke }]) => [id, (await invoke(scheduledAt(number))).run] as const),
        );
        const received = await Promise.all(
          queues.map(async (queue) => [queue, await drain(moto, queue)] as const),
        );
        return {
          runs: Object.fromEntries(runs),
          received: Object.fromEntries(received) as Round['received'],
          points: await pointsAt(moto, namespace, minuteAt(number)),
          memory: await memoryItems(moto, deployed.table),
        };
      },
    };
  });
}
export type Fleet = Awaited<ReturnType<typeof startFleet>>;

/** Deploys these settings, with files beside them, and fetches the code of the functions as it was uploaded. */
export async function deploySettings(
  moto: Moto,
  settings: { readonly name: string },
  files: Readonly<Record<string, string>> = {},
) {
  const folder = temporaryFolder('settings');
  const file = path.join(folder, 'settings.yaml');
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(file, JSON.stringify(settings));
  const deployed = await deployToMoto(moto, file);
  const uploaded = await deployedCode(moto, `${settings.name}-checks`);
  return { deployed, file, code: uploaded.folder, translated: loadSettings(file).translated };
}

function settingsOf({ hubs, vault, goneUrl }: Scene, moto: Moto) {
  const target = ({ name, monitoringUrl: url }: NatsServer) => ({ name, url });
  const subscription = (queue: Queue, more = {}) => ({
    topic: 'findings',
    protocol: 'sqs',
    endpoint: queueArn(moto, queue),
    ...more,
  });
  const paging = { severity: ['critical'], status: ['opened', 'raised'] };
  return {
    name: 'fleet',
    namespace,
    publish: 'all',
    clusters: [
      { name: 'prod', targets: [target(hubs.hub1), target(hubs.hub2)], expect: { leafnodes: 2 } },
      { name: 'edge', targets: [target(vault), { name: 'gone', url: goneUrl }] },
    ],
    subscriptions: [
      subscription('everything'),
      subscription('pager', { filter: paging, rawMessageDelivery: true }),
      subscription('prod-closes', { filter: { check: ['connection-stopped'], cluster: ['prod'] } }),
    ],
    rules: ['fleet.rules.yaml', 'built-in'],
    limits: { CONN_101: { failures: { warning: 3, critical: 6 } } },
  };
}
