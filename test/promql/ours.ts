import { EvaluationError, evaluate, parse, readerOf } from '../../lambdas/promql/index.ts';
import type { Edition, Labels, Sample, Series } from '../../lambdas/promql/index.ts';
import type { Answer, Scene } from './promtool.ts';

/** The module's answers to a scene, in the shape of promtool's. promtool has loaded all samples up to its last question. */
export function ourAnswers({ stepSeconds, series, questions }: Scene, edition: Edition): readonly Answer[] {
  const last = Math.max(...questions.map(({ atMs }) => atMs));
  const read = readerOf(
    series.map((each) => {
      const { labels, samples } = seriesOf(each, stepSeconds);
      return { labels, samples: samples.filter(([atMs]) => atMs <= last) };
    }),
    edition,
  );
  return questions.map(({ text, atMs }) => {
    const { ast, problem } = parse(text, edition);
    if (problem !== undefined) throw new Error(`${text}: ${problem.message}`);
    try {
      const value = evaluate(ast, { at: atMs, read, edition });
      if (value.type === 'string') return { error: 'a string' };
      return { samples: value.type === 'scalar' ? [{ labels: {}, value: value.value }] : [...value.samples] };
    } catch (error) {
      if (error instanceof EvaluationError) return { error: error.message };
      throw error;
    }
  });
}

/** promtool's notation: `1 _ stale 1+2x3 NaN -Inf`; a count repeats once more than it says. */
export function seriesOf(given: Scene['series'][number], stepSeconds: number): Series {
  const values: (number | null | undefined)[] = given.values.split(/\s+/).flatMap((word) => {
    if (word === '_') return [undefined];
    if (word === 'stale') return [null];
    const many = /^(_|-?[\d.]+)(?:([-+][\d.]+))?x(\d+)$/.exec(word);
    if (many === null) return [numberOf(word)];
    const [, start = '', growth = '0', times = '0'] = many;
    if (start === '_') return Array<undefined>(Number(times)).fill(undefined);
    return Array.from(
      { length: Number(times) + 1 },
      (_each, index) => Number(start) + index * Number(growth),
    );
  });
  const samples = values.flatMap((value, index): Sample[] =>
    value === undefined ? [] : [[index * stepSeconds * 1000, value]],
  );
  return { labels: labelsOf(given.series), samples };
}

const numberOf = (word: string): number =>
  word.endsWith('Inf') ? (word.startsWith('-') ? -Infinity : Infinity) : Number(word);

function labelsOf(series: string): Labels {
  const name = /^[^{]*/.exec(series)?.[0] ?? '';
  const pairs = [...series.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(
    ([, label = '', text = '""']) => [label, JSON.parse(text) as string] as const,
  );
  return { ...(name === '' ? {} : { __name__: name }), ...Object.fromEntries(pairs) };
}
