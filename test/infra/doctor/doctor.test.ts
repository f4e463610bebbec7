import { createHash } from 'node:crypto';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { doctor } from '../../../infra/doctor/command.ts';
import { examine } from '../../../infra/doctor/doctor.ts';
import type { Account } from '../../../infra/doctor/examination.ts';
import { runs } from '../../../infra/doctor/runs.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { filesBeside } from '../../../infra/stacks/files-beside.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { ProbeReply } from '../../../lambdas/environment.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';
import { connections, leafnodes, serverUp } from '../catalogue.ts';
import { written } from '../settings-file.ts';
import { awsEndpoint } from '../unsigned.ts';

const table = 'nats-cloudwatch-checks-MemoryF5B7E1E1-ABC';
const name = 'nats-cloudwatch-server-up';
const now = Date.now();
const checks = [serverUp];
const settings = `
clusters: [{ name: prod, targets: [{ name: hub1, url: "http://10.0.1.10:8222" }] }]
rules: []
subscriptions:
  - { topic: critical, protocol: https, endpoint: https://pager.example/one }
  - { topic: warning, protocol: email, endpoint: nats-team@example.com }
  - { topic: findings, protocol: email, endpoint: nats-team@example.com }
`;

let moto: Moto;
let account: Account;
let probed: ProbeReply;
const loaded = () => loadSettings(written(settings), checks);
const hashes = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, createHash('sha256').update(text).digest('hex')]),
  );

beforeAll(async () => {
  moto = await borrowMoto();
});
afterAll(() => moto.stop());

/** A deployment of one check in which all is well. */
beforeEach(async () => {
  await moto.reset();
  const { client } = awsEndpoint(moto);
  const { watch, translated } = loaded();
  probed = {
    servers: [{ cluster: 'prod', target: 'hub1', failure: null }],
    files: hashes(filesBeside(watch, translated.plan)),
  };
  account = {
    cloudWatch: new CloudWatchClient(client),
    logs: new CloudWatchLogsClient(client),
    dynamo: new DynamoDBClient(client),
    scheduler: new SchedulerClient(client),
    sns: new SNSClient(client),
    invoke: () => Promise.resolve(probed),
  };
  await account.dynamo.send(
    new CreateTableCommand({
      TableName: table,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await ranAt(now);
  await account.logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name}` }));
  await account.scheduler.send(new CreateScheduleCommand({ ...schedule, State: 'ENABLED' }));
  for (const spec of alarmSpecs({ checks, ...loaded() })) {
    await account.cloudWatch.send(new PutMetricAlarmCommand({ ...alarm, AlarmName: spec.name }));
    await account.cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: spec.name, StateValue: 'OK', StateReason: 'set' }),
    );
  }
  for (const { topic, protocol, endpoint } of loaded().settings.subscriptions) {
    const { TopicArn } = await account.sns.send(new CreateTopicCommand({ Name: `nats-cloudwatch-${topic}` }));
    await account.sns.send(new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint: endpoint }));
  }
});

const alarm = {
  MetricName: 'm',
  Namespace: 'n',
  Statistic: 'Maximum',
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 1,
  Period: 60,
  EvaluationPeriods: 1,
} as const;
const schedule = {
  Name: name,
  ScheduleExpression: 'rate(1 minute)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    RoleArn: 'arn:aws:iam::123456789012:role/r',
  },
} as const;
const findings = 'nats/prod/servers/findings/critical';

const ranAt = (at: number) =>
  account.dynamo.send(
    new PutItemCommand({
      TableName: table,
      Item: { id: { S: 'server-up#prod' }, claimed: { N: String(at) } },
    }),
  );
const logged = async (message: string, at = now) => {
  const where = { logGroupName: `/aws/lambda/${name}`, logStreamName: 's' };
  await account.logs.send(new CreateLogStreamCommand(where));
  await account.logs.send(new PutLogEventsCommand({ ...where, logEvents: [{ timestamp: at, message }] }));
};

/** What an examination finds, without what moto cannot have: composite alarms. */
const complaintsOf = async (examination: string) => {
  const examined = await examine({ loaded: loaded(), checks, account, table: null, now });
  const found = examined.find((each) => each.name === examination);
  return found?.complaints
    .map(({ what, todo }) => `${what} -> ${todo}`)
    .filter((each) => !each.includes('not-running -> deploy'));
};

describe('the doctor', () => {
  it('finds a deployment well in which all is, and says what was looked at', async () => {
    const examined = await examine({ loaded: loaded(), checks, account, table: null, now });
    expect(Object.fromEntries(examined.map(({ name: of, seen }) => [of, seen]))).toEqual({
      runs: '1 check and cluster ran in time',
      schedules: '1 schedule enabled',
      logs: '1 log without errors or warnings in the last 1 h',
      servers: '1 of 1 server answered to nats-cloudwatch-server-up',
      alarms: expect.stringMatching(/^\d+ alarms, none in ALARM$/) as string,
      subscriptions: '3 subscriptions confirmed',
    });
    for (const { name: of } of examined) expect([of, await complaintsOf(of)]).toEqual([of, []]);
  });

  describe('runs', () => {
    it('may be two periods and a minute old', async () => {
      await ranAt(now - minutes(3));
      expect(await complaintsOf('runs')).toEqual([]);
    });

    it('that are older are told, with where to look', async () => {
      await ranAt(now - minutes(4));
      expect(await complaintsOf('runs')).toEqual([
        'server-up last finished a run 4 min ago: prod -> read the log /aws/lambda/nats-cloudwatch-server-up; is its schedule enabled?',
      ]);
    });

    it('that never were are told', async () => {
      await account.dynamo.send(
        new PutItemCommand({ TableName: table, Item: { id: { S: 'server-up#prod' } } }),
      );
      expect(await complaintsOf('runs')).toEqual([
        expect.stringMatching(/^server-up never finished a run: prod -> /),
      ]);
    });

    it('of several checks that stopped alike are told once', async () => {
      await ranAt(now - minutes(4));
      const patient = {
        loaded: loaded(),
        checks: [connections, leafnodes, serverUp],
        account,
        table: null,
        now,
      };
      const { seen, complaints } = await runs.look(patient);
      expect([seen, complaints]).toEqual([
        '0 checks and clusters ran in time',
        [
          {
            what: `${connections.id}, ${leafnodes.id} never finished a run: prod`,
            todo: `read the log /aws/lambda/nats-cloudwatch-${connections.id}; are their schedules enabled?`,
          },
          {
            what: 'server-up last finished a run 4 min ago: prod',
            todo: 'read the log /aws/lambda/nats-cloudwatch-server-up; is its schedule enabled?',
          },
        ],
      ]);
    });
  });

  it('tells of a schedule that is disabled', async () => {
    await account.scheduler.send(new UpdateScheduleCommand({ ...schedule, State: 'DISABLED' }));
    expect(await complaintsOf('schedules')).toEqual([
      '1 schedule disabled: nats-cloudwatch-server-up -> enable them: what they start is not looked at',
    ]);
  });

  describe('logs', () => {
    it.each([
      [
        '{"level":"warn","message":"server-up, cluster prod: too many findings"}',
        'server-up, cluster prod: too many findings',
      ],
      [
        '2026-11-30T10:00:00.000Z\t1-2-3\tWARN\t{"level":"warn","message":"server-up, cluster prod: too many findings"}',
        'server-up, cluster prod: too many findings',
      ],
      [
        '{"timestamp":"2026-11-30T10:00:00.000Z","level":"WARN","requestId":"1-2-3","message":{"message":"server-up, cluster prod: too many findings"}}',
        'server-up, cluster prod: too many findings',
      ],
      [
        '2026-11-30T10:00:00Z 1-2-3 Task timed out after 50.00 seconds',
        '2026-11-30T10:00:00Z 1-2-3 Task timed out after 50.00 seconds',
      ],
      ['ERROR Invoke Error {"errorType":"Error"}', 'ERROR Invoke Error {"errorType":"Error"}'],
    ])('that say %s are told', async (line, said) => {
      await logged(line);
      expect(await complaintsOf('logs')).toEqual([
        `server-up: 1 error or warning, the last: ${said} -> read /aws/lambda/nats-cloudwatch-server-up`,
      ]);
    });

    it('that only tell of invocations are well', async () => {
      await logged('START RequestId: 1-2-3 Version: $LATEST');
      expect(await complaintsOf('logs')).toEqual([]);
    });

    it('are looked at for an hour back, and for no line of a run', async () => {
      await logged('{"level":"warn","message":"long ago"}', now - minutes(61));
      expect(await complaintsOf('logs')).toEqual([]);
    });

    it.each([
      ['as it is', ''],
      ['as Lambda writes text', '2026-11-30T10:00:00.000Z\t1-2-3\tINFO\t'],
    ])('of runs that went well are well, %s, whatever streams are called', async (_, before) => {
      await logged(
        `${before}{"level":"info","message":"server-up, cluster prod","notices":["opened ERROR"]}`,
      );
      expect(await complaintsOf('logs')).toEqual([]);
    });
  });

  describe('servers', () => {
    it('that the function does not reach are told with the cause, once for all that have it', async () => {
      const failure = (target: string, host: string) => ({
        cluster: 'prod',
        target,
        failure: `${target} /varz: no connection to http://${host}:8222: timed out`,
      });
      probed = { ...probed, servers: [failure('hub1', '10.0.1.10'), failure('hub2', '10.0.1.11')] };
      expect(await complaintsOf('servers')).toEqual([
        expect.stringMatching(
          /^prod\/hub1, prod\/hub2: \/varz: no connection: timed out -> does the security group/,
        ),
      ]);
    });

    it('are watched by settings that were deployed: others are told', async () => {
      probed = { ...probed, files: { ...probed.files, 'settings.json': 'other' } };
      expect(await complaintsOf('servers')).toEqual([
        'what is deployed has another settings.json than this folder makes -> npx cdk diff shows it; deploy, or use the settings and the release that were deployed',
      ]);
    });
  });

  describe('alarms', () => {
    it('without data are told', async () => {
      await account.cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: findings,
          StateValue: 'INSUFFICIENT_DATA',
          StateReason: 'set',
        }),
      );
      expect(await complaintsOf('alarms')).toEqual([
        `1 alarm without data: ${findings} -> fresh ones wait for the first runs, one that was made anew by hand up to 12 h; else see runs and logs: what they compare is not published`,
      ]);
    });

    it('whose actions are off are told', async () => {
      await account.cloudWatch.send(
        new PutMetricAlarmCommand({ ...alarm, AlarmName: findings, ActionsEnabled: false }),
      );
      expect(await complaintsOf('alarms')).toEqual([
        `1 alarm with actions off: ${findings} -> turn their actions on: nobody is told (cloudwatch enable-alarm-actions)`,
      ]);
    });

    it('of other settings are told, those of another cluster are not ours', async () => {
      for (const AlarmName of ['nats/prod/old/critical', 'nats/other/old/critical'])
        await account.cloudWatch.send(new PutMetricAlarmCommand({ ...alarm, AlarmName }));
      expect(await complaintsOf('alarms')).toEqual([
        '1 alarm that these settings do not have: nats/prod/old/critical -> deploy these settings, or use those that were deployed',
      ]);
    });

    it('in ALARM are named and are no complaint', async () => {
      await account.cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName: findings, StateValue: 'ALARM', StateReason: 'set' }),
      );
      const examined = await examine({ loaded: loaded(), checks, account, table: null, now });
      expect(examined.find(({ name: of }) => of === 'alarms')?.seen).toMatch(
        / 1 in ALARM: nats\/prod\/servers/,
      );
      expect(await complaintsOf('alarms')).toEqual([]);
    });
  });

  it('tells of a subscription that nobody confirmed, and never of the address of a pager', async () => {
    const pending = (Protocol: string, Endpoint: string) => ({
      Protocol,
      Endpoint,
      SubscriptionArn: 'PendingConfirmation',
    });
    // moto confirms every one at once.
    account.sns.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== 'ListSubscriptionsByTopicCommand') return next(args);
          const { TopicArn = '' } = args.input as { readonly TopicArn?: string };
          const own = TopicArn.endsWith('critical')
            ? pending('https', 'https://pager.example/one')
            : pending('email', 'nats-team@example.com');
          return { output: { $metadata: {}, Subscriptions: [own] }, response: {} };
        },
      { step: 'initialize', name: 'unconfirmed' },
    );
    expect(await complaintsOf('subscriptions')).toEqual([
      'critical is not heard by https: not confirmed -> confirm it at the reader',
      'warning is not heard by email nats-team@example.com: not confirmed -> open the link in the mail from SNS; it lasts two days, then deploy again',
      'findings is not heard by email nats-team@example.com: not confirmed -> open the link in the mail from SNS; it lasts two days, then deploy again',
    ]);
  });

  it('says what it could not look at, with the reason, and looks at the rest', async () => {
    const denied = new Error('not authorized to perform: lambda:InvokeFunction');
    account = { ...account, invoke: () => Promise.reject(denied) };
    const { text, code } = await doctor(['--settings', written(settings), '--json'], {
      account: () => Promise.resolve(account),
      now: () => now,
      width: 80,
    });
    const { examinations } = JSON.parse(text) as {
      examinations: { name: string; outcome: string; seen: string }[];
    };
    expect([code, examinations.find(({ name: of }) => of === 'servers')]).toEqual([
      3,
      {
        name: 'servers',
        outcome: 'unknown',
        seen: 'Error: not authorized to perform: lambda:InvokeFunction',
        complaints: [],
      },
    ]);
    expect(examinations.map(({ name: of }) => of)).toEqual([
      ...['runs', 'schedules', 'logs', 'servers', 'alarms', 'subscriptions'],
    ]);
  });

  it.each([
    [['prod'], 'doctor takes no prod'],
    [['--fix'], /no option --fix/],
  ])('refuses %j', async (argv, message) => {
    const world = { account: () => Promise.resolve(account), now: () => now, width: 80 };
    await expect(doctor(argv, world)).rejects.toThrow(message);
  });
});
