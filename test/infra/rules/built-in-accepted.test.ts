import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../../../infra/deployment.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';
import { newApp, standInCode, unvalidated } from '../synth.ts';
import { applySkipped, type Template as AppliedTemplate } from '../template-alarms.ts';
import { awsEndpoint } from '../unsigned.ts';

const hub = (n: number) => ({ name: `hub${n}`, url: `http://hub${n}:8222` });
const prod = { name: 'prod', targets: [hub(1), hub(2), hub(3)], expect: { leafnodes: 2 } };

let moto: Moto;
beforeAll(async () => {
  moto = await borrowMoto();
});
afterAll(() => moto.stop());

const lookup = {
  ref: (id: string) => id.replace('AWS::', '').toLowerCase(),
  attribute: (id: string, name: string) => `${id}.${name}`,
  imported: (name: string) => name,
};

describe('PutMetricAlarm takes every alarm of a stack with all built-in rules and three servers', () => {
  it.each([
    ['as intended', {}],
    ['as they are published', { mirror: 'literal' }],
    ['as queries', { alarms: { engine: 'promql' } }],
  ])('%s', async (what, more) => {
    const name = what.replaceAll(' ', '-');
    const loaded = understand({ name, clusters: [{ ...prod, name }], ...more }, 'settings', checks);
    const app = newApp(unvalidated);
    const { alarmsStacks, watch } = deployment(app, { settings: loaded, code: standInCode() });
    const aws = awsEndpoint(moto);
    for (const stack of alarmsStacks.flatMap(({ groups }) => groups))
      await applySkipped(Template.fromStack(stack).toJSON() as AppliedTemplate, lookup, aws);

    const kept: string[] = [];
    const client = new CloudWatchClient(aws.client);
    for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: `nats/${name}/` }))
      kept.push(...(page.MetricAlarms ?? []).map(({ AlarmName = '' }) => AlarmName));
    const expected = watch.specs.filter(({ cluster }) => cluster === name).map((spec) => spec.name);
    expect(kept.toSorted()).toEqual(expected.toSorted());
  });
});
