import type { Check } from '../../lambdas/define.ts';
import { seconds } from '../../lambdas/durations.ts';
import { alarmName } from '../../lambdas/engine/alarm-names.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { AlarmError, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { mostOf, ruleText, type CompositeSpec } from '../cloudwatch/composite-alarm.ts';
import { alarmDescription } from '../cloudwatch/description.ts';
import { linkTo, pages } from '../../lambdas/engine/links.ts';
import type { AlarmInput } from './alarm-input.ts';
import { lostWords } from './watchdog-alarm.ts';

/** Functions that stop of one cause do so within this time, as Lambda's metrics tell of them. */
const togetherSeconds = 120;

/** They run again within as long: the one that runs least often is the last to be known to. */
const againSeconds = (checks: readonly Check[]): number =>
  Math.max(togetherSeconds, ...checks.map(({ every }) => every / seconds(1)));

/**
 * What is told of all checks' functions: that one does not run, or that several do not, which then silences the first. So one
 * cause is one message, and a check that has not run for days hides nothing of what stops later.
 * @param watchdogs a check each, telling nobody themselves
 * @throws AlarmError if a composite alarm cannot hold as many
 */
export function stoppedAlarms(
  watchdogs: readonly AlarmSpec[],
  { settings, checks }: AlarmInput,
): readonly CompositeSpec[] {
  const of = watchdogs.map(({ name }) => name);
  const name = alarmName([settings.name, 'not-running']);
  const several = alarmName([settings.name, 'several-not-running']);
  const shared = { severity: 'critical', of, tags: { severity: 'critical' } } as const;
  const where = `NATS monitoring ${settings.name} (${placeOf(settings)})`;
  const log = `/aws/lambda/${settings.name}-CHECK`;
  const link = linkTo(settings.alarms.readme, checks[0]?.id ?? '', pages.lambda);
  const oftenFirst = checks.toSorted((a, b) => a.every - b.every);
  const lost = [...new Set(oftenFirst.map(lostWords))].join(', or where it runs less often ');
  const one: CompositeSpec = {
    ...shared,
    name,
    description: alarmDescription({
      headline: `${where}: a check has not run in ${lost}.`,
      meaning:
        'Nobody looks at what it looks at: its other alarms keep their state, and that they are OK means nothing. It does not say that servers are down.',
      steps: `Open this alarm in CloudWatch: the alarm in it that is in ALARM names the check. Read the log of its function, ${log}, for what ended it. Does it run out of memory or time? Is its schedule enabled?`,
      finding: 'Finding: none, as a check that does not run finds nothing.',
      link,
    }),
    atLeast: 1,
    suppressor:
      of.length < 2
        ? null
        : { name: several, waitSeconds: togetherSeconds, extensionSeconds: againSeconds(checks) },
  };
  const all: CompositeSpec = {
    ...shared,
    name: several,
    description: alarmDescription({
      headline: `${where} has stopped: several of its ${plural(of.length, 'check')} have not run in ${lost}.`,
      meaning:
        'Nobody looks at the servers: all other alarms keep their state, and that they are OK means nothing. It does not say that servers are down.',
      steps: `What they share has failed. Read the log of one of the functions, ${log}: are calls of CloudWatch, SNS or DynamoDB denied or timing out (role, endpoints, NAT)? Are the schedules enabled? Was something deployed just now? Does the account lack concurrent executions? Look at the servers by hand meanwhile: npm start in a clone of nats-cloudwatch.`,
      finding: 'Finding: none, as checks that do not run find nothing.',
      link,
    }),
    atLeast: 2,
    suppressor: null,
  };
  const made = of.length < 2 ? [one] : [all, one];
  const tooLong = made.some((each) => ruleText(each).length > mostOf.characters);
  if (of.length > mostOf.alarms || tooLong)
    throw new AlarmError(`${of.length} checks are more than a composite alarm holds`);
  return of.length === 0 ? [] : made;
}

const mostNames = 5;

function placeOf({ clusters }: AlarmInput['settings']): string {
  const names = clusters.map(({ name }) => name);
  if (names.length > mostNames) return plural(names.length, 'cluster');
  return `${names.length === 1 ? 'cluster' : 'clusters'} ${names.join(', ')}`;
}
