import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleIds } from '../../../infra/rules/translate/ids.ts';

const critical = (alert: string) => ({ alert, severity: 'critical' }) as const;
const warning = (alert: string) => ({ alert, severity: 'warning' }) as const;

describe("a rule's id", () => {
  it('is the name of its alert', () => {
    expect(ruleIds([critical('NatsDown'), warning('NatsSlow')], [])).toEqual(['NatsDown', 'NatsSlow']);
  });

  it('has the severity, and where that is not enough a number, if several rules have one name', () => {
    const rules = [warning('Nats'), critical('Nats'), critical('Nats'), critical('Nats'), warning('Other')];
    expect(ruleIds(rules, [])).toEqual([
      'Nats-warning',
      'Nats-critical',
      'Nats-critical-2',
      'Nats-critical-3',
      'Other',
    ]);
  });

  it('is never what another rule is called, or what is reserved', () => {
    const rules = [warning('Nats'), critical('Nats'), warning('Nats-warning'), critical('server-up')];
    expect(ruleIds(rules, ['server-up', 'server-up-critical'])).toEqual([
      'Nats-warning-2',
      'Nats-critical',
      'Nats-warning',
      'server-up-critical-2',
    ]);
  });

  it('keeps names apart that look the same in ASCII, by a piece of their hash', () => {
    expect(ruleIds([warning('NATS läuft voll'), warning('NATS lауft voll'), warning('a/b')], [])).toEqual([
      expect.stringMatching(/^NATS l-uft voll-[0-9a-f]{6}$/),
      expect.stringMatching(/^NATS l--ft voll-[0-9a-f]{6}$/),
      expect.stringMatching(/^a-b-[0-9a-f]{6}$/),
    ]);
  });

  it('of a name of 86 characters is that name, of one more is cut and has a piece of its hash', () => {
    const [fitting = '', cut = ''] = ruleIds([warning('n'.repeat(86)), warning('m'.repeat(87))], []);
    expect([fitting, cut]).toEqual(['n'.repeat(86), expect.stringMatching(/^m{79}-[0-9a-f]{6}$/)]);
  });

  it('is one of its own, and fit for a dimension and a name, whatever rules are called', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
      fc.constantFrom('a', 'a-warning', 'a-critical', 'a-warning-2', 'A', ' a', '{{ $x }}', '${Token[A.1]}'),
    );
    const rule = fc.record({ alert: hostile, severity: fc.constantFrom('critical', 'warning') });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), (rules) => {
        const ids = ruleIds(rules, ['a-critical']);
        expect(new Set(ids).size).toBe(rules.length);
        expect(ids.filter((id) => !/^[A-Za-z0-9 _.=+@()-]{1,100}$/.test(id) || id.trim() !== id)).toEqual([]);
      }),
    );
  });
});
