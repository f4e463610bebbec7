import fc from 'fast-check';

export const metrics = ['m', 'n', 'total'];
export const pick = (...words: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...words);

const matcher = pick(
  'a="x"',
  'a!="x"',
  'a=~"x|y"',
  'a!~"y"',
  'b="1"',
  'b=""',
  'b!=""',
  'a=~".*"',
  'c="none"',
);
/** Matchers are sorted as Prometheus prints those of rules: `absent` sees their order where two are of one label. */
const selector = fc
  .tuple(pick(...metrics), fc.array(matcher, { maxLength: 2 }))
  .map(([name, matchers]) => (matchers.length === 0 ? name : `${name}{${matchers.toSorted().join(',')}}`));
const severalNames = pick('{__name__=~"m|n"}', '{__name__=~"m|total",a="x"}', '{a="x"}');
const offset = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: pick(
      ' offset 1m',
      ' offset 3m',
      ' offset -2m',
      ' @ 240',
      ' @ end()',
      ' offset 90s @ 300',
      ' @ start() offset 1m',
    ),
  },
);
const duration = pick('1m', '2m', '3m', '5m', '90s', '10m', '30s');
const labels = pick('a', 'b', 'a, b', '', '__name__', 'c');
const constant = pick('0', '1', '2', '5', '-1', '0.5', '10', 'NaN', 'Inf', '1e3', '1e9', '(2 + 3)', '-2 ^ 2');

const simpleFunctions =
  'abs ceil exp floor ln log2 log10 sgn sqrt sort sort_desc timestamp absent sin atan deg';
const calendarFunctions = 'minute hour day_of_week day_of_year days_in_month month year day_of_month';
const windowFunctions =
  'rate increase delta irate idelta deriv changes resets avg_over_time count_over_time last_over_time max_over_time min_over_time present_over_time stddev_over_time stdvar_over_time sum_over_time absent_over_time';

/** Well-typed expressions over the series of `arbitrary-scene.ts`, smallest first. */
export const { vector, scalar, range } = fc.letrec<{ vector: string; scalar: string; range: string }>(
  (tie) => {
    const vectorOf = tie('vector');
    const number = tie('scalar');
    const grouped = fc
      .tuple(pick('', ' by', ' without'), labels)
      .map(([word, list]) => (word === '' ? '' : `${word} (${list})`));
    const matching = fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      {
        weight: 2,
        arbitrary: fc.tuple(pick('on', 'ignoring'), labels).map(([word, list]) => `${word} (${list})`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            pick('on (a)', 'ignoring (b)', 'on (b)', 'on ()'),
            pick('group_left', 'group_right'),
            pick(' ()', ' (c)', ' (__name__)'),
          )
          .map((parts) => `${parts[0]} ${parts[1]}${parts[2]}`),
      },
    );
    const setMatching = fc.oneof(
      fc.constant(''),
      fc.tuple(pick('on', 'ignoring'), labels).map(([word, list]) => `${word} (${list})`),
    );
    // What binds how tightly shows only without parentheses; comments and line breaks stand anywhere.
    const space = fc.oneof(
      { weight: 6, arbitrary: fc.constant(' ') },
      { weight: 1, arbitrary: pick('\n', '\t', ' # why\n', '#(\r\n') },
    );
    const link = fc.oneof(
      selector,
      fc
        .tuple(pick('-', '+', '- -', '2 ^ ', '-2 ^ ', '3 * ', '1 - '), selector)
        .map((parts) => parts.join('')),
      fc
        .tuple(
          selector,
          pick(' offset 1m', ' ^ 2', ' ^ -1 ^ 2', ' % 4', ' @ 120 offset 1m', '[3m:1m] offset 1m'),
        )
        .map(([name, rest]) => (rest.startsWith('[') ? `last_over_time(${name}${rest})` : name + rest)),
      fc
        .tuple(pick('sum', 'avg'), selector, pick(' by (a)', ' without (b)', ''))
        .map(([name, of, by]) => `${name}(${of})${by}`),
    );
    const flat = fc
      .tuple(
        link,
        fc.array(
          fc.tuple(
            space,
            pick(
              '+',
              '-',
              '*',
              '/',
              '%',
              '^',
              '==',
              '!=',
              '>',
              '<',
              '>=',
              '<=',
              '< bool',
              'and',
              'or',
              'unless',
              'AND',
              'Or',
              'atan2',
            ),
            space,
            setMatching,
            space,
            link,
          ),
          { minLength: 1, maxLength: 4 },
        ),
      )
      .map(([first, rest]) => {
        let text = first;
        for (const [before, operator, between, by, after, next] of rest) {
          const matches = !/[0-9]$/.test(text) && !/^[-+0-9]/.test(next);
          text += `${before}${operator}${between}${matches ? by : ''}${after}${next}`;
        }
        return `(${text})`;
      });
    // Values that no rounding touches, for where they become text.
    const plain = fc.oneof(
      selector,
      fc
        .tuple(pick('max', 'count', 'last'), selector, duration)
        .map(([name, of, length]) => `${name}_over_time(${of}[${length}])`),
    );
    return {
      vector: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'promql', withCrossShrink: true },
        { weight: 6, arbitrary: fc.tuple(selector, offset).map(([name, moved]) => name + moved) },
        { weight: 1, arbitrary: severalNames },
        { weight: 5, arbitrary: flat },
        {
          weight: 8,
          arbitrary: fc
            .tuple(pick(...windowFunctions.split(' ')), tie('range'))
            .map(([name, over]) => `${name}(${over})`),
        },
        {
          weight: 3,
          arbitrary: fc
            .tuple(pick(...simpleFunctions.split(' ')), vectorOf)
            .map(([name, of]) => `${name}(${of})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(pick('0.5', '0', '1', '-1', '2', 'NaN', '0.9'), tie('range'))
            .map(([q, over]) => `quantile_over_time(${q}, ${over})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(tie('range'), pick('60', '-30', '3600'))
            .map(([over, ahead]) => `predict_linear(${over}, ${ahead})`),
        },
        {
          weight: 5,
          arbitrary: fc
            .tuple(pick('sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'), grouped, vectorOf)
            .map(([name, by, of]) => `${name}${by} (${of})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(pick('topk', 'bottomk'), grouped, pick('1', '2', '3', '0', '-1', '1.9'), vectorOf)
            .map(([name, by, k, of]) => `sum(${name}${by} (${k}, ${of}))`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(grouped, pick('0.5', '0.25', '1', '0', '-1', '2'), vectorOf)
            .map(([by, q, of]) => `quantile${by} (${q}, ${of})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(grouped, pick('v', 'a'), plain)
            .map(([by, label, of]) => `count_values${by} ("${label}", ${of})`),
        },
        {
          weight: 6,
          arbitrary: fc
            .tuple(
              vectorOf,
              pick(
                '+',
                '-',
                '*',
                '/',
                '%',
                '^',
                '==',
                '!=',
                '>',
                '<',
                '>=',
                '<=',
                '> bool',
                '== bool',
                '<= bool',
                'atan2',
              ),
              matching,
              vectorOf,
            )
            .map(([left, operator, by, right]) => `(${left} ${operator} ${by} ${right})`),
        },
        {
          weight: 6,
          arbitrary: fc
            .tuple(
              vectorOf,
              pick('+', '-', '*', '/', '%', '^', '==', '!=', '>', '<', '>=', '<=', '> bool', '!= bool'),
              number,
            )
            .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
        },
        {
          weight: 2,
          arbitrary: fc
            .tuple(number, pick('+', '-', '*', '/', '^', '==', '>', '<', '<= bool'), vectorOf)
            .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
        },
        {
          weight: 4,
          arbitrary: fc
            .tuple(vectorOf, pick('and', 'or', 'unless'), setMatching, vectorOf)
            .map(([left, operator, by, right]) => `(${left} ${operator} ${by} ${right})`),
        },
        // Times beyond Go's 64 bits are whatever the processor makes of them.
        {
          weight: 1,
          arbitrary: fc
            .tuple(pick(...calendarFunctions.split(' ')), vectorOf, pick('1', '86400', '1e4'))
            .map(([name, of, by]) => `${name}(${of} * ${by} > -1e12 < 1e12)`),
        },
        { weight: 1, arbitrary: vectorOf.map((of) => `-(${of})`) },
        { weight: 1, arbitrary: vectorOf.map((of) => `round(${of})`) },
        {
          weight: 1,
          arbitrary: fc.tuple(vectorOf, pick('5', '0.1', '-3')).map(([of, to]) => `round(${of}, ${to})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(pick('clamp_min', 'clamp_max'), vectorOf, number)
            .map(([name, of, limit]) => `${name}(${of}, ${limit})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(vectorOf, number, number)
            .map(([of, low, high]) => `clamp(${of}, ${low}, ${high})`),
        },
        { weight: 1, arbitrary: number.map((of) => `vector(${of})`) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(
              vectorOf,
              pick(
                '"c", "$1-$2", "a", "(.)(.*)"',
                '"a", "", "a", ".*"',
                '"b", "${n}$$x$1y", "a", "(?P<n>x|y)"',
                '"c", "z", "b", "2|"',
                '"__name__", "new_$1", "a", "(.+)"',
              ),
            )
            .map(([of, rest]) => `label_replace(${of}, ${rest})`),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(vectorOf, pick('"c", "/", "a", "b"', '"a", ""', '"c", "-", "nowhere", "a"'))
            .map(([of, rest]) => `label_join(${of}, ${rest})`),
        },
        {
          weight: 1,
          arbitrary: pick(
            'absent(m{a="x",b="9"})',
            'absent_over_time(n{a="none",b!="q"}[3m])',
            'absent((gone{a="x"}))',
            'absent(gone{a="x",a="y",c="z"})',
            'absent(sum(gone))',
            'absent_over_time(gone{a="x"}[5m:1m])',
            'hour()',
            '(minute() > 3)',
          ),
        },
      ),
      scalar: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'promql', withCrossShrink: true },
        { weight: 6, arbitrary: constant },
        { weight: 1, arbitrary: pick('time()', 'pi()', 'time() / 60') },
        { weight: 1, arbitrary: vectorOf.map((of) => `scalar(${of})`) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(number, pick('+', '-', '*', '/', '%', '^', '== bool', '> bool', '!= bool'), number)
            .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
        },
      ),
      range: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'promql', withCrossShrink: true },
        {
          weight: 8,
          arbitrary: fc
            .tuple(selector, duration, offset)
            .map(([name, length, moved]) => `${name}[${length}]${moved}`),
        },
        {
          weight: 1,
          arbitrary: fc.tuple(severalNames, duration).map(([name, length]) => `${name}[${length}]`),
        },
        {
          weight: 2,
          arbitrary: fc
            .tuple(vectorOf, duration, pick('', '30s', '1m', '2m', '45s'), offset)
            .map(([of, length, step, moved]) => `(${of})[${length}:${step}]${moved}`),
        },
      ),
    };
  },
);

/** A function of a window and nothing around it, where its value shows best. */
export const windowed: fc.Arbitrary<string> = fc
  .tuple(pick(...windowFunctions.split(' ')), selector, duration, offset)
  .map(([name, of, length, moved]) => `${name}(${of}[${length}]${moved})`);
