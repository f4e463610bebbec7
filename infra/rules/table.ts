import { plural } from '../../lambdas/engine/format.ts';
import { AlarmError, oneLine } from '../cloudwatch/alarm-spec.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import type { Translated, TranslatedRule } from './translate/translated.ts';

type Row = { readonly rule: string; readonly engine: string; readonly message: string };

/** What a person should know of the rules, a line a refusal or warning: rule, engine, reason or code. Empty for nothing. */
export function rulesTable({ rules, labels }: Pick<Translated, 'rules' | 'labels'>): readonly string[] {
  const rows = rules.flatMap(rowsOf);
  if (rows.length === 0) return [];
  const head: Row = { rule: 'rule', engine: 'engine', message: 'reason, or code and warning' };
  const width = (of: (row: Row) => string) => Math.max(...[head, ...rows].map((row) => of(row).length));
  const [rule, engine] = [width((row) => row.rule), width((row) => row.engine)];
  const isHelped = Object.keys(labels?.labels ?? {}).length > 0;
  return [
    ...[head, ...rows].map(
      (row) => `  ${row.rule.padEnd(rule)}  ${row.engine.padEnd(engine)}  ${row.message}`,
    ),
    ...(isHelped ? [`  ${wayOut}`] : []),
  ];
}

const wayOut =
  'For rules that select no server: `npm run rules -- check FILE` prints the labels to give a cluster in settings.';

function rowsOf({ file, line, id, engine, reason, warnings }: TranslatedRule): readonly Row[] {
  const row = { rule: `${file}:${line} ${id}`, engine };
  return [
    ...(reason === null ? [] : [{ ...row, message: `refused: ${oneLine(reason)}` }]),
    ...warnings.map(({ code, message }) => ({ ...row, message: `${code}: ${oneLine(message)}` })),
  ];
}

/** `15 rules: 14 translated, 1 refused, 3 warnings` */
export function rulesCount(rules: readonly TranslatedRule[]): string {
  const refused = rules.filter(({ status }) => status === 'refused').length;
  const warnings = rules.reduce((sum, rule) => sum + rule.warnings.length, 0);
  const counts = [
    `${rules.length - refused} translated`,
    ...(refused === 0 ? [] : [`${refused} refused`]),
    ...(warnings === 0 ? [] : [plural(warnings, 'warning')]),
  ];
  return `${plural(rules.length, 'rule')}: ${counts.join(', ')}`;
}

/** @throws AlarmError with the table, where settings want rules without refusals and warnings */
export function refuseIfStrict({
  settings,
  translated,
}: {
  readonly settings: DeploymentSettings;
  readonly translated: Pick<Translated, 'rules' | 'labels'>;
}): void {
  const table = rulesTable(translated);
  if (!settings.alarms.strict || table.length === 0) return;
  throw new AlarmError([`${rulesCount(translated.rules)}, and alarms.strict is true:`, ...table].join('\n'));
}
