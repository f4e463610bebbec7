import { checks } from '../../lambdas/checks/catalogue.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { SettingsError } from '../../lambdas/settings.ts';
import { alarmSpecs, compositeSpecs } from '../alarms/alarm-specs.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { AlarmError } from '../cloudwatch/alarm-spec.ts';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { readSettingsFile, understand } from '../settings.ts';
import { serversIn } from '../settings/servers.ts';
import { monthlyCost } from './cost.ts';
import { furtherCheck } from './further-check.ts';
import { savingsOf, type Settings } from './savings.ts';
import { costTable } from './table.ts';

export const usage = `Usage: npm run cost -- [options]

What a deployment costs a month by list prices of us-east-1, item by item, and
the three changes of settings that would save most. Asks nothing of AWS.

  --settings <file>  as for the deployment (infra/settings.yaml)
  --json             {engine, total, lines, savings, network}, in dollars a
                     month; network is what endpoints or a NAT gateway cost
                     besides, where there is a VPC
  --help

Exit code: 0 reckoned; 2 the input cannot be used.
`;

/**
 * @returns what to print
 * @throws UsageError, SettingsError, AlarmError
 */
export function cost(argv: readonly string[]): readonly string[] {
  const { values, positionals } = parseCommandLine(argv, {});
  if (values.help) return usage.trimEnd().split('\n');
  if (positionals.length > 0) throw new UsageError(`cost takes no ${positionals.join(' ')}`);
  const file = values.settings ?? 'infra/settings.yaml';
  const { raw, problems } = readSettingsFile(file);
  const input = { checks, ...understand(raw, file, checks, problems) };
  const specs = alarmSpecs(input);
  const reckoned = monthlyCost(input, specs);
  const refused = refusedRules(input);
  const savings = savingsOf(raw as Settings, reckoned.list, (changed) => {
    const other = changedInput(changed, file);
    return other === null || refusedRules(other) > refused
      ? null
      : monthlyCost(other, alarmSpecs(other)).list;
  });
  const { settings } = input;
  if (values.json) {
    const { lines, list: total, network } = reckoned;
    const answer = {
      engine: settings.alarms.engine,
      total: rounded(total),
      lines: lines.map(({ item, quantity, list }) => ({
        ...{ item, quantity: rounded(quantity), monthly: rounded(list) },
      })),
      savings: savings.map(({ change, monthly }) => ({ change, monthly: rounded(monthly) })),
      network,
    };
    return JSON.stringify(answer, null, 2).split('\n');
  }
  const title = [
    `${settings.name}, engine ${settings.alarms.engine}: ${plural(serversIn(settings.clusters), 'server')}`,
    `in ${plural(settings.clusters.length, 'cluster')}, ${plural(checks.length, 'check')},`,
    plural(specs.length + compositeSpecs(input).length, 'alarm'),
  ].join(' ');
  return costTable({ title, cost: reckoned, savings, further: furtherCheck(input, reckoned.list) });
}

/** What sums of floating point have behind the sixth decimal is noise. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

const refusedRules = ({ translated }: Pick<AlarmInput, 'translated'>): number =>
  translated.rules.filter(({ status }) => status === 'refused').length;

/** Null where settings do not take the change. */
function changedInput(raw: Settings, file: string): AlarmInput | null {
  try {
    return { checks, ...understand(raw, file, checks) };
  } catch (error) {
    if (error instanceof SettingsError || error instanceof AlarmError) return null;
    throw error;
  }
}
