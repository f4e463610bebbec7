import { offsetOf, type Entry, type Given } from '../../rules/rule-file/fields.ts';
import { durationOf, fieldsOf } from '../../rules/rule-file/values.ts';
import { readAlertTest, readExpressionTest } from './cases.ts';
import { booleanOf, refuseBefore3, refuseBefore3_9, textsOf } from './scalars.ts';
import { readSeries } from './series.ts';
import type { Reading, TestFile, TestGroup } from './parts.ts';

const suiteFields = ['rule_files', 'evaluation_interval', 'group_eval_order', 'fuzzy_compare', 'tests'];
const groupFields = [
  ...['interval', 'input_series', 'alert_rule_test', 'promql_expr_test'],
  ...['external_labels', 'external_url', 'name', 'start_timestamp'],
];

export function readSuite(reading: Reading, file: string): TestFile {
  const { reader, tree, problems } = reading;
  const fields = fieldsOf(reader, tree.root, 'a test file', suiteFields, problems);
  const items = (key: string) => reader.itemsOf(fields.get(key)?.value, key, problems);
  const texts = (key: string) =>
    items(key).map((item) => ({
      text: reader.textOf(item, `an entry of ${key}`, problems)?.text ?? '',
      item,
    }));
  refuseBefore3(reading, fields.get('fuzzy_compare'));

  const evaluationIntervalMs = durationIn(reading, fields.get('evaluation_interval')) || 60_000;
  const order = texts('group_eval_order');
  order.forEach(({ text, item }, index) => {
    const isRepeated = order.findIndex((other) => other.text === text) < index;
    if (isRepeated) problems.report(offsetOf(item), `group_eval_order names "${text}" twice`);
  });
  return {
    file,
    ruleFiles: texts('rule_files').map(({ text, item }) => ({
      pattern: text,
      at: tree.positionOf(offsetOf(item)),
    })),
    evaluationIntervalMs,
    groupOrder: order.map(({ text }) => text),
    isFuzzy: booleanOf(reading, fields.get('fuzzy_compare')),
    tests: items('tests').map((item, index) => readGroup(reading, item, index, evaluationIntervalMs)),
  };
}

const durationIn = ({ reader, problems }: Reading, field: Entry | undefined): number =>
  field === undefined ? 0 : (durationOf(reader, field, problems) ?? 0);

function readGroup(reading: Reading, given: Given, index: number, evaluationIntervalMs: number): TestGroup {
  const { reader, tree, problems } = reading;
  const fields = fieldsOf(reader, given, 'a test', groupFields, problems);
  const items = (key: string) => reader.itemsOf(fields.get(key)?.value, key, problems);
  const text = (key: string) => reader.textOf(fields.get(key)?.value, key, problems)?.text ?? '';
  refuseBefore3_9(reading, fields.get('start_timestamp'));
  return {
    at: tree.positionOf(offsetOf(given)),
    name: text('name') || `unnamed#${index}`,
    intervalMs: durationIn(reading, fields.get('interval')) || evaluationIntervalMs,
    series: readSeries(reading, items('input_series')),
    alerts: items('alert_rule_test').map((item) => readAlertTest(reading, item, evaluationIntervalMs)),
    expressions: items('promql_expr_test').map((item) =>
      readExpressionTest(reading, item, evaluationIntervalMs),
    ),
    externalLabels: textsOf(reading, fields.get('external_labels')),
    externalUrl: text('external_url'),
  };
}
