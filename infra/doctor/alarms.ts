import { DescribeAlarmsCommand, type CompositeAlarm, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { inline, plural } from '../../lambdas/engine/format.ts';
import { alarmSpecs, compositeSpecs } from '../alarms/alarm-specs.ts';
import { placeOf } from '../cloudwatch/alarm-spec.ts';
import { allOf } from '../deployed/pages.ts';
import { mostNamed, type Complaint, type Examination } from './examination.ts';

type Alarm = Pick<MetricAlarm & CompositeAlarm, 'AlarmName' | 'StateValue' | 'ActionsEnabled'>;

/** Whether each alarm is there, can act and has data; and which is in ALARM. */
export const alarms: Examination = {
  name: 'alarms',
  async look({ loaded, checks, account }) {
    const input = { checks, ...loaded };
    const [specs, composites] = [alarmSpecs(input), compositeSpecs(input)];
    const wanted = new Set([...specs, ...composites].map(({ name }) => name));
    const prefixes = [...new Set([...specs, ...composites].map((spec) => `nats/${placeOf(spec)}/`))];
    const found = (await Promise.all(prefixes.map((prefix) => described(account.cloudWatch, prefix)))).flat();
    const names = (some: readonly Alarm[]) => some.map(({ AlarmName = '' }) => AlarmName);
    const there = new Set(names(found));
    const own = found.filter(({ AlarmName = '' }) => wanted.has(AlarmName));
    const missing = [...wanted].filter((name) => !there.has(name));
    const strange = names(found).filter((name) => !wanted.has(name));
    const silenced = names(own.filter(({ ActionsEnabled }) => ActionsEnabled === false));
    const blind = names(own.filter(({ StateValue }) => StateValue === 'INSUFFICIENT_DATA'));
    const firing = names(own.filter(({ StateValue }) => StateValue === 'ALARM'));
    return {
      seen: `${plural(own.length, 'alarm')}, ${firing.length === 0 ? 'none in ALARM' : `${firing.length} in ALARM: ${inline(firing, mostNamed)}`}`,
      complaints: [
        ...about(missing, 'missing', 'deploy these settings: npx cdk deploy --all'),
        ...about(
          silenced,
          'with actions off',
          'turn their actions on: nobody is told (cloudwatch enable-alarm-actions)',
        ),
        ...about(
          blind,
          'without data',
          'fresh ones wait for the first runs, one that was made anew by hand up to 12 h; else see runs and logs: what they compare is not published',
        ),
        ...about(
          strange,
          'that these settings do not have',
          'deploy these settings, or use those that were deployed',
        ),
      ],
    };
  },
};

const about = (names: readonly string[], which: string, todo: string): readonly Complaint[] =>
  names.length === 0
    ? []
    : [{ what: `${plural(names.length, 'alarm')} ${which}: ${inline(names, mostNamed)}`, todo }];

const described = (client: Parameters<Examination['look']>[0]['account']['cloudWatch'], prefix: string) =>
  allOf<Alarm>(async (NextToken) => {
    const page = await client.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix: prefix,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        NextToken,
      }),
    );
    return { items: [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])], next: page.NextToken };
  });
