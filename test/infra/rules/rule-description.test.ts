import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleDescription } from '../../../infra/cloudwatch/rule-description.ts';

const facts = 'NatsSlow, server hub1 of cluster prod: gnatsd_varz_slow_consumers > 0 for 3 min.';
const anchor = 'lambdas/checks/README.md#rule-series';
const described = (annotations: Readonly<Record<string, string>>) =>
  ruleDescription({ facts, annotations, anchor }).text.split('\n');

describe("the description of a rule's alarm", () => {
  it('has the facts, what annotations say is wrong, the runbook, other annotations, the manual', () => {
    const annotations = {
      dashboard: 'https://grafana.example/d/1',
      runbook_url: 'https://wiki.example/slow',
      title: 'Slow',
      description: 'Clients do\n  not keep up.',
      summary: 'Slow consumers',
      empty: ' ',
    };
    expect(described(annotations)).toEqual([
      facts,
      'Slow consumers',
      'Clients do not keep up.',
      'Slow',
      'dashboard: https://grafana.example/d/1',
      'Runbook: https://wiki.example/slow',
      'Manual: lambdas/checks/README.md#rule-series',
    ]);
  });

  it('keeps the runbook and the manual, and cuts what is said at a word, where it is too long', () => {
    const words = Array(400).fill('word').join(' ');
    const lines = described({ summary: 'Short.', description: words, runbook_url: 'https://wiki.example/x' });
    expect(lines.join('\n').length).toBeLessThanOrEqual(1_024);
    expect(lines.join('\n').length).toBeGreaterThan(1_010);
    expect([lines[1], lines[2]?.slice(-8), ...lines.slice(3)]).toEqual([
      'Short.',
      'word ...',
      'Runbook: https://wiki.example/x',
      'Manual: lambdas/checks/README.md#rule-series',
    ]);
  });

  it('leaves out another annotation that does not fit as a whole', () => {
    expect(described({ summary: 'x', query: 'q'.repeat(1_000) })).toEqual([
      facts,
      'x',
      'Manual: lambdas/checks/README.md#rule-series',
    ]);
  });

  it('keeps a runbook of 850 characters whole, facts and manual giving way, and none of 851', () => {
    const address = (length: number) => `https://wiki.example/${'x'.repeat(length - 21)}`;
    const { text: long } = ruleDescription({
      facts: Array(100).fill('fact').join(' '),
      annotations: { runbook_url: address(850) },
      anchor: `${'r'.repeat(200)}#rule-series`,
    });
    expect(long.length).toBeLessThanOrEqual(1_024);
    expect(long.split('\n').slice(1)).toEqual([`Runbook: ${address(850)}`]);
    expect(described({ runbook_url: address(851) })).toEqual([
      facts,
      'Manual: lambdas/checks/README.md#rule-series',
    ]);
  });

  it('fits CloudWatch and begins with the facts, whatever annotations hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 1_500 });
    fc.assert(
      fc.property(
        text,
        fc.dictionary(fc.string({ maxLength: 200 }), text, { maxKeys: 8 }),
        (first, annotations) => {
          const { text: made } = ruleDescription({ facts: `x ${first}`, annotations, anchor });
          expect(made.length).toBeLessThanOrEqual(1_024);
          expect(made.startsWith('x')).toBe(true);
        },
      ),
    );
  });
});
