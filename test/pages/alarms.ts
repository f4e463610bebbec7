import path from 'node:path';
import { alarmSpecs, compositeSpecs } from '../../infra/alarms/alarm-specs.ts';
import { monthlyCost } from '../../infra/cost/cost.ts';
import { alarmLine } from '../../infra/cloudwatch/alarm-spec.ts';
import { compositeLine } from '../../infra/cloudwatch/composite-alarm.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { dollars, table } from './markdown.ts';

const exampleSettings = path.resolve(import.meta.dirname, '../../infra/settings.yaml');

/** The alarms of the example settings, a line each; what all of it costs a month, item by item and in three lines. */
export function alarmParts(): Readonly<Record<'alarms' | 'cost' | 'costs', string>> {
  const input = { checks, ...loadSettings(exampleSettings, checks) };
  const specs = alarmSpecs(input);
  const { lines, list, afterFreeTier, network } = monthlyCost(input, specs);
  const rows = lines
    .filter((line) => line.list >= 0.005)
    .map((line) => [
      line.item,
      Math.ceil(line.quantity).toLocaleString('en-US'),
      dollars(line.list),
      dollars(line.afterFreeTier),
    ]);
  const servers = input.settings.clusters.flatMap(({ targets }) => targets).length;
  return {
    costs: [
      `- The [example settings](infra/settings.yaml), ${plural(servers, 'server')} with every check and the built-in rules: ` +
        `**${dollars(list)} a month** at list prices of us-east-1, ${dollars(afterFreeTier)} where the free tier is unused.`,
      `- Most of it is CloudWatch: $0.30 a custom metric, $0.10 an alarm. [Item by item](infra/cost/README.md#the-example-settings).`,
      network === null
        ? ''
        : `- A VPC without endpoints or NAT needs one of the two besides: ${dollars(network.endpoints)} or ${dollars(network.natGateway)}.`,
    ].join('\n'),
    alarms: ['```text', ...specs.map(alarmLine), ...compositeSpecs(input).map(compositeLine), '```'].join(
      '\n',
    ),
    cost: [
      table(
        ['item', 'a month', 'list price', 'free tier unused'],
        [...rows, ['**together**', '', `**${dollars(list)}**`, `**${dollars(afterFreeTier)}**`]],
      ),
      network === null
        ? ''
        : `Private subnets without endpoints or NAT need one of the two besides: ${dollars(network.endpoints)} for the ` +
          `interface endpoints, or ${dollars(network.natGateway)} for a NAT gateway.`,
    ].join('\n\n'),
  };
}
