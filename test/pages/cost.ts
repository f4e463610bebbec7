import path from 'node:path';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { monthlyCost } from '../../infra/cost/cost.ts';
import { fleetCost, fleets } from '../../infra/cost/fleets.ts';
import { furtherCheck } from '../../infra/cost/further-check.ts';
import { dollars, worthALine } from '../../infra/cost/table.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { plural } from '../../lambdas/engine/format.ts';
import released from '../../infra/cost/released.json' with { type: 'json' };
import { table } from './markdown.ts';

const exampleSettings = path.resolve(import.meta.dirname, '../../infra/settings.yaml');

/** What the example settings cost a month, item by item and in three lines. */
export function costParts(): Readonly<Record<'cost' | 'costs' | 'fleets', string>> {
  const input = { checks, ...loadSettings(exampleSettings, checks) };
  const reckoned = monthlyCost(input, alarmSpecs(input));
  const { lines, list, afterFreeTier, network } = reckoned;
  const rows = lines
    .filter(worthALine)
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
      `- Most of it is CloudWatch: $0.30 a custom metric, $0.10 an alarm. \`npm run cost\` says it of your settings, and what would ` +
        'save most. [Item by item, and six fleets](infra/cost/README.md).',
      network === null
        ? ''
        : `- A VPC without endpoints or NAT needs one of the two besides: ${dollars(network.endpoints)} or ${dollars(network.natGateway)}.`,
    ].join('\n'),
    cost: [
      table(
        ['item', 'a month', 'list price', 'free tier unused'],
        [...rows, ['**together**', '', `**${dollars(list)}**`, `**${dollars(afterFreeTier)}**`]],
      ),
      `A further check, each minute, is ${dollars(furtherCheck(input, list))} a month; one that finds what no other of its group can, ` +
        'up to $0.25 more.',
      network === null
        ? ''
        : `Private subnets without endpoints or NAT need one of the two besides: ${dollars(network.endpoints)} for the ` +
          `interface endpoints, or ${dollars(network.natGateway)} for a NAT gateway.`,
    ].join('\n\n'),
    fleets: fleetTable(),
  };
}

const variants = {
  classic: { engine: 'classic' },
  'classic, per cluster': { engine: 'classic', per: 'cluster' },
  promql: { engine: 'promql' },
} as const;
type Variant = keyof typeof variants;

/** Cents a month of each fleet, as `infra/cost/released.json` keeps them of a release. */
export const fleetCosts = (): Readonly<Record<string, Readonly<Record<Variant, number>>>> =>
  Object.fromEntries(
    fleets.map((fleet) => [
      fleet.name,
      Object.fromEntries(
        Object.entries(variants).map(([name, alarms]) => [
          name,
          Math.round(fleetCost(fleet, alarms) * 100) / 100,
        ]),
      ) as Record<Variant, number>,
    ]),
  );

type Costs = Readonly<Record<string, Readonly<Record<string, number>> | undefined>>;

/** Of each variant what it costs more or less than with the release that is kept, of all fleets. */
export function changeOfCosts(before: Costs, now: Costs): string {
  const changes = Object.keys(variants).map((variant) => {
    const shares = Object.entries(now).flatMap(([fleet, costs]) => {
      const [was, is] = [before[fleet]?.[variant], costs?.[variant]];
      return was === undefined || is === undefined ? [] : [Math.round((is / was - 1) * 100)];
    });
    return `${variant} ${rangeOf(shares)}`;
  });
  return `${changes.join('; ')}.`;
}

/** Of percentages: `5 to 12 % less`. */
function rangeOf(shares: readonly number[]): string {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const words = (share: number) =>
    share === 0 ? 'as much' : `${Math.abs(share)} % ${share < 0 ? 'less' : 'more'}`;
  if (shares.length === 0) return 'new';
  if (low === high) return words(low);
  if (low < 0 && high < 0) return `${-high} to ${words(low)}`;
  return low > 0 ? `${low} to ${words(high)}` : `${words(low)} to ${words(high)}`;
}

function fleetTable(): string {
  const before: Costs = released.fleets;
  const cell = (now: number, was: number | undefined) =>
    was === undefined || was === now ? dollars(now) : `${dollars(now)} (${dollars(was)})`;
  return [
    table(
      ['fleet', ...Object.keys(variants)],
      Object.entries(fleetCosts()).map(([fleet, costs]) => [
        fleet,
        ...Object.entries(costs).map(([variant, now]) => cell(now, before[fleet]?.[variant])),
      ]),
    ),
    `In brackets what release ${released.version} cost. Since then: ${changeOfCosts(before, fleetCosts())}`,
  ].join('\n\n');
}
