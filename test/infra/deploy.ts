import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { resolveIntrinsics, type Lookup } from './intrinsics.ts';
import { applySkipped, type Applied, type Template } from './template-alarms.ts';
import { awsEndpoint, unsigned, type AwsEndpoint } from './unsigned.ts';

export type DeployedFunction = {
  readonly name: string;
  /** As Lambda would set it, without what Lambda itself adds. */
  readonly environment: Readonly<Record<string, string>>;
};

export type Deployed = {
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
  // In a folder without cdk.json, bootstrapping has no app to run first.
  await cdk(moto, folder, ['bootstrap', `aws://${moto.account}/${moto.region}`]);
  const settings = `settings=${path.resolve(settingsFile)}`;
  const note = await cdk(moto, project, [
    ...['deploy', '--all', '--require-approval', 'never', '--progress', 'events'],
    ...['--output', output, '--context', settings],
  ]);

  const aws = awsEndpoint(moto);
  const stacks = await Promise.all(
    stackNames(output).map(async (stack) => {
      const template = readJson(output, `${stack}.template.json`) as Template;
      return { stack, template, lookup: await lookupOf(stack, template, aws) };
    }),
  );
  const [checks] = stacks;
  if (checks === undefined) throw new Error(`${output} has no stack`);
  const applied: Applied[] = [];
  for (const { template, lookup } of stacks) applied.push(await applySkipped(template, lookup, aws));
  return {
    stacks: stacks.map(({ stack }) => stack),
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

/** Runs the CDK command line and returns what it said on standard error. */
async function cdk(moto: Moto, cwd: string, args: readonly string[]): Promise<string> {
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

const readJson = (...parts: readonly string[]): unknown =>
  JSON.parse(readFileSync(path.join(...parts), 'utf8'));

/** Stacks of a cloud assembly in the order of their deployment: each after those that it depends on. */
function stackNames(output: string): readonly string[] {
  const { artifacts } = readJson(output, 'manifest.json') as {
    artifacts: Record<string, { type: string; dependencies?: readonly string[] }>;
  };
  const ordered = new Set<string>();
  const add = (id: string): void => {
    for (const needed of artifacts[id]?.dependencies ?? []) add(needed);
    if (artifacts[id]?.type === 'aws:cloudformation:stack') ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) add(id);
  return [...ordered];
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

/** The texts of an XML reply between a tag, in order. */
const tagged = (xml: string, tag: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text ?? '');

/** References of a deployed template. What moto skipped has no physical id, and nothing here refers to it. */
async function lookupOf(stack: string, template: Template, aws: AwsEndpoint): Promise<Lookup> {
  const body = new URLSearchParams({
    Action: 'DescribeStackResources',
    StackName: stack,
    Version: '2010-05-15',
  });
  const xml = await unsigned(aws, 'cloudformation', '/', { method: 'POST', body: body.toString() });
  const ids = tagged(xml, 'LogicalResourceId');
  const physical = new Map(tagged(xml, 'PhysicalResourceId').map((id, i) => [ids[i] ?? '', id]));
  const known = (id: string) => {
    const found = physical.get(id);
    if (found === undefined) throw new Error(`stack ${stack} has no resource ${id}`);
    return found;
  };
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': aws.account,
    'AWS::Region': aws.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack,
  };
  const arn: Readonly<Record<string, (id: string) => string>> = {
    'AWS::Lambda::Function': (id) => `arn:aws:lambda:${aws.region}:${aws.account}:function:${id}`,
    'AWS::IAM::Role': (id) => `arn:aws:iam::${aws.account}:role/${id}`,
  };
  return {
    ref: (id) => pseudo[id] ?? known(id),
    attribute: (id, name) => {
      const make = name === 'Arn' ? arn[template.Resources[id]?.Type ?? ''] : undefined;
      if (make === undefined) throw new Error(`${name} of ${id} is not known here`);
      return make(known(id));
    },
    imported: (name) => {
      throw new Error(`no stack here exports anything, not ${name} either`);
    },
  };
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
