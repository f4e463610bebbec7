import { expect, it } from 'vitest';
import { evaluate, parse, readerOf } from '../../lambdas/promql/index.ts';
import { firing } from '../rules/firing.ts';

const matchers = ['a="x"', 'a="y"', 'a=""', 'a!="q"', 'a!=""', 'a=~"x"', 'a=~".*"', 'a!~"y"', 'a!~".*"'];
const texts = matchers.flatMap((one) =>
  matchers.flatMap((other) => [
    `absent(m{b="1",${one},${other}})`,
    `absent_over_time(m{${one},${other},a!~"z",b="1"}[1m])`,
  ]),
);

it.each([2, 3] as const)(
  'in rules of Prometheus %s, what is absent has the labels that one matcher alone asks for by equality',
  async (edition) => {
    const rules = texts.map((expr, index) => ({ alert: `Rule${index}`, expr }));
    const [theirs] = await firing(edition, [
      { groups: [rules], series: [{ series: 'k', values: '0' }], minutes: 0 },
    ]);
    if (theirs === undefined || 'failed' in theirs) throw new Error('promtool could not evaluate the rules');
    const [reported] = theirs.minutes;
    const expected = texts.map((_text, index) => {
      const fires = reported?.fires.find(({ alertname }) => alertname === `Rule${index}`);
      return Object.entries(fires ?? {}).filter(([label]) => label === 'a' || label === 'b');
    });
    const ours = texts.map((text) => {
      const { ast } = parse(text, edition);
      if (ast === undefined) throw new Error(`${text} does not parse`);
      const value = evaluate(ast, { at: 0, read: readerOf([]), edition });
      const [sample] = value.type === 'vector' ? value.samples : [];
      return Object.entries(sample?.labels ?? {}).sort();
    });
    expect(texts.map((text, index) => [text, ours[index]])).toEqual(
      texts.map((text, index) => [text, expected[index]?.sort()]),
    );
    expect(new Set(ours.map((labels) => JSON.stringify(labels))).size).toBeGreaterThan(2);
  },
);
