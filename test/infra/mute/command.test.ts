import { CloudWatchClient, type PutAlarmMuteRuleInput } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { mute, usage, type World } from '../../../infra/mute/command.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { dynamoMutes } from '../../../lambdas/adapters/memory/mutes.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';
import { smallest, written } from '../settings-file.ts';

const table = 'nats-cloudwatch-checks-MemoryF5B7E1E1-ABC';
const hour = 3_600_000;
const start = Date.parse('2026-11-30T02:59:50Z');

let moto: Moto;
let dynamo: DynamoDBClient;
let asked: { readonly command: string; readonly input: unknown }[];
let refuses: Error | null;
let now: number;
let world: World;

/** moto has no mute rules: what CloudWatch would be asked is kept here. */
const cloudWatch = () => {
  const client = new CloudWatchClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    (_, { commandName = '' }) =>
      ({ input }) => {
        asked.push({ command: commandName, input });
        if (refuses !== null) return Promise.reject(refuses);
        return Promise.resolve({ output: { $metadata: {} }, response: {} });
      },
    { step: 'initialize', name: 'answers for CloudWatch' },
  );
  return client;
};

beforeAll(async () => {
  moto = await borrowMoto();
});
afterAll(() => moto.stop());
beforeEach(async () => {
  await moto.reset();
  dynamo = new DynamoDBClient({
    endpoint: moto.endpoint,
    region: moto.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  [asked, refuses, now] = [[], null, start];
  world = { cloudWatch, dynamo: () => dynamo, now: () => now, width: Infinity };
});

const settings = () =>
  written(
    `${smallest}mute:\n  - { why: patching, checks: [server-up], days: [sun], at: "02:00", for: 2h, timezone: Europe/Berlin }\n`,
  );
const told = (...argv: readonly string[]) => mute([...argv, '--settings', settings()], world);
const kept = () => dynamoMutes(dynamo, table).read();

describe('npm run mute', () => {
  it('mutes findings and alarms of a cluster together, but no watchdog, and both end by themselves', async () => {
    expect(await told('prod', '2h', '--why', 'moving hub1')).toEqual([
      'prod: findings and alarms until 2026-11-30 05:00 UTC (1 mute rule): moving hub1',
    ]);
    const until = Date.parse('2026-11-30T05:00:00Z');
    const rule = 'nats-cloudwatch-muted-prod-1';
    expect(await kept()).toEqual([
      { cluster: 'prod', from: start, until, why: 'moving hub1', rules: [rule] },
    ]);
    const [put, ...more] = asked;
    const { MuteTargets, ...input } = put?.input as PutAlarmMuteRuleInput;
    expect([put?.command, input, more]).toEqual([
      'PutAlarmMuteRuleCommand',
      {
        Name: rule,
        Description: 'moving hub1',
        // The next whole minute is too near for CloudWatch to be told in time.
        Rule: { Schedule: { Expression: 'at(2026-11-30T03:01)', Duration: 'PT119M', Timezone: 'UTC' } },
        ExpireDate: new Date(until),
      },
      [],
    ]);
    const names = alarmSpecs({ checks, ...loadSettings(settings()) }).map(({ name }) => name);
    expect(MuteTargets?.AlarmNames).toEqual(names.filter((name) => name.startsWith('nats/prod/')));
    expect(names.filter((name) => name.endsWith('/not-running'))).toHaveLength(checks.length);
  });

  it('mutes alarms for a minute, where that is asked for in the last seconds of one', async () => {
    expect(await told('prod', '1m', '--why', 'restart')).toEqual([
      'prod: findings and alarms until 2026-11-30 03:02 UTC (1 mute rule): restart',
    ]);
    const { Rule } = asked[0]?.input as PutAlarmMuteRuleInput;
    expect(Rule?.Schedule).toEqual({ Expression: 'at(2026-11-30T03:01)', Duration: 'PT1M', Timezone: 'UTC' });
  });

  it('lists what is muted, by command and by settings, and nothing that has ended', async () => {
    const ofSettings =
      'all clusters, server-up: cron(0 2 * * SUN) Europe/Berlin for 120 min: patching; by settings';
    await told('prod', '30m', '--why', 'a test');
    expect(await told('--list')).toEqual([
      'prod: findings and alarms until 2026-11-30 03:30 UTC (1 mute rule): a test; by command, ends with --end',
      ofSettings,
    ]);
    now = start + hour;
    expect(await told('--list')).toEqual([ofSettings]);
    expect(await mute(['--list', '--settings', written(smallest)], world)).toEqual([
      'nothing is muted, and settings mute nothing',
    ]);
  });

  it('keeps every line within a terminal of 80 columns, whatever is muted and why', async () => {
    const clusters = Array.from({ length: 8 }, (_, i) => `eu-central-${i}`);
    const wide = written(
      [
        'clusters:',
        ...clusters.map(
          (name, i) => `  - { name: ${name}, targets: [{ name: n1, url: "http://10.0.1.${i + 1}:8222" }] }`,
        ),
        'mute:',
        `  - { why: "${'patching the hosts '.repeat(10).trim()}", clusters: [${clusters.join(', ')}], days: [sun], at: "02:00", for: 2h }`,
      ].join('\n'),
    );
    const at80 = { ...world, width: 80 };
    const said = await mute([clusters[0] ?? '', '2h', '--why', 'x'.repeat(200), '--settings', wide], at80);
    const listed = await mute(['--list', '--settings', wide], at80);
    expect([...said, ...listed].filter((line) => line.length > 80)).toEqual([]);
    const words = (lines: readonly string[]) => lines.join('').replaceAll(' ', '');
    expect(words(listed)).toBe(words(await mute(['--list', '--settings', wide], world)));
    const help = await mute(['--help'], at80);
    expect(help).toEqual(usage.trimEnd().split('\n'));
  });

  it('replaces the mute that a cluster has', async () => {
    await told('prod', '2h', '--why', 'first');
    await told('prod', '1h', '--why', 'second');
    expect((await kept()).map(({ why }) => why)).toEqual(['second']);
  });

  it('ends that of a cluster which settings no longer have', async () => {
    await told('prod', '2h', '--why', 'leaves');
    const renamed = written(smallest.replace('prod', 'live'));
    expect(await mute(['prod', '--end', '--settings', renamed], world)).toEqual([
      'prod is muted no more; the next run tells what is open',
    ]);
    await expect(mute(['prod', '--end', '--settings', renamed], world)).rejects.toThrow(
      'no cluster "prod"; there are live',
    );
  });

  it('ends one, and its mute rules with it, though they are gone already', async () => {
    await told('prod', '2h', '--why', 'moving');
    refuses = Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
    expect(await told('prod', '--end')).toEqual(['prod is muted no more; the next run tells what is open']);
    expect([await kept(), asked.at(-1)]).toEqual([
      [],
      { command: 'DeleteAlarmMuteRuleCommand', input: { AlarmMuteRuleName: 'nats-cloudwatch-muted-prod-1' } },
    ]);
    expect(await told('prod', '--end')).toEqual(['prod is not muted by command']);
  });

  it('says what is muted where CloudWatch refuses', async () => {
    refuses = new Error('not authorized');
    await expect(told('prod', '2h', '--why', 'moving')).rejects.toThrow(
      'findings of prod are muted, its alarms are not: Error: not authorized',
    );
    expect(await kept()).toHaveLength(1);
    expect((await told('--list'))[0]).toBe(
      'prod: findings, not alarms, until 2026-11-30 05:00 UTC: moving; by command, ends with --end',
    );
  });

  it('says that it is still muted where CloudWatch does not let go', async () => {
    await told('prod', '2h', '--why', 'moving');
    refuses = new Error('not authorized');
    await expect(told('prod', '--end')).rejects.toThrow(
      'prod is still muted, as nats-cloudwatch-muted-prod-1 cannot be deleted: Error: not authorized',
    );
    expect(await kept()).toHaveLength(1);
  });

  it('takes the table by its name, where the deployment is in a stack of one’s own', async () => {
    await told('prod', '30m', '--why', 'a test', '--table', table);
    expect((await kept()).map(({ why }) => why)).toEqual(['a test']);
    await expect(told('--list', '--table', 'messaging-NatsMemory1A2B3C4D-XYZ')).rejects.toThrow();
  });

  it('says where nothing is deployed', async () => {
    await moto.reset();
    await expect(told('--list')).rejects.toThrow(
      'no table nats-cloudwatch-checks-Memory… in this Region: is nats-cloudwatch deployed here?',
    );
  });

  it.each([
    [[], 'expected a cluster, or --list'],
    [['test', '2h', '--why', 'x'], 'no cluster "test"; there are prod'],
    [['prod', '--why', 'x'], 'expected a span from 1m to 15d such as 2h'],
    [['prod', '59s', '--why', 'x'], 'expected a span from 1m to 15d such as 2h, received 59s'],
    [['prod', '15d1s', '--why', 'x'], 'expected a span from 1m to 15d such as 2h, received 15d1s'],
    [['prod', '2h'], 'expected --why, in words'],
    [['prod', '2h', '--why', 'x'.repeat(201)], 'expected --why in up to 200 characters, received 201'],
    [['prod', '2h', '3h'], 'expected a cluster and a span, not 3h besides'],
    [['prod', '2h', '--end'], '--end takes a cluster alone'],
    [['prod', '--list'], '--list stands alone'],
  ])('refuses %j', async (argv, message) => {
    await expect(told(...argv)).rejects.toThrow(new RegExp(`^${message.replace(/[?]/g, '\\\\$&')}$`));
    expect([await kept(), asked]).toEqual([[], []]);
  });
});
