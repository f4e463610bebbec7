import { formatDuration } from '../../../lambdas/durations.ts';
import type { Texts } from '../../../lambdas/rules/rule.ts';
import { wholePath, type SeriesDefinition, type SeriesKind } from '../../../lambdas/series/definition.ts';
import { findSeries } from '../../../lambdas/series/find.ts';
import { noteOf } from '../../../lambdas/series/notes.ts';
import { requestsOf } from '../../../lambdas/series/requests.ts';
import { oneLine } from '../../cloudwatch/alarm-spec.ts';
import type { PlacedRule } from '../../rules/rule-file/rule-file.ts';
import type { TranslatedRule } from '../../rules/translate/translate.ts';
import { section } from './sections.ts';

type Place = { readonly file: string; readonly group: string; readonly rule: PlacedRule };

/** The rule as it is written. */
export function ruleLines({ file, group, rule }: Place): readonly string[] {
  if (rule.kind === 'record') return [];
  const { alert, expr, forMs, keepFiringForMs, labels, annotations, at } = rule;
  const texts = (some: Texts) => Object.entries(some).map(([name, text]) => `${name}: ${oneLine(text)}`);
  return [
    `${alert} (${file}:${at.line}, group ${group})`,
    '',
    ...section('rule', [
      ...expr.trim().split('\n'),
      ...(forMs > 0 ? [`for ${formatDuration(forMs)}`] : []),
      ...(keepFiringForMs > 0 ? [`keeps firing for ${formatDuration(keepFiringForMs)}`] : []),
    ]),
    ...section('labels', texts(labels)),
    ...section('texts', texts(annotations)),
    '',
  ];
}

/** What is read of servers for it. */
export function readsLines([form]: readonly TranslatedRule[]): readonly string[] {
  const lines = (form?.series ?? []).flatMap((name) =>
    findSeries(name).map((series) => readLine(name, series)),
  );
  return [...section('reads', lines.length === 0 ? ['nothing that the exporter has'] : lines), ''];
}

const kinds: Readonly<Record<SeriesKind, string>> = {
  live: 'a live value',
  total: 'a running total',
  config: 'a configured constant',
  info: '1, with a text in a label',
};

function readLine(name: string, series: SeriesDefinition): string {
  const path = wholePath(series);
  const paths = requestsOf([series]).map(({ request }) => request.path);
  const note = noteOf(series);
  return [
    `${name}: ${paths.join(' and ')}${path === '' ? '' : `, ${path}`}; ${kinds[series.kind]}`,
    ...(note === undefined ? [] : [note]),
  ].join('; ');
}

/** Each warning once, whatever engines it is for. */
export function warningLines(forms: readonly TranslatedRule[]): readonly string[] {
  const warnings = forms.flatMap((form) =>
    form.warnings.map(({ code, message }) => `${code}: ${oneLine(message)}`),
  );
  const lines = section('warnings', [...new Set(warnings)]);
  return lines.length === 0 ? [] : [...lines, ''];
}
