import { describe, expect, it } from 'vitest';
import { defineCheck, minutes } from '../../lambdas/define.ts';
import { parseSettings } from '../../lambdas/settings.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { monthlyCost } from '../../infra/alarms/cost.ts';
import { deploymentSettings } from '../../infra/deployment-settings.ts';
import { deploymentNote } from '../../infra/note.ts';
import { checks, series } from './catalogue.ts';

function deployed(settings: object, catalogue = checks) {
  const diagnoses = catalogue.flatMap((check) => check.diagnoses);
  const parsed = parseSettings(deploymentSettings, settings, 'settings', diagnoses);
  return { ...parsed, checks: catalogue, specs: alarmSpecs({ checks: catalogue, ...parsed }) };
}
function cost(settings: object, catalogue = checks) {
  const { specs, ...input } = deployed(settings, catalogue);
  return monthlyCost(input, specs);
}
const cluster = (name: string, servers: number) => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({
    name: `hub${i}`,
    url: `http://hub${i}.${name}:8222`,
  })),
});
const cents = (dollars: number) => Math.round(dollars * 100);
const quantity = (item: string, ...input: Parameters<typeof cost>) =>
  cost(...input).lines.find((line) => line.item === item)?.quantity;

describe('what a deployment costs a month', () => {
  it('is its metrics, alarms, requests and runs, by list price and with the free tier off', () => {
    const { lines, ...totals } = cost({ clusters: [cluster('prod', 2)] });
    expect(
      lines.map(({ item, quantity: n, list, afterFreeTier }) => [item, n, cents(list), cents(afterFreeTier)]),
    ).toEqual([
      ['custom metrics', 13, 390, 90],
      ['alarms, by metrics compared', 16, 160, 60],
      ['PutMetricData requests', 131_400, 131, 0],
      ['Lambda requests', 131_400, 3, 0],
      ['Lambda GB-seconds', 16_425, 22, 0],
      ['schedule invocations', 131_400, 13, 0],
      ['DynamoDB write units', 1_576_800, 99, 99],
      ['DynamoDB read units', 131_400, 2, 2],
      ['logs, GB', 0.1314, 7, 0],
      ['KMS key', 1, 100, 100],
    ]);
    expect([cents(totals.list), cents(totals.afterFreeTier), totals.network]).toEqual([926, 350, null]);
  });

  it('counts a series that two checks publish once, and a series with words once a word', () => {
    const shared = series('up', 'server');
    const by = series('closed', 'server', { label: 'reason', words: ['a', 'b', 'c'] });
    const check = (id: string) =>
      defineCheck({ id, title: id, every: minutes(1), diagnoses: [], series: [shared, by] });
    // Two servers with up and three words of closed; two checks with two severities of open findings.
    expect(quantity('custom metrics', { clusters: [cluster('prod', 2)] }, [check('a'), check('b')])).toBe(
      2 * 4 + 2 * 2,
    );
  });

  it('sends 1,000 datapoints in one request, and 1,001 in two', () => {
    const check = defineCheck({
      id: 'a',
      title: 'a',
      every: minutes(1),
      diagnoses: [],
      series: [series('up', 'server')],
    });
    expect(quantity('PutMetricData requests', { clusters: [cluster('prod', 998)] }, [check])).toBe(43_800);
    expect(quantity('PutMetricData requests', { clusters: [cluster('prod', 999)] }, [check])).toBe(
      2 * 43_800,
    );
  });

  it('falls with the step prices of custom metrics', () => {
    const check = defineCheck({
      id: 'a',
      title: 'a',
      every: minutes(1),
      diagnoses: [],
      series: [series('up', 'server')],
    });
    const metrics = cost({ clusters: [cluster('prod', 11_998)] }, [check]).lines[0];
    expect([metrics?.quantity, cents(metrics?.list ?? 0)]).toEqual([12_000, 300_000 + 20_000]);
  });

  it('falls with the pace of a check', () => {
    const check = defineCheck({ id: 'a', title: 'a', every: minutes(5), diagnoses: [], series: [] });
    expect(quantity('Lambda requests', { clusters: [cluster('prod', 1)] }, [check])).toBe(8_760);
  });
});

describe('the note at synth', () => {
  const note = (settings: object) => {
    const { specs, settings: parsed } = deployed(settings);
    return deploymentNote(checks, parsed, specs, 'eu-central-1');
  };
  const network = {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb2'],
    securityGroupIds: ['sg-0123456789abcdef0'],
  };

  it('says what private subnets need and what it costs', () => {
    const targets = [
      { name: 'a', url: 'http://a:8222' },
      { name: 'b', url: 'https://b' },
    ];
    const subscriptions = [{ topic: 'critical', protocol: 'email', endpoint: 'a@b' }];
    expect(note({ clusters: [{ name: 'prod', targets }], network, subscriptions })).toMatchInlineSnapshot(`
      "nats-cloudwatch: 3 checks, 2 servers in 1 cluster, 13 alarms

      Network: the functions run in subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2 of vpc-0123456789abcdef0. They need
        - to the NATS servers: TCP 443, 8222, allowed in the servers' security group from sg-0123456789abcdef0
        - interface endpoints com.amazonaws.eu-central-1.monitoring and com.amazonaws.eu-central-1.sns with private DNS,
          open on TCP 443 to sg-0123456789abcdef0
        - a gateway endpoint com.amazonaws.eu-central-1.dynamodb in the subnets' route tables (free)
        or, in place of the endpoints, a NAT gateway. Without either every run times out, and the watchdogs say so.

      Cost: about $9.26 a month by us-east-1 list prices, $3.50 where the account's free tier is unused:
            $3.90  custom metrics, 13
            $1.60  alarms, by metrics compared, 16
            $1.31  PutMetricData requests, 131,400
            $0.03  Lambda requests, 131,400
            $0.22  Lambda GB-seconds, 16,425
            $0.13  schedule invocations, 131,400
            $0.99  DynamoDB write units, 1,576,800
            $0.02  DynamoDB read units, 131,400
            $0.07  logs, GB, 0.1314
            $1.00  KMS key, 1
        besides, if the VPC has neither yet: $29.20 for the two interface endpoints in each subnet, or $32.85 for a NAT gateway
      "
    `);
  });

  it('warns of functions outside a VPC and of alarms that reach nobody', () => {
    const text = note({ clusters: [cluster('prod', 1)] });
    expect(text).toContain('Network: none in the settings');
    expect(text).toContain('No subscriptions: alarms and findings reach nobody.');
  });
});
