import { expect, it } from 'vitest';
import { alarmLine } from '../../infra/alarms/alarm-spec.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/catalogue.ts';

const specs = alarmSpecs({ checks, ...loadSettings('infra/settings.yaml') });

it('the example settings deploy these alarms', () => {
  const shown = specs.map((spec) => alarmLine(spec).replaceAll('nats-cloudwatch-', '~'));
  expect(shown.join('\n')).toMatchInlineSnapshot();
});

it('no text of an alarm is cut: every diagnosis with a rule says why and what to do in 1,024 characters', () => {
  expect(specs.filter(({ description }) => description.includes(' ...\n')).map(({ name }) => name)).toEqual([]);
});
