import { written, type Labels } from '../../../lambdas/promql/index.ts';
import { offsetOf, type Entry, type Given } from '../../rules/rule-file/fields.ts';
import { offsetInFile } from '../../rules/rule-file/scalar.ts';
import { fieldsOf } from '../../rules/rule-file/values.ts';
import { NotationError, valuesOf } from './notation.ts';
import { labelsOf } from './series-labels.ts';
import type { Reading } from './parts.ts';
import type { InputSeries } from './parts.ts';

/** Over all series of a test. */
const mostSamples = 2_000_000;

/** The entries of `input_series`. */
export function readSeries(reading: Reading, items: readonly Given[]): readonly InputSeries[] {
  const { problems } = reading;
  const seen = new Set<string>();
  let samples = 0;
  return items.map((item, index) => {
    const series = readOne(reading, item, index === items.length - 1);
    const key = written(series.labels);
    if (seen.has(key))
      problems.report(
        offsetOf(item),
        `the series ${key} stands twice; promtool would read its last values only`,
      );
    seen.add(key);
    samples += series.values.length;
    if (samples > mostSamples && samples - series.values.length <= mostSamples)
      problems.report(
        offsetOf(item),
        `the series have more than ${mostSamples} values together; make it several tests`,
      );
    return series;
  });
}

function readOne(reading: Reading, given: Given, isLast: boolean): InputSeries {
  const fields = fieldsOf(reading.reader, given, 'an input series', ['series', 'values'], reading.problems);
  const name = placedText(reading, fields.get('series'));
  const noted = placedText(reading, fields.get('values'));
  const labels = name.read({}, (text): Labels => {
    if (text.includes('\n')) throw new NotationError('a series stands on one line', text.indexOf('\n'));
    const read = labelsOf(text, reading.edition, 'input');
    if (Object.keys(read).length === 0)
      throw new NotationError(`${JSON.stringify(text)}: a series needs a name or labels`, 0);
    return read;
  });
  const values = noted.read([], (text) => {
    const line = isLast ? text.trimEnd() : text;
    const lineBreak = line.indexOf('\n');
    if (lineBreak >= 0)
      throw new NotationError(
        'a line break ends the values, and promtool may read no series behind it; fold the lines with >-',
        lineBreak,
      );
    return valuesOf(line, reading.edition);
  });
  if (fields.get('series') === undefined)
    reading.problems.report(offsetOf(given), 'an input series needs a name: series');
  return { labels, values };
}

/** A text whose mistakes are reported at their places in the file. */
export function placedText({ reader, tree, problems }: Reading, field: Entry | undefined) {
  const found = reader.textOf(field?.value, field?.key ?? '', problems);
  return {
    text: found?.text ?? '',
    read<T>(otherwise: T, make: (text: string) => T): T {
      if (found === null) return otherwise;
      try {
        return make(found.text);
      } catch (error) {
        if (!(error instanceof NotationError)) throw error;
        problems.report(offsetInFile(found.node, tree.text, error.index), error.message);
        return otherwise;
      }
    },
  };
}
