import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadSettings } from '../../infra/settings.ts';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { resolveIntrinsics, type Lookup } from './intrinsics.ts';
import { liveStacks } from './live-stacks.ts';
import { applySkipped, type Applied, type Template } from './template-alarms.ts';
import { awsEndpoint, unsigned, type AwsEndpoint } from './unsigned.ts';

export type DeployedFunction = {
  readonly name: string;
  /** As Lambda would set it, without what Lambda itself adds. */
  readonly environment: Readonly<Record<string, string>>;
};

export type Deployed = {
  /** Nested ones too, in the order of their creation. */
  readonly stacks: readonly string[];
  /** By check id. */
  readonly functions: Readonly<Record<string, DeployedFunction>>;
  /** The asset that all functions run, as a folder: `index.mjs` with its parts and maps, `settings.json`, `rules.json`. */
  readonly asset: string;
  readonly table: string;
  readonly topics: Readonly<Record<'critical' | 'warning' | 'findings', string>>;
  readonly applied: Applied;
  /** What synth told the person who deploys. */
  readonly note: string;
};

const project = path.resolve(import.meta.dirname, '../..');
const bin = path.join(project, 'node_modules/.bin');

/**
 * `cdk bootstrap` and `cdk deploy --all` of a settings file against moto; then, through the API, what moto's
 * CloudFormation skips. Takes about 10 s.
 * @throws Error with the CLI's last lines
 */
export async function deployToMoto(moto: Moto, settingsFile: string): Promise<Deployed> {
  const folder = temporaryFolder('deploy');
  const output = path.join(folder, 'cdk.out');
  const prefix = `${loadSettings(settingsFile).settings.name}-`;
  // In a folder without cdk.json, bootstrapping has no app to run first.
  await cdk(moto, folder, ['bootstrap', `aws://${moto.account}/${moto.region}`]);
  const settings = `settings=${path.resolve(settingsFile)}`;
  const note = await cdk(moto, project, [
    ...['deploy', '--all', '--require-approval', 'never', '--progress', 'events'],
    ...['--output', output, '--context', settings],
  ]);

  const aws = awsEndpoint(moto);
  const stacks = await liveStacks(aws, prefix);
  const checks = stacks.find((stack) => stack.name === `${prefix}checks`);
  if (checks === undefined) throw new Error(`${prefix}checks is not there`);
  const applied: Applied[] = [];
  for (const { template, lookup } of stacks) applied.push(await applySkipped(template, lookup, aws));
  return {
    stacks: stacks.map(({ name }) => name),
    functions: await functionsOf(aws),
    asset: assetOf(output),
    ...outputsOf(checks.template, checks.lookup),
    applied: {
      alarms: applied.flatMap(({ alarms }) => alarms),
      subscriptions: applied.flatMap(({ subscriptions }) => subscriptions),
      schedules: applied.flatMap(({ schedules }) => schedules),
    },
    note,
  };
}

/** Runs the CDK command line and returns what it said on standard error. @throws Error with its last lines */
export async function cdk(moto: Moto, cwd: string, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    ...moto.env,
    PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
    CDK_HOME: temporaryFolder('cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // It takes half of a synth, and is a test of its own.
    CDK_VALIDATION: 'false',
    CI: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DISABLE_REQUEST_COMPRESSION: 'true',
  };
  const command = [path.join(bin, 'cdk'), ...args] as const;
  try {
    const { stderr } = await promisify(execFile)(path.join(bin, 'node'), command, {
      cwd,
      env,
      maxBuffer: 2 ** 24,
    });
    return stderr;
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`cdk ${args.join(' ')}:\n${said}`, { cause });
  }
}

function assetOf(output: string): string {
  const folders = readdirSync(output, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.startsWith('asset.'),
  );
  const [asset] = folders;
  if (asset === undefined || folders.length > 1)
    throw new Error(`${output} has ${folders.length} assets, expected 1`);
  return path.join(output, asset.name);
}

async function functionsOf(aws: AwsEndpoint): Promise<Deployed['functions']> {
  const { Functions } = JSON.parse(await unsigned(aws, 'lambda', '/2015-03-31/functions/')) as {
    Functions: { FunctionName: string; Environment: { Variables: Record<string, string> } }[];
  };
  return Object.fromEntries(
    Functions.map(({ FunctionName, Environment: { Variables } }) => [
      Variables['CHECK_ID'] ?? FunctionName,
      { name: FunctionName, environment: Variables },
    ]),
  );
}

/** From the template, for moto keeps no outputs of a change set. */
function outputsOf({ Outputs = {} }: Template, lookup: Lookup): Pick<Deployed, 'table' | 'topics'> {
  const output = (key: string) =>
    String(resolveIntrinsics(Outputs[key]?.Value ?? `no output ${key}`, lookup));
  return {
    table: output('MemoryTableName'),
    topics: {
      critical: output('criticalTopicArn'),
      warning: output('warningTopicArn'),
      findings: output('findingsTopicArn'),
    },
  };
}
