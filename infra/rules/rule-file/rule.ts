import { isAlias, isScalar } from 'yaml';
import type { Edition } from '../../../lambdas/promql/index.ts';
import type { Position, Rule } from '../../../lambdas/rules/rule.ts';
import type { Verdict } from './expression.ts';
import { reportVerdict } from './expression.ts';
import type { Entry, Given, Reader, Written } from './fields.ts';
import { offsetOf } from './fields.ts';
import { annotationNameFault, labelNameFault, metricNameFault } from './names.ts';
import type { Reporter } from './problem.ts';
import { offsetInFile } from './scalar.ts';
import type { PlacedText } from './texts.ts';
import { readTexts, refuseBrokenTemplates, textsOf } from './texts.ts';
import { durationOf, fieldsOf } from './values.ts';
import type { PassOver } from './values.ts';
import type { Tree } from './yaml.ts';

/** A rule and where it and its expression begin. */
export type PlacedRule = Rule & { readonly at: Position; readonly exprAt: Position };

export type RuleReading = {
  readonly tree: Tree;
  readonly reader: Reader;
  readonly edition: Edition;
  /** What becomes of unknown fields that are no problem; null where they are one. */
  readonly passOver: PassOver | null;
  /** `verdictOf`, once for each text. */
  readonly verdictOn: (expr: string) => Verdict;
};

type Place = { readonly number: number; readonly listOffset: number };

const ruleFields = ['alert', 'record', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/** What is wrong with the rule is reported, and then what is given back is of no use; null for what is no mapping. */
export function readRule(
  reading: RuleReading,
  given: Given,
  { number, listOffset }: Place,
  groupLabels: readonly PlacedText[],
  problemsOfGroup: Reporter,
): PlacedRule | null {
  const { reader, tree, edition, passOver } = reading;
  const name = reader.peek(given, 'alert') ?? reader.peek(given, 'record');
  const problems = problemsOfGroup.of({ rule: number, name });
  const fields = fieldsOf(reader, given, 'a rule', ruleFields, problems, passOver);
  if (!reader.hasFields(given)) return null;
  const alert = nameIn(reading, fields.get('alert'), problems);
  const record = nameIn(reading, fields.get('record'), problems);
  const offset = offsetOf(given, listOffset);

  if (alert !== null && record !== null)
    problems.report(fields.get('record')?.keyAt ?? offset, 'a rule has alert or record, not both');
  if (alert === null && record === null) problems.report(offset, 'a rule needs a name: alert or record');
  const expr = nameIn(reading, fields.get('expr'), problems);
  if (expr === null) problems.report(fields.get('expr')?.keyAt ?? offset, 'a rule needs an expression: expr');
  else reportVerdict(reading.verdictOn(expr.text), expr, tree.text, problems);

  const [forMs, keepFiringForMs] = ['for', 'keep_firing_for'].map((key) => {
    const field = fields.get(key);
    const ms = field === undefined ? 0 : (durationOf(reader, field, problems) ?? 0);
    if (record !== null && ms !== 0)
      problems.report(field?.keyAt ?? offset, `a recording rule has no ${key}`);
    return ms;
  });
  const labels = readTexts(reader, fields.get('labels'), (name) => labelNameFault(name, edition), problems);
  const annotations = readTexts(
    reader,
    fields.get('annotations'),
    (name) => annotationNameFault(name, edition),
    problems,
  );
  reader.count(groupLabels.length);
  const placed = {
    expr: expr?.text ?? '',
    labels: textsOf([...groupLabels, ...labels]),
    at: tree.positionOf(offset),
    exprAt: tree.positionOf(expr === null ? offset : offsetInFile(expr.node, tree.text, 0)),
  };
  if (record !== null) {
    const fault = metricNameFault(record.text, edition);
    if (fault !== null) problems.report(offsetOf(record.node), fault);
    if (annotations.length > 0)
      problems.report(fields.get('annotations')?.keyAt ?? offset, 'a recording rule has no annotations');
    return { kind: 'record', record: record.text, ...placed };
  }
  refuseBrokenTemplates([...labels, ...annotations], edition, problems);
  return {
    kind: 'alert',
    alert: alert?.text ?? '',
    forMs: forMs ?? 0,
    keepFiringForMs: keepFiringForMs ?? 0,
    annotations: textsOf(annotations),
    ...placed,
  };
}

/**
 * The text of alert, record or expr; null for none and for an empty one. Before edition 3, Prometheus read these
 * three as they are written: null there is the text "null", and an alias the text of its own name, which is refused.
 */
function nameIn(
  { reader, edition }: RuleReading,
  field: Entry | undefined,
  problems: Reporter,
): Written | null {
  if (field === undefined) return null;
  const { key, value } = field;
  if (edition === 2 && isAlias(value)) {
    problems.report(
      offsetOf(value),
      `Prometheus before 3 does not follow aliases in ${key}; write the text itself`,
    );
    return null;
  }
  const written =
    edition === 2 && isScalar(value)
      ? { text: String(value.value), node: value }
      : reader.textOf(value, key, problems);
  return written === null || written.text === '' ? null : written;
}
