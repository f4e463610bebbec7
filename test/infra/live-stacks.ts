import type { Lookup } from './intrinsics.ts';
import type { Template } from './template-alarms.ts';
import { unsigned, type AwsEndpoint } from './unsigned.ts';

/** A stack that CloudFormation has, nested ones too. */
export type LiveStack = { readonly name: string; readonly template: Template; readonly lookup: Lookup };

/** Those whose names begin so, in the order of their creation. */
export async function liveStacks(aws: AwsEndpoint, prefix: string): Promise<readonly LiveStack[]> {
  const names = tagged(await ask(aws, 'DescribeStacks'), 'StackName').filter((name) =>
    name.startsWith(prefix),
  );
  return Promise.all(
    names.map(async (name) => {
      const template = await liveTemplate(aws, name);
      return { name, template, lookup: await lookupOf(name, template, aws) };
    }),
  );
}

/** The template that CloudFormation was given for a stack. */
export async function liveTemplate(aws: AwsEndpoint, stack: string): Promise<Template> {
  const xml = await ask(aws, 'GetTemplate', stack);
  const text = /<TemplateBody>(.*)<\/TemplateBody>/s.exec(xml)?.[1] ?? '';
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return JSON.parse(
    text.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => entities[name] ?? ''),
  ) as Template;
}

const ask = (aws: AwsEndpoint, action: string, stack?: string): Promise<string> =>
  askCloudFormation(aws, { Action: action, ...(stack === undefined ? {} : { StackName: stack }) });

/** CloudFormation's reply, XML. @throws Error with what it answered, if that is no success */
export const askCloudFormation = (
  aws: AwsEndpoint,
  parameters: Readonly<Record<string, string>>,
): Promise<string> =>
  unsigned(aws, 'cloudformation', '/', {
    method: 'POST',
    body: new URLSearchParams({ Version: '2010-05-15', ...parameters }).toString(),
  });

/** Makes a bucket for templates, whose address is `https://s3.REGION.amazonaws.com/BUCKET/KEY`. */
export async function makeBucket(aws: AwsEndpoint, name: string): Promise<void> {
  const Resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } } };
  await askCloudFormation(aws, {
    Action: 'CreateStack',
    StackName: name,
    TemplateBody: JSON.stringify({ Resources }),
  });
}

/** The texts of an XML reply between a tag, in order. */
const tagged = (xml: string, tag: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text]) => text ?? '');

/** References of a deployed template. What moto skipped has no physical id, and nothing here refers to it. */
async function lookupOf(stack: string, template: Template, aws: AwsEndpoint): Promise<Lookup> {
  const xml = await ask(aws, 'DescribeStackResources', stack);
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
    // A queue's id is its URL.
    'AWS::SQS::Queue': (id) => `arn:aws:sqs:${aws.region}:${aws.account}:${id.split('/').at(-1)}`,
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
