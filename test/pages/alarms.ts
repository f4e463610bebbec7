import path from 'node:path';
import { alarmSpecs, compositeSpecs } from '../../infra/alarms/alarm-specs.ts';
import { alarmLine } from '../../infra/cloudwatch/alarm-spec.ts';
import { compositeLine } from '../../infra/cloudwatch/composite-alarm.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';

const exampleSettings = path.resolve(import.meta.dirname, '../../infra/settings.yaml');

/** The alarms of the example settings, a line each. */
export function alarmsPart(): string {
  const input = { checks, ...loadSettings(exampleSettings, checks) };
  return [
    '```text',
    ...alarmSpecs(input).map(alarmLine),
    ...compositeSpecs(input).map(compositeLine),
    '```',
  ].join('\n');
}
