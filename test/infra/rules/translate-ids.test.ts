import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleNames } from '../../../infra/rules/translate/ids.ts';

const critical = (alert: string, apart = '') => ({ alert, severity: 'critical', apart }) as const;
const warning = (alert: string, apart = '') => ({ alert, severity: 'warning', apart }) as const;
type Alerts = Parameters<typeof ruleNames>[0];
const ids = (alerts: Alerts, reserved: readonly string[] = []) =>
  ruleNames(alerts, reserved).map(({ id }) => id);
const alarms = (alerts: Alerts, reserved: readonly string[] = []) =>
  ruleNames(alerts, reserved).map(({ alarm }, i) => `${alarm}/${alerts[i]?.severity ?? ''}`);

describe("a rule's id", () => {
  it('is the name of its alert', () => {
    expect(ids([critical('NatsDown'), warning('NatsSlow')])).toEqual(['NatsDown', 'NatsSlow']);
  });

  it('has the severity, and where that is not enough a number, from the second rule of a name on', () => {
    const rules = [warning('Nats'), critical('Nats'), critical('Nats'), critical('Nats'), warning('Other')];
    expect(ids(rules)).toEqual(['Nats', 'Nats-critical', 'Nats-critical-2', 'Nats-critical-3', 'Other']);
  });

  it('is never what another rule is called, or what is reserved', () => {
    const rules = [critical('Nats'), warning('Nats'), warning('Nats-warning'), critical('server-up')];
    expect(ids(rules, ['server-up', 'server-up-critical'])).toEqual([
      'Nats',
      'Nats-warning-2',
      'Nats-warning',
      'server-up-critical-2',
    ]);
  });

  it('keeps names apart that look the same in ASCII, by a piece of their hash', () => {
    expect(ids([warning('NATS läuft voll'), warning('NATS lауft voll'), warning('a/b')])).toEqual([
      expect.stringMatching(/^NATS l-uft voll-[0-9a-f]{6}$/),
      expect.stringMatching(/^NATS l--ft voll-[0-9a-f]{6}$/),
      expect.stringMatching(/^a-b-[0-9a-f]{6}$/),
    ]);
  });

  it('of a name of 86 characters is that name, of one more is cut and has a piece of its hash', () => {
    const [fitting = '', cut = ''] = ids([warning('n'.repeat(86)), warning('m'.repeat(87))]);
    expect([fitting, cut]).toEqual(['n'.repeat(86), expect.stringMatching(/^m{79}-[0-9a-f]{6}$/)]);
  });
});

describe('the name of its alarms', () => {
  it('is that of the alert at every severity, whichever rule of them comes first', () => {
    expect(alarms([warning('Nats')])).toEqual(['Nats/warning']);
    expect(alarms([critical('Nats'), warning('Nats')])).toEqual(['Nats/critical', 'Nats/warning']);
  });

  it('has a piece of a hash for the second rule of one name and severity, which a third one leaves as it is', () => {
    const two = [warning('Nats', 'a'), warning('Nats', 'b')];
    const [first, second] = alarms(two);
    expect([first, second]).toEqual(['Nats/warning', expect.stringMatching(/^Nats-[0-9a-f]{6}\/warning$/)]);
    expect(alarms([...two, warning('Nats', 'c')]).slice(0, 2)).toEqual([first, second]);
    expect(alarms([warning('Nats', 'a'), warning('Nats', 'c'), warning('Nats', 'b')])[2]).toBe(second);
  });

  it('is none that is reserved', () => {
    expect(alarms([warning('servers')], ['servers'])).toEqual(['servers-warning/warning']);
  });

  it('stays when rules are added behind', () => {
    const rule = fc.record({
      alert: fc.constantFrom('a', 'a-warning', 'b', 'servers'),
      severity: fc.constantFrom('critical', 'warning'),
      apart: fc.string({ maxLength: 2 }),
    });
    const some = fc.array(rule, { maxLength: 6 });
    fc.assert(
      fc.property(some, some, (before, added) => {
        const reserved = ['servers'];
        expect(alarms([...before, ...added], reserved).slice(0, before.length)).toEqual(
          alarms(before, reserved),
        );
      }),
    );
  });
});

it('names are of their own, and fit for a dimension and a name, whatever rules are called', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
    fc.constantFrom('a', 'a-warning', 'a-critical', 'a-warning-2', 'A', ' a', '{{ $x }}', '${Token[A.1]}'),
  );
  const rule = fc.record({
    alert: hostile,
    severity: fc.constantFrom('critical', 'warning'),
    apart: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), (rules) => {
      const made = ids(rules, ['a-critical']);
      expect(new Set(made).size).toBe(rules.length);
      expect(new Set(alarms(rules, ['a-critical'])).size).toBe(rules.length);
      expect(made.filter((id) => !/^[A-Za-z0-9 _.=+@()-]{1,100}$/.test(id) || id.trim() !== id)).toEqual([]);
    }),
  );
});
