import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { alarmLine, type AlarmSpec } from '../infra/cloudwatch/alarm-spec.ts';
import { alarmSpecs } from '../infra/alarms/alarm-specs.ts';
import { monthlyCost } from '../infra/alarms/cost.ts';
import { loadSettings } from '../infra/settings.ts';
import { ruleSeries } from '../lambdas/rules/plan.ts';
import { rulesPart } from './readme-rules.ts';
import { checks } from '../lambdas/checks/catalogue.ts';
import type { Check, Diagnosis, Scope, Series } from '../lambdas/define.ts';
import { formatDuration } from '../lambdas/durations.ts';
import { endpointPath } from '../lambdas/engine/endpoint-path.ts';
import { formatValue } from '../lambdas/engine/format.ts';
import type { Limit } from '../lambdas/limits.ts';

const project = path.resolve(import.meta.dirname, '..');
const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const words = { above: 'above ', atLeast: '', below: 'below ', atMost: 'at most ' } as const;

function level(limit: Limit, severity: 'warning' | 'critical'): string {
  const value = limit.levels[severity];
  return value === undefined ? '-' : `${words[limit.direction]}${formatValue(value, limit.unit)}`;
}

function diagnosisRows({ id, title, limits, for: hold, rule }: Diagnosis): readonly (readonly string[])[] {
  return Object.entries(limits).map(([name, limit], i) => [
    i === 0 ? `**${id}** ${title}` : '',
    `${limit.of} (\`${name}\`)${limit.over === undefined ? '' : ` in ${formatDuration(limit.over)}`}`,
    level(limit, 'warning'),
    level(limit, 'critical'),
    hold === 0 ? '-' : formatDuration(hold),
    rule?.limit === name ? `\`${rule.alert}\`` : limit.levels.info === undefined ? 'findings' : 'none: info',
  ]);
}

const price = (scope: Scope, count: number) => `${dollars(0.3 * count)} a ${scope}`;
const seriesLine = ({ name, help, scope, by }: Series): string => {
  const labels = ['cluster', ...(scope === 'server' ? ['server_id'] : []), ...(by ? [by.label] : [])];
  return `- \`${name}{${labels.join(',')}}\`: ${help}. ${price(scope, by?.words.length ?? 1)}.`;
};

/** Why and what to do, as findings and alarms say it where they know no more of the cause. */
const manual = (diagnoses: readonly Diagnosis[]): string =>
  [
    '<details><summary>Why it matters, what to do</summary>',
    ...diagnoses.map(({ id, why, remedy }) => `**${id}** ${why} *What to do:* ${remedy}`),
    '</details>',
  ].join('\n\n');

/** In the lists of several checks; it has a section of its own. */
const isShared = ({ id }: Diagnosis) => id === 'SERVER_102';

const rulesNote = [
  'See [Rules are alarms](#rules-are-alarms). While a rule fires that is evaluated here, a finding names what it fires for.',
  `- \`${ruleSeries.rule}{cluster,rule,server_id}\`: The value that the rule compares, or 1 while its expression has a result; without \`server_id\` ` +
    `where the rule's result names no server. ${price('server', 1)} and rule.`,
  "- Series of servers that rules compare as they are, under the exporter's names: where no other check publishes them. " +
    `${price('server', 1)} and series.`,
  '- A rule that cannot be evaluated opens `RULE_101`, and `RULE_102` that CloudWatch does not take all samples (engine ' +
    "promql): warnings, for which the alarm on this check's open findings pages.",
].join('\n');

function checkSection({ id, title, every, diagnoses, series }: Check): string {
  const own = diagnoses.filter((diagnosis) => !isShared(diagnosis));
  if (own.length === 0)
    return [`### ${id}`, `${title}. Every ${formatDuration(every)}.`, rulesNote].join('\n\n');
  return [
    `### ${id}`,
    `${title}. Every ${formatDuration(every)}.`,
    table(['diagnosis', 'compared', 'warning', 'critical', 'for', 'alarm'], own.flatMap(diagnosisRows)),
    manual(own),
    series.map(seriesLine).join('\n'),
  ].join('\n\n');
}

/** The table and the first finding of `npm start` on a machine without a server; ports differ from run to run. */
function output(): string {
  const local = path.join(project, 'lambdas/local.ts');
  const replay = execFileSync(process.execPath, [local, '--replay'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const [note, head, first] = replay.replace(/127\.0\.0\.1:(?!8222)\d+/g, '127.0.0.1:PORT').split('\n\n');
  const lines = [note, head, first]
    .map((part) => (part ?? '').trim())
    .join('\n\n')
    .split('\n');
  return [
    '```text',
    ...lines.map((line) => (line.length > 130 ? `${line.slice(0, 129)}…` : line)),
    '...',
    '```',
  ].join('\n');
}

const grouped = (specs: readonly AlarmSpec[]) => ['```text', ...specs.map(alarmLine), '```'].join('\n');

/** README's generated parts, by the name in their markers. */
export function readmeParts(): Readonly<Record<string, string>> {
  const input = { checks, ...loadSettings(path.join(project, 'infra/settings.yaml'), checks) };
  const specs = alarmSpecs(input);
  const { lines, list, afterFreeTier, network } = monthlyCost(input, specs);
  const unreadable = [...new Set(checks.flatMap(({ diagnoses }) => diagnoses))].filter(isShared);
  const tellers = checks.flatMap(({ id, answersFor }) =>
    answersFor.map((endpoint) => `\`${id}\` of \`${endpointPath(endpoint)}\``),
  );
  const costRows = lines
    .filter((line) => line.list >= 0.005)
    .map((line) => [
      line.item,
      Math.ceil(line.quantity).toLocaleString('en-US'),
      dollars(line.list),
      dollars(line.afterFreeTier),
    ]);
  return {
    output: output(),
    rules: rulesPart(),
    checks: [
      ...checks.map(checkSection),
      '### Endpoints that fail',
      `Unknown in every check that reads them, and reported by one: ${tellers.join(', ')}. \`/varz\` is \`up\` itself.`,
      table(
        ['diagnosis', 'compared', 'warning', 'critical', 'for', 'alarm'],
        unreadable.flatMap(diagnosisRows),
      ),
      manual(unreadable),
      "- `nats_findings_open{cluster,check,severity}`: open findings that no rule's alarm covers, zero included. " +
        `${price('cluster', 2)} and check.`,
    ].join('\n\n'),
    alarms: grouped(specs),
    cost: [
      table(
        ['item', 'a month', 'list price', 'free tier unused'],
        [...costRows, ['**together**', '', `**${dollars(list)}**`, `**${dollars(afterFreeTier)}**`]],
      ),
      network === null
        ? ''
        : `Private subnets without endpoints or NAT need one of the two besides: ${dollars(network.endpoints)} for the ` +
          `interface endpoints, or ${dollars(network.natGateway)} for a NAT gateway.`,
    ].join('\n\n'),
  };
}
