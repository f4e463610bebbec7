import { describe, expect, it } from 'vitest';
import { severityOf } from '../../../infra/rules/severity.ts';

describe('the label severity chooses the topic', () => {
  it.each(['critical', 'page', 'P1', 'high', 'CRITICAL', 'fatal'])('%s is for critical', (word) => {
    expect(severityOf(word, {})).toEqual({ severity: 'critical', warnings: [] });
  });

  it.each(['warning', 'info', 'ticket', 'P2', 'low', 'Warn'])('%s is for warning', (word) => {
    expect(severityOf(word, {})).toEqual({ severity: 'warning', warnings: [] });
  });

  it('as settings say, whatever the known words are', () => {
    const words = { Info: 'critical', brenzlig: 'critical' } as const;
    expect([severityOf('info', words).severity, severityOf('BRENZLIG', words).severity]).toEqual([
      'critical',
      'critical',
    ]);
  });

  it.each([
    [undefined, 'no label severity: its alarms go to the topic warning'],
    ['', 'no label severity: its alarms go to the topic warning'],
    [
      'meh',
      'severity "meh" is no word that is known: its alarms go to the topic warning; map it in alarms.severities',
    ],
    [
      '{{ if gt $value 9 }}critical{{ end }}',
      'severity "{{ if gt $value 9 }}critical{{ end }}" is a template, and an alarm has one topic: it goes to warning',
    ],
  ])('%s: warning, and that is told', (label, message) => {
    expect(severityOf(label, {})).toEqual({
      severity: 'warning',
      warnings: [{ code: 'severity', message }],
    });
  });
});
