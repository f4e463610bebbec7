import { plural } from '../../../lambdas/engine/format.ts';
import { alarmLine, oneLine } from '../../cloudwatch/alarm-spec.ts';
import type { TranslatedRule } from '../../rules/translate/translate.ts';
import type { Arguments } from '../arguments.ts';
import { toStderr, json, toStdout, type Line, type Output } from '../output.ts';
import type { ReadFile } from '../rule-files.ts';
import { tableLines, type Row } from '../table-lines.ts';
import { translationsOf, type Translations } from '../translations.ts';

/** A rule as `--json` tells it. */
export type CheckedRule = Pick<
  TranslatedRule,
  'file' | 'group' | 'alert' | 'engine' | 'status' | 'reason' | 'warnings' | 'series'
> & { readonly alarms: readonly unknown[] };

/** Reads rule files as promtool does, and says what each engine makes of their rules. */
export async function checkCommand(given: Arguments, width: number): Promise<Output> {
  const found = translationsOf(given);
  const { read, problems, manner } = found;
  if (problems.length > 0) {
    const isOfFiles = read.some((file) => file.problems.length > 0);
    const lines = given.json || !isOfFiles ? toStderr(problems) : read.flatMap(verdictLines);
    return { lines, code: 2 };
  }
  const rules = found.byEngine.flatMap((each) => each.rules);
  const deployed = rules.filter(({ engine }) => engine === (given.engine ?? manner.settings.alarms.engine));
  const hasProblems = deployed.some(({ status, warnings }) => status === 'refused' || warnings.length > 0);
  const lines = given.json
    ? json(await checkedRules(rules, manner.settings.name))
    : [
        ...read.flatMap(verdictLines),
        ...toStdout(tableLines(head, rowsOf(found), width)),
        ...toStdout(labelLines(found)),
      ];
  return { lines, code: manner.settings.alarms.strict && hasProblems ? 1 : 0 };
}

/** As promtool says it. */
function verdictLines({ file, groups, problems, passedOver }: ReadFile): readonly Line[] {
  const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
  return [
    ...toStdout([`Checking ${file}`]),
    ...(problems.length === 0
      ? toStdout([`  SUCCESS: ${plural(count, 'rule')} found`, ...passedOverLines(passedOver)])
      : toStderr(['  FAILED:', ...problems.map((each) => `  ${each}`)])),
    ...toStdout(['']),
  ];
}

const passedOverLines = (fields: readonly string[]): readonly string[] =>
  fields.length === 0
    ? []
    : [
        `  passed over: ${fields.join(', ')}; Prometheus and a deployment refuse the file as long as it has them`,
      ];

async function checkedRules(
  rules: readonly TranslatedRule[],
  deployment: string,
): Promise<readonly CheckedRule[]> {
  // Loading the CDK takes longer than all the rest.
  const { alarmProperties } = await import('../explanation/alarm-properties.ts');
  return Map.groupBy(rules, ({ engine }) => engine)
    .values()
    .flatMap((ofEngine) => {
      const alarms = alarmProperties(
        ofEngine.flatMap(({ specs }) => specs),
        deployment,
      );
      return ofEngine.map(
        ({ file, group, alert, engine, status, reason, warnings, series, specs }): CheckedRule => ({
          file,
          group,
          alert,
          engine,
          status,
          reason,
          warnings,
          series,
          alarms: specs.map(({ name }) => alarms.get(name)),
        }),
      );
    })
    .toArray();
}

/** The lines of settings by which rules that select no server select some. */
function labelLines({ byEngine: [first] }: Translations): readonly string[] {
  if (first?.labels == null) return [];
  const { cluster, labels, unmet } = first.labels;
  const given = Object.entries(labels).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  const met =
    given.length === 0
      ? []
      : [
          '',
          `For rules that select no server, give the cluster ${cluster} in settings:`,
          '',
          'labels:',
          ...given,
        ];
  const rest = unmet.map(({ place, reason }) => `  ${place}: ${reason}`);
  return [...met, ...(rest.length === 0 ? [] : ['', 'Not met by labels of one cluster:', ...rest])];
}

const head: Row = ['rule', 'engine', '', ''];

/** For each rule a line an engine, and the warnings, each once. */
function rowsOf({ byEngine }: Translations): readonly Row[] {
  const [first] = byEngine;
  return (first?.rules ?? []).flatMap(({ file, line, alert }, index): readonly Row[] => {
    const forms = byEngine.flatMap(({ rules }) => rules[index] ?? []);
    const name = `${file}:${line} ${alert}`;
    const warnings = new Map(
      forms.flatMap((form) => form.warnings.map((each) => [`${each.code} ${each.message}`, each] as const)),
    );
    return [
      ...forms.map((form): Row => [name, form.engine, form.status, outcomeOf(form)]),
      ...[...warnings].map(([key, { code, message }]): Row => {
        const warned = forms.filter((form) =>
          form.warnings.some((each) => `${each.code} ${each.message}` === key),
        );
        const engine = warned.length === byEngine.length ? '' : warned.map((form) => form.engine).join(', ');
        return [name, engine, code, oneLine(message)];
      }),
    ];
  });
}

function outcomeOf({ kind, reason, specs }: TranslatedRule): string {
  if (reason !== null) return oneLine(reason);
  if (kind === 'record') return 'for the alerts that read it';
  const [spec] = specs;
  if (spec === undefined) return 'no alarm: settings leave it out everywhere';
  const [, ...rest] = alarmLine(spec).split(' | ');
  return `${plural(specs.length, 'alarm')}${specs.length > 1 ? ', such as' : ':'} ${rest.join(', ')}`;
}
