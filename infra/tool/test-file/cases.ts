import { formatDuration, minutes } from '../../../lambdas/durations.ts';
import { parse } from '../../../lambdas/promql/index.ts';
import { offsetOf, type Entry, type Given } from '../../rules/rule-file/fields.ts';
import { durationOf, fieldsOf, type Fields } from '../../rules/rule-file/values.ts';
import { mostValues, NotationError } from './notation.ts';
import { labelsOf } from './series-labels.ts';
import { numberOf, textsOf } from './scalars.ts';
import { placedText } from './series.ts';
import type { Reading } from './parts.ts';
import type { AlertTest, ExpressionTest } from './parts.ts';

/** An entry of `alert_rule_test`, where rules are evaluated in that interval. */
export function readAlertTest(reading: Reading, given: Given, intervalMs: number): AlertTest {
  const { reader, tree, problems } = reading;
  const fields = fieldsOf(reader, given, 'an alert test', ['eval_time', 'alertname', 'exp_alerts'], problems);
  const alertname = reader.textOf(fields.get('alertname')?.value, 'alertname', problems)?.text ?? '';
  if (alertname === '') problems.report(offsetOf(given), 'an entry of alert_rule_test needs an alertname');
  const expected = reader.itemsOf(fields.get('exp_alerts')?.value, 'exp_alerts', problems).map((item) => {
    const of = fieldsOf(reader, item, 'an expected alert', ['exp_labels', 'exp_annotations'], problems);
    return {
      labels: textsOf(reading, of.get('exp_labels')),
      annotations: textsOf(reading, of.get('exp_annotations')),
    };
  });
  return {
    at: tree.positionOf(offsetOf(given)),
    evalMs: evalTimeOf(reading, fields, intervalMs),
    alertname,
    expected,
  };
}

/** An entry of `promql_expr_test`, where rules are evaluated in that interval. */
export function readExpressionTest(reading: Reading, given: Given, intervalMs: number): ExpressionTest {
  const { reader, tree, problems } = reading;
  const fields = fieldsOf(
    reader,
    given,
    'an expression test',
    ['expr', 'eval_time', 'exp_samples'],
    problems,
  );
  return {
    at: tree.positionOf(offsetOf(given)),
    evalMs: evalTimeOf(reading, fields, intervalMs),
    expr: expressionOf(reading, fields.get('expr'), given),
    expected: reader
      .itemsOf(fields.get('exp_samples')?.value, 'exp_samples', problems)
      .map((item) => readSample(reading, item)),
  };
}

function evalTimeOf({ reader, problems }: Reading, fields: Fields, intervalMs: number): number {
  const field = fields.get('eval_time');
  if (field === undefined) return 0;
  const ms = durationOf(reader, field, problems) ?? 0;
  const everyMs = Math.min(intervalMs, minutes(1));
  if (ms / everyMs > mostValues) {
    const message = `eval_time is more than ${mostValues} evaluations away, one each ${formatDuration(everyMs)}`;
    problems.report(offsetOf(field.value), message);
  }
  return ms;
}

function expressionOf(reading: Reading, field: Entry | undefined, given: Given): string {
  const placed = placedText(reading, field);
  if (placed.text === '')
    reading.problems.report(offsetOf(given), 'an entry of promql_expr_test needs an expression: expr');
  else
    placed.read(null, (text) => {
      const { ast, problem } = parse(text, reading.edition);
      if (problem !== undefined) throw new NotationError(problem.message, problem.from);
      if (ast.type === 'vector' || ast.type === 'scalar') return null;
      throw new NotationError(
        `the expression is a ${ast.type === 'range' ? 'range vector' : 'text'}, no vector or number`,
        0,
      );
    });
  return placed.text;
}

function readSample(reading: Reading, given: Given): ExpressionTest['expected'][number] {
  const { reader, problems } = reading;
  const fields = fieldsOf(reader, given, 'an expected sample', ['labels', 'value', 'histogram'], problems);
  const histogram = fields.get('histogram');
  if (reader.textOf(histogram?.value, 'histogram', problems)?.text)
    problems.report(offsetOf(histogram?.value), 'native histograms are nothing that an alarm could compare');
  const labels = placedText(reading, fields.get('labels'));
  return {
    labels: labels.read({}, (text) => labelsOf(text, reading.edition, 'sample')),
    value: numberOf(reading, fields.get('value')),
  };
}
