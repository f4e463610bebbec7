import type { MonthlyCost } from './cost.ts';
import type { Saving } from './savings.ts';

/** Hundredths of what is few, and of what is many six digits, are enough of any quantity. */
const digits = new Intl.NumberFormat('en-US', {
  ...{ maximumFractionDigits: 2, maximumSignificantDigits: 6, roundingPriority: 'lessPrecision' },
});
export const amount = (quantity: number): string => digits.format(quantity);
export const dollars = (sum: number): string => `$${sum.toFixed(2)}`;

/** Of a cent at least, what a person reads. */
export const worthALine = ({ list }: MonthlyCost['lines'][number]): boolean => list >= 0.005;

type Reckoned = {
  readonly title: string;
  readonly cost: MonthlyCost;
  readonly savings: readonly Saving[];
  /** Of one check more in a group that there is, each minute. */
  readonly further: number;
};

const columns = [42, 14, 12] as const;

/** What a deployment costs, for a terminal of 80 columns. */
export function costTable({ title, cost, savings, further }: Reckoned): readonly string[] {
  const row = (item: string, quantity: string, monthly: string) =>
    [item.padEnd(columns[0]), quantity.padStart(columns[1]), monthly.padStart(columns[2])].join('').trimEnd();
  const { lines, list, afterFreeTier, network } = cost;
  return [
    title,
    '',
    row('item', 'a month', 'dollars'),
    ...lines.filter(worthALine).map((line) => row(line.item, amount(line.quantity), dollars(line.list))),
    row('together', '', dollars(list)),
    '',
    `Where the account's free tier is unused: ${dollars(afterFreeTier)}.`,
    `A further check, each minute: ${dollars(further)}.`,
    ...(network === null
      ? []
      : [
          `Besides, if the VPC has neither yet: ${dollars(network.endpoints)} for interface endpoints, or`,
          `${dollars(network.natGateway)} for a NAT gateway.`,
        ]),
    '',
    ...(savings.length === 0
      ? ['No change of settings would save anything.']
      : ['What would save most, each change by itself:', ...savings.map(savingLine)]),
    '',
    'List prices of us-east-1; what a run needs is measured: infra/cost/README.md',
  ];
}

const savingLine = ({ change, monthly }: Saving): string => `${dollars(monthly).padStart(9)}  ${change}`;
