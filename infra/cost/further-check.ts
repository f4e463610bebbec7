import type { Check } from '../../lambdas/define.ts';
import { minutes } from '../../lambdas/durations.ts';
import type { AlarmInput } from '../alarms/alarm-input.ts';
import { alarmSpecs } from '../alarms/alarm-specs.ts';
import { monthlyCost } from './cost.ts';

/** What one check more would cost a month, each minute, in a group that there is and without a series that is published. */
export function furtherCheck(input: AlarmInput, monthly: number): number {
  const [like] = input.checks;
  if (like === undefined) return 0;
  const further: Check = { ...like, id: 'one-more', every: minutes(1), evaluates: 'diagnoses', series: [] };
  const more = { ...input, checks: [...input.checks, further] };
  return monthlyCost(more, alarmSpecs(more)).list - monthly;
}
