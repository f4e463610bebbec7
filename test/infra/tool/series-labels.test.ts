import { describe, expect, it } from 'vitest';
import { NotationError } from '../../../infra/tool/test-file/notation.ts';
import { labelsOf } from '../../../infra/tool/test-file/series-labels.ts';
import type { Edition, Labels } from '../../../lambdas/promql/index.ts';
import { answers } from '../../promql/promtool.ts';
import { passed } from './verdicts.ts';

const editions = [2, 3] as const;

function read(text: string, edition: Edition, of: 'input' | 'sample' = 'input'): Labels | string {
  try {
    return labelsOf(text, edition, of);
  } catch (error) {
    if (error instanceof NotationError) return error.message;
    throw error;
  }
}

/** Taken, and refused, by both. */
const taken = [
  ...[
    'm',
    'm{}',
    ' m{a="b",}',
    '{a="b"}',
    '{__name__="x"}',
    'm{__name__="x"}',
    'm{a=""}',
    'm:r',
    '{__name__="a b"}',
  ],
  ...[
    `m{a='b', c=\`d\\n\`, e="\\x41\\u00e9\\\\"}`,
    'm{ a = "b" }',
    'm{a="}"}',
    'm{on="x",offset="y",inf="z"}',
  ],
  ...['sum{by="x"}', 'by', 'and', 'offset', 'start', 'stale', 'm{a="é"}'],
];
const refused = [
  ...[
    '',
    '{}',
    'm {a="b"}',
    'm{,}',
    'm{a="1",a="2"}',
    '{__name__="x",__name__="y"}',
    '{__name__=""}',
    'm{a=~"b"}',
  ],
  ...[
    'm{a!="b"}',
    'm[5m]',
    'm offset 5m',
    '1m',
    'm{1a="b"}',
    'm{a="b"}m',
    'm{a="b" c="d"}',
    'up{a="b"',
    'm{a=b}',
  ],
  ...[
    'm.x',
    'on',
    'bool',
    'Inf',
    'nan{a="b"}',
    'atan2',
    'group_left',
    'é',
    'm{a="b"} # c',
    'm{a="\\q"}',
    'm{a:b="x"}',
  ],
];
const quoted = ['m{"a.b"="c"}', '{"a.b", c="d"}', 'm{"x"}'];

describe('the name and labels of a series', () => {
  it.each([
    ['up{server_id="hub1", job="nats"}', { __name__: 'up', server_id: 'hub1', job: 'nats' }],
    ['m{a="",b="x"}', { __name__: 'm', b: 'x' }],
    ['{__name__="x"}', { __name__: 'x' }],
    ['m{__name__="x"}', { __name__: 'm' }],
    ['m{a="\\"\\n"}', { __name__: 'm', a: '"\n' }],
  ])('%s', (text, labels) => {
    expect(read(text, 2)).toEqual(labels);
  });

  it('are quoted texts too, since Prometheus 3', () => {
    expect(editions.map((edition) => read('{"a.b", "c d"="e"}', edition))).toEqual([
      '{"a.b", "c d"="e"}: expected a label or } where "a.b", "c d"="e"} stands',
      { __name__: 'a.b', 'c d': 'e' },
    ]);
  });

  it.each([
    ['up{a=b}', 'up{a=b}: expected a quoted text where b} stands'],
    ['up{a="b"', 'up{a="b": expected , or } at its end'],
    ['up{a="1", a="2"}', 'up{a="1", a="2"}: a label stands twice'],
    ['on', "on: on is a word of PromQL and no metric's name"],
    ['up {a="b"}', 'up {a="b"}: expected { right behind the name, or nothing more where  {a="b"} stands'],
  ])('%s is refused with the place of what is wrong', (text, message) => {
    expect(read(text, 2)).toBe(message);
  });

  it('of an expected sample may have blanks and a comment', () => {
    expect(read('m {a="b"} # as seen', 2, 'sample')).toEqual({ __name__: 'm', a: 'b' });
  });
});

describe.each(editions)('promtool %i', (edition) => {
  it('refuses the same', async () => {
    const texts = [...taken, ...refused, ...quoted];
    const suites = texts.map((series) => {
      const input = [{ series, values: '1' }];
      const question = { expr: 'vector(1)', eval_time: '0m', exp_samples: [{ labels: '{}', value: 1 }] };
      return JSON.stringify({
        tests: [{ interval: '1m', input_series: input, promql_expr_test: [question] }],
      });
    });
    const isTaken = await passed(edition, suites);
    expect(texts.filter((_, index) => isTaken[index])).toEqual([...taken, ...(edition === 3 ? quoted : [])]);
    // A series without any label is refused where the file is read.
    expect(refused.filter((text) => typeof read(text, edition) !== 'string')).toEqual([
      '',
      '{}',
      '{__name__=""}',
    ]);
  });

  it('reads the same', async () => {
    const texts = [...taken, ...(edition === 3 ? quoted : [])];
    const scenes = texts.map((series) => ({
      stepSeconds: 60,
      series: [{ series, values: '1' }],
      questions: [
        { text: 'last_over_time({a=~".*"}[1m])', atMs: 0 },
        { text: '{__name__=~".+"} or {a="b"}', atMs: 0 },
      ],
    }));
    const found = (await answers(edition, scenes)).map(([, answer]) =>
      answer !== undefined && 'samples' in answer ? answer.samples.map(({ labels }) => labels) : answer,
    );
    expect(found).toEqual(texts.map((text) => [read(text, edition)]));
  });
});
