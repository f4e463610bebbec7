import { inline, plural } from '../../../lambdas/engine/format.ts';
import { table, type Row } from './layout.ts';
import type { Clock } from './clock.ts';
import type { Page, Style } from './styles.ts';

/** A CloudWatch alarm as it would stand; `since` in epoch ms. */
export type ShownAlarm = {
  readonly name: string;
  readonly state: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';
  readonly since: number;
};

const alarmStyles: Record<ShownAlarm['state'], Style> = {
  ALARM: ['bold', 'red'],
  INSUFFICIENT_DATA: 'dim',
  OK: 'green',
};

/** Rows of those in ALARM, as CloudWatch would have them from what this process saw, and one for all others of each state. */
export function alarmTable(
  alarms: readonly ShownAlarm[],
  timeOf: Clock,
  page: Page,
  isOneLine = false,
): readonly string[] {
  if (alarms.length === 0) return [];
  const of = (state: ShownAlarm['state']) => alarms.filter((alarm) => alarm.state === state);
  const row = (state: ShownAlarm['state'], since: string, text: string): Row => ({
    style: alarmStyles[state],
    cells: [state, since, text],
    isOneLine,
  });
  const [unknown, well] = [of('INSUFFICIENT_DATA'), of('OK')];
  const count = (n: number) => `${n} of ${plural(alarms.length, 'alarm')}`;
  return table(
    ['ALARM STATE', 'SINCE', 'ALARM'],
    [
      ...of('ALARM').map(({ name, since }) => row('ALARM', timeOf(since), name)),
      ...(unknown.length === 0
        ? []
        : [
            row(
              'INSUFFICIENT_DATA',
              '',
              `${count(unknown.length)}: ${inline(
                unknown.map(({ name }) => name),
                1,
              )}`,
            ),
          ]),
      ...(well.length === 0 ? [] : [row('OK', '', count(well.length))]),
    ],
    page,
  );
}
