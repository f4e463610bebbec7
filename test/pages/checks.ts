import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Check, Diagnosis, Scope, Series } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { endpointPath } from '../../lambdas/engine/endpoint-path.ts';
import { formatValue } from '../../lambdas/engine/format.ts';
import { reachable, severities, type Limit } from '../../lambdas/limits.ts';
import { notEvaluated } from '../../lambdas/rules/findings/rule-101-not-evaluated.ts';
import { samplesNotTaken } from '../../lambdas/rules/findings/rule-102-samples-not-taken.ts';
import { ruleSeries } from '../../lambdas/rules/plan.ts';
import { dollars, table } from './markdown.ts';

const words = { above: 'above ', atLeast: '', below: 'below ', atMost: 'at most ' } as const;

function level(limit: Limit, severity: 'warning' | 'critical'): string {
  const value = limit.levels[severity];
  return value === undefined ? '-' : `${words[limit.direction]}${formatValue(value, limit.unit)}`;
}

const link = (heading: string) => `[${heading}](#${heading.toLowerCase()})`;

function limitRows({ id, limits, for: hold, rule }: Diagnosis): readonly (readonly string[])[] {
  return Object.entries(limits).map(([name, limit], i) => [
    i === 0 ? link(id) : '',
    `${limit.of} (\`${name}\`)${limit.over === undefined ? '' : ` in ${formatDuration(limit.over)}`}`,
    level(limit, 'warning'),
    level(limit, 'critical'),
    hold === 0 ? '-' : formatDuration(hold),
    rule?.limit === name
      ? `\`${rule.alert}\`${rule.warnsEarlier === true ? ', earlier; critical: findings' : ''}`
      : reachable(limit).some((severity) => severity !== 'info')
        ? 'findings'
        : 'none: info',
  ]);
}

const limitTable = (diagnoses: readonly Diagnosis[]): string =>
  table(
    ['diagnosis', 'compared', 'warning', 'critical', 'for', 'alarm'],
    diagnoses.flatMap((diagnosis) => limitRows(diagnosis)),
  );

/** Of what has data all month. */
const price = (scope: Scope, count: number) => `${dollars(0.3 * count)} a ${scope}`;
const seriesLine = ({ name, help, scope, by }: Series): string => {
  const labels = ['cluster', ...(scope === 'server' ? ['server_id'] : []), ...(by ? [by.label] : [])];
  return `- \`${name}{${labels.join(',')}}\`: ${help}. ${price(scope, by?.words.length ?? 1)}.`;
};

/** Why and what to do, as findings and alarms say it where they know no more of the cause. */
const texts = ({ id, title, why, remedy }: Diagnosis): string =>
  [`### ${id}`, `**${title}.** ${why}`, `_What to do:_ ${remedy}`].join('\n\n');

/** In the lists of several checks; it has a section of its own. */
const isShared = ({ id }: Diagnosis) => id === 'SERVER_102';

const rulesNote =
  "The team's rules, and the built-in ones: [Prometheus rules as alarms](../../infra/rules/prometheus-rules.md). While a rule fires that is evaluated " +
  'here, a finding names what it fires for. The two diagnoses are about rules that could not be evaluated or sent.';

const rulesSeries = [
  `- \`${ruleSeries.rule}{cluster,rule,server_id}\`: The value that the rule compares, or 1 while its expression has a result; without \`server_id\` ` +
    `where the rule's result names no server. ${price('server', 1)} and rule.`,
  "- Series of servers that rules compare as they are, under the exporter's names: where no other check publishes them. " +
    `${price('server', 1)} and series.`,
].join('\n');

type Section = {
  readonly heading: string;
  readonly about: string;
  readonly diagnoses: readonly Diagnosis[];
  readonly series: string;
};

function sectionOf({ id, title, every, diagnoses, series, evaluates }: Check): Section {
  const about = `${title}. Every ${formatDuration(every)}.`;
  return evaluates === 'rules'
    ? {
        heading: id,
        about: `${about}\n\n${rulesNote}`,
        diagnoses: [notEvaluated, samplesNotTaken],
        series: rulesSeries,
      }
    : {
        heading: id,
        about,
        diagnoses: diagnoses.filter((diagnosis) => !isShared(diagnosis)),
        series: series.map(seriesLine).join('\n'),
      };
}

function shared(): Section {
  const tellers = checks.flatMap(({ id, answersFor }) =>
    answersFor.map((endpoint) => `\`${id}\` of \`${endpointPath(endpoint)}\``),
  );
  return {
    heading: 'Endpoints that fail',
    about:
      `Unknown in every check that reads them, and reported by one: ${tellers.join(', ')}. \`/varz\` is \`up\` itself: ` +
      '[SERVER_101](#server_101).',
    diagnoses: [...new Set(checks.flatMap(({ diagnoses }) => diagnoses))].filter(isShared),
    series:
      "- `nats_findings_open{cluster,group,severity}`: open findings that no rule's alarm covers, of severities that the group's " +
      'checks can find: of each check in the minutes in which it has any, and 0 once all are closed. ' +
      `${price('cluster', 1)}, group and severity where it has data all month; where nothing is open a twelfth of it.`,
  };
}

const rowsOf = ({ heading, diagnoses }: Section): readonly (readonly string[])[] =>
  diagnoses.map(({ id, title, limits }) => {
    const levels = new Set(Object.values(limits).flatMap((limit) => Object.keys(limit.levels)));
    const place = `[${heading}](#${heading.toLowerCase().replaceAll(' ', '-')})`;
    return [link(id), title, place, severities.filter((severity) => levels.has(severity)).join(', ')];
  });

const sectionText = ({ heading, about, diagnoses, series }: Section): string =>
  [`## ${heading}`, about, limitTable(diagnoses), series, ...diagnoses.map(texts)].join('\n\n');

/** Every check and diagnosis: a row each, then limits, series and texts by check. */
export function checksPart(): string {
  const sections = [...checks.map(sectionOf), shared()];
  return [
    table(['diagnosis', 'what it finds', 'check', 'severity'], sections.flatMap(rowsOf)),
    ...sections.map(sectionText),
  ].join('\n\n');
}
