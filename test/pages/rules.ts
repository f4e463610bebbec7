import { sideBySide, type Form } from '../../infra/rules/built-in.ts';
import { differences } from '../../infra/rules/differences.ts';
import { lintCodes } from '../../infra/rules/lint.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import { capital, table } from './markdown.ts';

function formText({ expr, forMs, severity }: Form): string {
  const hold = forMs > 0 ? ` for ${formatDuration(forMs)}` : '';
  return `\`${expr}\`${hold}, ${severity}`;
}

/** What to write instead stands behind a semicolon in lints; here it stands in the column of the intended form. */
const withoutAdvice = (message: string): string => message.split(';')[0] ?? '';

/** The built-in rules in both forms, with the reasons for the difference. */
export const builtInTable = (): string =>
  table(
    ['alert', 'intended', 'literal', 'why'],
    sideBySide().map(({ alert, intended, literal, isSame, reasons }) => [
      `**${alert}**`,
      formText(intended),
      isSame ? 'the same' : formText(literal),
      reasons
        .map(({ code, message }) =>
          code === null ? capital(message) : `${code}: ${capital(withoutAdvice(message))}`,
        )
        .join('; '),
    ]),
  );

/** What rules are warned of. */
export const lintTable = (): string =>
  table(
    ['code', 'warned of'],
    lintCodes.map(({ code, title }) => [code, title]),
  );

/** Where alarms are not in ALARM in just the minutes in which Prometheus fires. */
export const differencesTable = (): string =>
  table(
    ['when', 'Prometheus', 'here (classic engine)', 'test'],
    differences.map(({ id, what, prometheus, here, test }) => [
      what,
      prometheus,
      here,
      `[${id}](../../${test})`,
    ]),
  );

/** Built-in rules, lints and differences. */
export const rulesPart = (): string =>
  [
    '## Built-in rules',
    'In their `intended` form unless settings say `mirror: literal`. Names, thresholds, severities and the literal ' +
      'expressions are those of [Awesome Prometheus Alerts](https://github.com/samber/awesome-prometheus-alerts) by Samuel ' +
      'Berthe, licensed [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/): `dist/rules/nats/nats-exporter.yml` at ' +
      '`ed15150`, and at `4aa45de` for the last one, with which this project began. Intended expressions and all texts are ' +
      "this project's.",
    builtInTable(),
    '## What rules are warned of',
    'Codes with `L` are mistakes that published rules make, those with `C` what is different here. Each warning names what ' +
      'is wrong in the expression and what to write instead.',
    lintTable(),
    '## Where alarms differ from Prometheus',
    'Beside these, an alarm of the classic engine is in ALARM in exactly the minutes in which Prometheus, on the same ' +
      'samples, fires the alert: shown with promtool for every built-in rule and for generated ones.',
    differencesTable(),
  ].join('\n\n');
