import { describe, expect, it } from 'vitest';
import { parse, seriesIn, type Labels, type Sample, type Selector } from '../../../lambdas/promql/index.ts';
import {
  advance,
  dropLargest,
  emptySamples,
  readSamples,
  type FreshSample,
  type Kept,
  type SampleMemory,
  type SampleRun,
} from '../../../lambdas/rules/samples/samples.ts';

const minute = 60_000;
const window: Kept = { allMs: 5 * minute, untilMs: 5 * minute };
const newest: Kept = { allMs: 0, untilMs: 5 * minute };
const n1 = { server_id: 'n1' };
const n2 = { server_id: 'n2' };

/** `{cpu: [[n1, 1]]}` */
type Given = Readonly<Record<string, readonly (readonly [labels: Labels, value: number])[]>>;
type Setup = { readonly kept?: Readonly<Record<string, Kept>>; readonly recorded?: readonly string[] };

const samplesOf = (rows: Given[string]): readonly FreshSample[] =>
  rows.map(([labels, value]) => ({ labels, value }));

function runAt(
  memory: SampleMemory,
  minutes: number,
  given: Given,
  { kept = { cpu: window }, recorded = [] }: Setup = {},
) {
  const fresh = new Map(Object.entries(given).map(([name, rows]) => [name, samplesOf(rows)]));
  const at = minutes * minute;
  return advance(memory, { at, fresh, kept: new Map(Object.entries(kept)), recorded, edition: 2 });
}

/** Memory after runs at these minutes, kept as text in between. */
function after(runs: Readonly<Record<number, Given>>, setup: Setup = {}): SampleMemory {
  return Object.entries(runs).reduce<SampleMemory>(
    (memory, [at, given]) =>
      readSamples(JSON.parse(JSON.stringify(runAt(memory, Number(at), given, setup).memory()))),
    emptySamples,
  );
}

function selectorOf(text: string): Selector {
  const { ast } = parse(text, 2);
  if (ast?.kind !== 'selector') throw new Error(`${text} is no selector`);
  return ast;
}

/** What a selector takes, times in minutes. */
const seen = (run: SampleRun, text: string): readonly (readonly [string, ...Sample[]])[] =>
  seriesIn(run.read(selectorOf(text), 0, Infinity)).map(({ labels, samples }) => [
    String(labels['server_id']),
    ...samples.map(([at, value]): Sample => [at / minute, value]),
  ]);

describe('from run to run', () => {
  const memory = after({ 1: { cpu: [[n1, 1], [n2, 2]] }, 2: { cpu: [[n1, 3], [n2, 4]] } }); // prettier-ignore

  it('samples gather, this run’s among them', () => {
    expect(
      seen(
        runAt(memory, 3, {
          cpu: [
            [n1, 5],
            [n2, 6],
          ],
        }),
        'cpu',
      ),
    ).toEqual([
      // prettier-ignore
      ['n1', [1, 1], [2, 3], [3, 5]],
      ['n2', [1, 2], [2, 4], [3, 6]],
    ]);
  });

  it('a series that is not read any more ends', () => {
    expect(seen(runAt(memory, 3, { cpu: [[n1, 5]] }), 'cpu{server_id="n2"}')).toEqual([
      ['n2', [1, 2], [2, 4], [3, null]],
    ]);
  });

  it('all series of a reading that failed end', () => {
    expect(seen(runAt(memory, 3, {}), 'cpu')).toEqual([
      ['n1', [1, 1], [2, 3], [3, null]],
      ['n2', [1, 2], [2, 4], [3, null]],
    ]);
  });

  it('a series ends once', () => {
    const ended = runAt(memory, 3, {}).memory();
    expect(seen(runAt(ended, 4, {}), 'cpu{server_id="n1"}')).toEqual([['n1', [1, 1], [2, 3], [3, null]]]);
  });

  it('a minute without a run is a hole, and ends nothing', () => {
    expect(
      seen(
        runAt(memory, 4, {
          cpu: [
            [n1, 5],
            [n2, 6],
          ],
        }),
        'cpu',
      ),
    ).toEqual([
      // prettier-ignore
      ['n1', [1, 1], [2, 3], [4, 5]],
      ['n2', [1, 2], [2, 4], [4, 6]],
    ]);
  });

  it('a second run of the same minute takes the place of the first', () => {
    expect(seen(runAt(memory, 2, { cpu: [[n1, 7]] }), 'cpu')).toEqual([
      ['n1', [1, 1], [2, 7]],
      ['n2', [1, 2], [2, null]],
    ]);
  });

  it('what is later than a clock set back is forgotten', () => {
    expect(
      seen(
        runAt(memory, 1.5, {
          cpu: [
            [n1, 7],
            [n2, 8],
          ],
        }),
        'cpu',
      ),
    ).toEqual([
      // prettier-ignore
      ['n1', [1, 1], [1.5, 7]],
      ['n2', [1, 2], [1.5, 8]],
    ]);
  });

  it('values stay what they are, numbers or not', () => {
    const values = [NaN, Infinity, -Infinity, -0, 0, 0.1, 1 / 3, -2.5, 2 ** 53, 1e300, 5e-324, 7];
    const rows = values.map((value, i): [Labels, number] => [{ i: String(i) }, value]);
    const turned = rows.map(([labels], i): [Labels, number] => [labels, values.at(-i - 1) ?? 0]);
    const run = runAt(after({ 1: { cpu: rows }, 2: { cpu: turned } }), 3, {});
    const read = seriesIn(run.read(selectorOf('cpu'), 0, Infinity));
    expect(read.map(({ samples }) => samples.map(([, value]) => value))).toEqual(
      values.map((value, i) => [value, values.at(-i - 1), null]),
    );
  });

  it('of two samples of one series the first counts', () => {
    expect(
      seen(
        runAt(emptySamples, 1, {
          cpu: [
            [n1, 1],
            [{ ...n1 }, 2],
          ],
        }),
        'cpu',
      ),
    ).toEqual([
      // prettier-ignore
      ['n1', [1, 1]],
    ]);
  });

  it('labels that others begin with are no less different', () => {
    const [one, other, more] = [{ a: '1' }, { a: '2' }, { a: '2', server_id: 'n1' }];
    const memory = after({ 1: { cpu: [[one, 1], [other, 2]] } }); // prettier-ignore
    const run = runAt(memory, 2, { cpu: [[one, 1], [more, 3], [{ a: '' }, 4]] }); // prettier-ignore
    expect(
      seriesIn(run.read(selectorOf('cpu'), 0, Infinity)).map(({ labels, samples }) => [
        labels,
        samples.at(-1),
      ]),
    ).toEqual([
      [{ ...one, __name__: 'cpu' }, [2 * minute, 1]],
      [{ ...other, __name__: 'cpu' }, [2 * minute, null]],
      [{ ...more, __name__: 'cpu' }, [2 * minute, 3]],
      [{ __name__: 'cpu' }, [2 * minute, 4]],
    ]);
  });

  it('labels are those given, with the name asked for, without empty ones', () => {
    const labels = { b: '2', __name__: 'other', empty: '', a: '1' };
    const run = runAt(after({ 1: { cpu: [[labels, 1]] } }), 2, { cpu: [[{ a: '1', b: '2' }, 1]] });
    expect(seriesIn(run.read(selectorOf('{__name__=~".+"}'), 0, Infinity))).toEqual([
      {
        labels: { a: '1', b: '2', __name__: 'cpu' },
        samples: [
          [minute, 1],
          [2 * minute, 1],
        ],
      },
    ]);
  });

  it('rules that ask for the same series get the same frame', () => {
    const run = runAt(memory, 3, { cpu: [[n1, 5]] });
    const [one, other] = ['cpu{server_id="n1"}', 'cpu{server_id!="n2"}'].map(
      (text) => run.read(selectorOf(text), 0, Infinity).frame,
    );
    const again = run.read(selectorOf('  cpu{server_id="n1"}'), 0, Infinity);
    expect(one).toBe(other);
    expect(again).toBe(run.read(selectorOf('cpu{server_id="n1"}'), 0, Infinity));
  });

  it('the memory that a run began with stays as it was', () => {
    const before = JSON.stringify(memory);
    const run = runAt(memory, 3, { cpu: [[{ server_id: 'n3' }, 1]] });
    run.memory();
    expect([JSON.stringify(memory), seen(runAt(memory, 3, {}), 'cpu{server_id="n3"}')]).toEqual([before, []]);
  });
});

describe('what no rule looks back to is forgotten:', () => {
  const steady: Readonly<Record<number, Given>> = Object.fromEntries(
    Array.from({ length: 9 }, (_each, i) => [i + 1, { cpu: [[n1, i]] } satisfies Given]),
  );

  it('samples as old as a window', () => {
    const kept = { cpu: window };
    expect(seen(runAt(after(steady, { kept }), 10, {}, { kept }), 'cpu')).toEqual([
      ['n1', [5, 4], [6, 5], [7, 6], [8, 7], [9, 8], [10, null]],
    ]);
  });

  it('all but the newest sample, where no rule asks for more', () => {
    const kept = { cpu: newest };
    expect(seen(runAt(after(steady, { kept }), 10, {}, { kept }), 'cpu')).toEqual([
      ['n1', [9, 8], [10, null]],
    ]);
  });

  it('the newest too, once it is as old as the look-back', () => {
    const setup = { kept: { cpu: newest }, recorded: ['cpu'] };
    const memory = after({ 1: { cpu: [[n1, 1]] } }, setup);
    const quiet = (until: number) =>
      Array.from({ length: until - 1 }, (_each, i) => i + 2).reduce<SampleMemory>(
        (kept, at) => runAt(kept, at, {}, setup).memory(),
        memory,
      );
    expect([quiet(5), quiet(6)].map(({ series, sets }) => [series.length, sets.length])).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it('the labels of series that ended', () => {
    const kept = { cpu: newest };
    const memory = after({ 1: { cpu: [[n1, 1], [n2, 2]] }, 2: { cpu: [[n1, 1]] } }, { kept }); // prettier-ignore
    expect(memory.sets).toEqual([{ count: 1, labels: [{ name: 'server_id', values: ['n1'], of: 'A' }] }]);
  });

  it('a name whose series all ended', () => {
    const kept = { cpu: newest };
    expect(after({ 1: { cpu: [[n1, 1]] }, 2: {} }, { kept })).toEqual(emptySamples);
  });

  it('a name that no rule reads', () => {
    const both = { cpu: window, mem: window };
    const memory = after({ 1: { cpu: [[n1, 1]], mem: [[n2, 2]] } }, { kept: both });
    const run = runAt(memory, 2, { cpu: [[n1, 1]], mem: [[n2, 2]] });
    expect([seen(run, 'mem'), JSON.stringify(run.memory()).includes('mem')]).toEqual([[], false]);
  });
});

describe('what recording rules give', () => {
  const setup = { kept: { cpu: window, sum: window }, recorded: ['sum'] };
  const memory = (() => {
    const run = runAt(emptySamples, 1, {}, setup);
    run.record('sum', samplesOf([[n1, 1], [n2, 2]])); // prettier-ignore
    return run.memory();
  })();

  it('is there for the rules after them, and for those before them as the run before left it', () => {
    const run = runAt(memory, 2, {}, setup);
    const before = seen(run, 'sum');
    run.record('sum', samplesOf([[n1, 3], [n2, 4]])); // prettier-ignore
    expect([before, seen(run, 'sum')]).toEqual([
      [
        ['n1', [1, 1]],
        ['n2', [1, 2]],
      ],
      [
        ['n1', [1, 1], [2, 3]],
        ['n2', [1, 2], [2, 4]],
      ],
    ]);
  });

  it('ends for the rules after them, where it is nothing any more', () => {
    const run = runAt(memory, 2, {}, setup);
    run.record('sum', samplesOf([[n1, 3]]));
    expect(seen(run, 'sum{server_id="n2"}')).toEqual([['n2', [1, 2], [2, null]]]);
  });

  it('stays as it was, where a rule failed', () => {
    expect(seen(runAt(runAt(memory, 2, {}, setup).memory(), 3, {}, setup), 'sum')).toEqual([
      ['n1', [1, 1]],
      ['n2', [1, 2]],
    ]);
  });

  it('ends only when each rule of that name has had its turn', () => {
    const run = runAt(memory, 2, {}, { ...setup, recorded: ['sum', 'sum'] });
    run.record('sum', samplesOf([[n1, 3]]));
    const between = seen(run, 'sum{server_id="n2"}');
    run.record('sum', []);
    expect([between, seen(run, 'sum')]).toEqual([
      [['n2', [1, 2]]],
      [
        ['n1', [1, 1], [2, 3]],
        ['n2', [1, 2], [2, null]],
      ],
    ]);
  });

  it('stands beside what is read under the same name', () => {
    const run = runAt(memory, 2, { sum: [[n2, 5]] }, setup);
    run.record('sum', samplesOf([[n1, 3]]));
    expect(seen(run, 'sum')).toEqual([
      ['n1', [1, 1], [2, 3]],
      ['n2', [1, 2], [2, 5]],
    ]);
  });

  it('is forgotten where no rule reads it', () => {
    const run = runAt(memory, 2, {}, { recorded: ['sum'] });
    run.record('sum', samplesOf([[n1, 3]]));
    expect([seen(run, 'sum'), run.memory()]).toEqual([[], emptySamples]);
  });
});

describe('a memory that is too large', () => {
  const kept = { cpu: window, mem: newest };
  const runs = { 1: { cpu: [[n1, 1.5]], mem: [[n2, 2]] }, 2: { cpu: [[n1, 2.5]], mem: [[n2, 2]] } } as const;
  const memory = after(runs, { kept });

  it('gives up the name that takes most, whole, with the labels that only it has', () => {
    const { memory: left, dropped } = dropLargest(memory);
    const run = runAt(left, 3, {}, { kept });
    expect([dropped, left.sets.length, seen(run, 'cpu'), seen(run, 'mem')]).toEqual([
      ['cpu'],
      1,
      [],
      [['n2', [2, 2], [3, null]]],
    ]);
  });

  it('counts all series of a name, whatever their labels', () => {
    const rows: Given[string] = [[n1, 1.5], [{ a: '1' }, 1.5]]; // prettier-ignore
    const both = after({ 1: { cpu: rows, mem: [[n1, 12.345]] } }, { kept });
    expect(dropLargest(both).dropped).toEqual(['cpu']);
  });

  it('has nothing left to give up at the end', () => {
    const { memory: left } = dropLargest(dropLargest(memory).memory);
    expect([left.series, left.sets, dropLargest(left).dropped]).toEqual([[], [], []]);
  });
});

describe('a memory that was stored', () => {
  const memory = after({ 1: { cpu: [[n1, 1], [n2, 2]] }, 2: { cpu: [[n1, 3], [n2, 4]] } }); // prettier-ignore
  const [sets] = memory.sets;
  const [series] = memory.series;
  const withSets = (change: object) => ({ ...memory, sets: [{ ...sets, ...change }] });
  const withSeries = (change: object) => ({ ...memory, series: [{ ...series, ...change }] });
  const labels = (change: object) => withSets({ labels: [{ ...sets?.labels[0], ...change }] });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'unexpected shape at "": Invalid input: expected object, received undefined'],
    ['a list', [], 'unexpected shape at "": Invalid input: expected object, received array'],
    ['another format', { ...memory, format: 2 }, 'unexpected shape at "format": Invalid input: expected 1'],
    ['no times', { ...memory, times: undefined }, 'unexpected shape at "times": Invalid input: expected array, received undefined'],
    ['a time that is none', { ...memory, times: ['1', '2'] }, 'unexpected shape at "times.0": Invalid input: expected number, received string'],
    ['times out of order', { ...memory, times: [2, 1] }, 'series cpu: rows are not in the order of time'],
    ['more label sets than there can be', withSets({ count: 1e9 }), 'unexpected shape at "sets.0.count": Too big: expected number to be <=1000000'],
    ['no label set', withSets({ count: 0 }), 'label server_id: more than 0 numbers'],
    ['too few label values', labels({ values: ['n1'] }), 'label server_id: 1 is not below 1'],
    ['label values that are no texts', labels({ values: [1, 2] }), 'unexpected shape at "sets.0.labels.0.values": expected texts'],
    ['cut off label sets', labels({ of: 'A' }), 'label server_id: 1 numbers, not 2'],
    ['broken label sets', labels({ of: 'A-' }), 'label server_id: no number at 1 of "A-"'],
    ['repeated without end', labels({ of: 'A*gggggggggggggB' }), 'label server_id: too long a number before 13 of "A*gggggggggggggB"'],
    ['repeated too often', labels({ of: 'A*//////B' }), 'label server_id: more than 2 numbers'],
    ['series of no label sets', withSeries({ sets: 1 }), 'series cpu: there are no label sets 1'],
    ['rows without a time', withSeries({ at: [0] }), 'series cpu: 2 rows at 1 times'],
    ['rows of unknown times', withSeries({ at: [0, 2] }), 'series cpu: rows are not in the order of time'],
    ['too few values', withSeries({ rows: ['A', 'CC'] }), 'series cpu: 1 values, not 2'],
    ['too many values', withSeries({ rows: ['.*C', 'CC'] }), 'series cpu: more than 2 values'],
    ['a value that is none', withSeries({ rows: ['(1)(x)', 'CC'] }), 'series cpu: "x" is no value'],
    ['a value without end', withSeries({ rows: ['(1)(2', 'CC'] }), 'series cpu: "2" is no value'],
    ['a sign that is none', withSeries({ rows: ['C?', 'CC'] }), 'series cpu: no number at 1 of "C?"'],
  ])('with %s is refused, and says where', (_what, stored, message) => {
    expect(() => readSamples(stored)).toThrow(new Error(`sample memory: ${message}`));
  }); // prettier-ignore

  it('as it was written is taken', () => {
    expect(readSamples(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
  });
});
