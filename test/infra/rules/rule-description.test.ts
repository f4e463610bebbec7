import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleDescription } from '../../../infra/cloudwatch/rule-description.ts';

const given = {
  headline: 'NATS server hub1 (hub1:8222): slow for 3 minutes.',
  said: null,
  steps: 'Look at the graph.',
  finding: 'Finding: A of check rule-series.',
  facts: 'Rule A: gnatsd_varz_slow_consumers > 0, for 3 min.',
  link: 'https://nats.example/#rules',
} as const;
const described = (
  annotations: Readonly<Record<string, string>>,
  changes: Partial<Parameters<typeof ruleDescription>[0]> = {},
) => ruleDescription({ ...given, annotations, ...changes }).text.split('\n');

describe("the description of a rule's alarm", () => {
  it('has what is wrong, what annotations say of it and advise, the finding, the expression, others, the runbook', () => {
    const annotations = {
      dashboard: 'https://grafana.example/d/1',
      runbook_url: 'https://wiki.example/slow',
      action: 'Find the client.',
      description: 'Clients do\n  not keep up.',
      summary: 'slow',
      empty: ' ',
    };
    expect(described(annotations, { said: 'summary' })).toEqual([
      given.headline,
      'Clients do not keep up.',
      'First: Find the client.',
      given.finding,
      given.facts,
      'dashboard: https://grafana.example/d/1',
      'Runbook: https://wiki.example/slow',
    ]);
  });

  it('says what to do first, and links to what opens, where annotations do not', () => {
    expect([described({}), described({ runbook_url: 'wiki/slow' }).slice(-2)]).toEqual([
      [given.headline, 'First: Look at the graph.', given.finding, given.facts, `Read on: ${given.link}`],
      ['Runbook, a path and no address: wiki/slow', `Read on: ${given.link}`],
    ]);
  });

  it('cuts what is said at a word, and leaves out the expression and others, where it is too long', () => {
    const words = Array(400).fill('word').join(' ');
    const { text, cut } = ruleDescription({
      ...given,
      annotations: { description: words, query: 'q', runbook_url: 'https://wiki.example/x' },
    });
    const lines = text.split('\n');
    expect(text.length).toBeLessThanOrEqual(1_024);
    expect(text.length).toBeGreaterThan(1_010);
    expect([lines[0], lines[1]?.slice(-8), ...lines.slice(2)]).toEqual([
      given.headline,
      'word ...',
      'First: Look at the graph.',
      given.finding,
      'Runbook: https://wiki.example/x',
    ]);
    expect(cut).toEqual(['description', 'expr', 'query']);
  });

  it('keeps a runbook of 700 characters whole, and none of 701', () => {
    const address = (length: number) => `https://wiki.example/${'x'.repeat(length - 21)}`;
    const long = described(
      { runbook_url: address(700) },
      { headline: Array(100).fill('head').join(' '), steps: Array(100).fill('step').join(' ') },
    );
    expect(long.join('\n').length).toBeLessThanOrEqual(1_024);
    expect(long.at(-1)).toBe(`Runbook: ${address(700)}`);
    expect(described({ runbook_url: address(701) }).at(-1)).toBe(`Read on: ${given.link}`);
  });

  it('fits CloudWatch and begins with what is wrong, whatever annotations hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 1_500 });
    fc.assert(
      fc.property(
        text,
        fc.dictionary(fc.string({ maxLength: 200 }), text, { maxKeys: 8 }),
        (first, annotations) => {
          const [line = '', ...rest] = described(annotations, { headline: `x ${first}` });
          expect([line, ...rest].join('\n').length).toBeLessThanOrEqual(1_024);
          expect(line.startsWith('x')).toBe(true);
        },
      ),
    );
  });
});
