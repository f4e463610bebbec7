import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvaluationError, evaluate, nodesOf, parse, seriesIn } from '../../../lambdas/promql/index.ts';
import type { Edition, Expression, Labels, Read, Selector } from '../../../lambdas/promql/index.ts';
import {
  advance,
  emptySamples,
  keptOf,
  readSamples,
  type FreshSample,
  type Kept,
} from '../../../lambdas/rules/samples/samples.ts';
import { vector } from '../../promql/arbitrary-expression.ts';
import { everything, inOrder } from './model.ts';

const names = ['m', 'n', 'total'];
const labelSets: readonly Labels[] = [
  { a: 'x', b: '1' },
  { a: 'x', b: '2' },
  { a: 'y', b: '1' },
  { a: 'y' },
  { b: '1', c: 'k' },
];
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0, 0.1, 12.345, 2 ** 53, 1e300, -7, 1 / 3),
  },
);
const samples = fc.tuple(...labelSets.map(() => fc.option(value, { freq: 3 }))).map((values) =>
  labelSets.flatMap((labels, index): FreshSample[] => {
    const some = values[index] ?? null;
    return some === null ? [] : [{ labels, value: some }];
  }),
);
const run = fc.record({
  /** More than a minute where runs in between failed. */
  afterMs: fc.constantFrom(60_000, 60_000, 60_000, 30_000, 120_000, 300_000, 420_000),
  /** Null: its reading failed. */
  m: fc.option(samples),
  n: samples,
  /** What a recording rule gave; null: it failed. */
  total: fc.option(samples),
  /** Of which of the missing ones of `n` nothing is said. */
  silent: fc.subarray([...labelSets]),
});
const runs = fc.array(run, { minLength: 2, maxLength: 14 });
type Run = typeof runs extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

type Moment = { readonly at: number; readonly memory: Read; readonly model: Read };

/** Memory as it goes from run to run as text, beside all samples, before and after the recording rule. */
function follow(
  all: readonly Run[],
  kept: ReadonlyMap<string, Kept>,
  edition: Edition,
  look: (moment: Moment) => void,
): void {
  const model = everything(edition);
  let text = JSON.stringify(emptySamples);
  let at = 0;
  for (const { afterMs, m, n, total, silent } of all) {
    at += afterMs;
    const fresh = new Map([['n', n], ...(m === null ? [] : [['m', m] as const])]);
    const memory = readSamples(JSON.parse(text));
    const given = { at, fresh, silent: new Map([['n', silent]]), kept, recorded: ['total'], edition };
    const step = advance(memory, given);
    model.add(at, 'm', m ?? []);
    model.add(at, 'n', n, silent);
    const moment = { at, memory: inOrder(step.read), model: inOrder(model.read) };
    look(moment);
    if (total !== null) {
      step.record('total', total);
      model.add(at, 'total', total);
    }
    look(moment);
    text = JSON.stringify(step.memory());
  }
}

function parsed(text: string, edition: Edition): Expression {
  const { ast, problem } = parse(text, edition);
  if (ast === undefined) throw new Error(`${text}: ${problem.message}`);
  return ast;
}

function answer(ast: Expression, at: number, read: Read, edition: Edition): unknown {
  try {
    return evaluate(ast, { at, read, edition });
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

describe('what rules see in memory', () => {
  it.each([2, 3] as const)('is what they would see if every sample were kept (edition %d)', (edition) => {
    const rules = fc.array(vector, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rules, runs, (texts, all) => {
        const asts = texts.flatMap((text) => parse(text, edition).ast ?? []);
        follow(all, keptOf(asts, names, edition), edition, ({ at, memory, model }) => {
          const answers = (read: Read) => asts.map((ast) => answer(ast, at, read, edition));
          expect(answers(memory)).toEqual(answers(model));
        });
      }),
      { numRuns: 400 },
    );
  });

  const ranges = ['m[3m]', 'm[90s] offset 2m', 'n[1h]', 'n[7m]', 'total[4m]', '{a="x"}[2m]'];
  it.each(ranges)('is within %s sample for sample what there was', (text) => {
    const ast = parsed(`count_over_time(${text})`, 2);
    const [range] = [...nodesOf(ast)].flatMap((node) => (node.kind === 'range' ? [node] : []));
    if (range === undefined) throw new Error(`no range in ${text}`);
    const { selector, rangeMs } = range;
    const within = (read: Read, at: number) =>
      seriesIn(read(selector, 0, at))
        .map((series) => {
          const to = at - selector.offsetMs;
          const inside = series.samples.filter(([time]) => time >= to - rangeMs && time <= to);
          return { labels: series.labels, samples: inside.filter(([, some]) => some !== null) };
        })
        .filter((series) => series.samples.length > 0);
    fc.assert(
      fc.property(runs, (all) => {
        follow(all, keptOf([ast], names, 2), 2, ({ at, memory, model }) => {
          expect(within(memory, at)).toEqual(within(model, at));
        });
      }),
    );
  });

  const instants = ['m', 'm offset 3m', 'n offset 4m', 'total', '{__name__=~"m|n",b!=""}', 'm offset -1m'];
  it.each(instants)('is for %s the newest sample, unless the series has ended', (text) => {
    const ast = parsed(text, 2) as Selector;
    const newest = (read: Read, at: number) => {
      const to = at - ast.offsetMs;
      return seriesIn(read(ast, 0, at)).flatMap((series) => {
        const last = series.samples.findLast(([time]) => time <= to);
        if (last === undefined || last[1] === null || last[0] < to - 300_000) return [];
        return [{ labels: series.labels, last }];
      });
    };
    fc.assert(
      fc.property(runs, (all) => {
        follow(all, keptOf([ast], names, 2), 2, ({ at, memory, model }) => {
          expect(newest(memory, at)).toEqual(newest(model, at));
        });
      }),
    );
  });
});
