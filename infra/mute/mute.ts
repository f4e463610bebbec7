import {
  DeleteAlarmMuteRuleCommand,
  PutAlarmMuteRuleCommand,
  type CloudWatchClient,
} from '@aws-sdk/client-cloudwatch';
import type { ClusterMute, ClusterMutes } from '../../lambdas/adapters/memory/mutes.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { alarmSpecs } from '../alarms/alarm-specs.ts';
import { mutedAlarms, muteSchedule } from '../alarms/muted-alarms.ts';
import type { LoadedSettings } from '../settings.ts';

export type Asked = { readonly cluster: string; readonly spanMs: number; readonly why: string };
export type Tools = {
  readonly mutes: ClusterMutes;
  readonly cloudWatch: CloudWatchClient;
  readonly now: () => number;
};

/** CloudWatch is told of a window before it begins, so it begins with a whole minute that is still to come. */
const leadMs = 15_000;

/**
 * Mutes a cluster: its findings, by the memory table, and its alarms, by CloudWatch's mute rules. A mute that the cluster has
 * already is replaced. Should the rules fail, findings are muted all the same.
 */
export async function begin(
  { cluster, spanMs, why }: Asked,
  loaded: LoadedSettings,
  tools: Tools,
): Promise<ClusterMute> {
  const { settings, translated } = loaded;
  const { mutes, cloudWatch, now } = tools;
  const from = Math.ceil((now() + leadMs) / minutes(1)) * minutes(1);
  // A rule lasts a minute at least.
  const until = Math.max(Math.ceil((now() + spanMs) / minutes(1)) * minutes(1), from + minutes(1));
  const lists = mutedAlarms(
    { clusters: [cluster], checks: null, diagnoses: null },
    alarmSpecs({ checks, ...loaded }),
    translated.plan.covers,
  );
  const rules = lists.map((_, i) => `${settings.name}-muted-${cluster}-${i + 1}`);
  // Findings are muted by the next run, before the whole minute of the alarms.
  const made: ClusterMute = { cluster, from: now(), until, why, rules };
  await mutes.change((before) => [
    ...lasting(before, now()).filter((each) => each.cluster !== cluster),
    made,
  ]);
  const schedule = muteSchedule({ when: { kind: 'window', from, until } });
  const put = async (alarmNames: readonly string[], i: number) => {
    await cloudWatch.send(
      new PutAlarmMuteRuleCommand({
        Name: rules[i],
        Description: why,
        Rule: {
          Schedule: {
            Expression: schedule.expression,
            Duration: schedule.duration,
            Timezone: schedule.timezone,
          },
        },
        MuteTargets: { AlarmNames: [...alarmNames] },
        ExpireDate: new Date(until),
      }),
    );
  };
  for (const [i, alarmNames] of lists.entries())
    await put(alarmNames, i).catch(async (cause: unknown) => {
      const known = { ...made, rules: rules.slice(0, i) };
      await mutes.change((before) => before.map((each) => (each.cluster === cluster ? known : each)));
      const whose = i === 0 ? 'its alarms are not' : 'not all of its alarms are';
      throw new Error(`findings of ${cluster} are muted, ${whose}: ${String(cause)}`, { cause });
    });
  return made;
}

/** Ends the mute of a cluster: what is still open is told by the next run. @returns null where it had none */
export async function end(cluster: string, { mutes, cloudWatch, now }: Tools): Promise<ClusterMute | null> {
  const ended = (await mutes.read()).find((each) => each.cluster === cluster) ?? null;
  if (ended === null) return null;
  for (const Name of ended.rules)
    await cloudWatch
      .send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: Name }))
      .catch((error: unknown) => {
        // It has expired, or was deleted by hand.
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return;
        throw new Error(`${cluster} is still muted, as ${Name} cannot be deleted: ${String(error)}`, {
          cause: error,
        });
      });
  await mutes.change((before) => lasting(before, now()).filter((each) => each.cluster !== cluster));
  return ended;
}

export const lasting = (mutes: readonly ClusterMute[], at: number): readonly ClusterMute[] =>
  mutes.filter(({ until }) => until > at);

const clock = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What is muted, a line each: by command, then by settings. */
export async function list({ settings }: LoadedSettings, { mutes, now }: Tools): Promise<readonly string[]> {
  const commanded = lasting(await mutes.read(), now()).map(
    (each) => `${muteLine(each)}; by command, ends with --end`,
  );
  const ofSettings = settings.mute.map((each) => {
    const { expression, duration, timezone } = muteSchedule(each);
    const what = [each.clusters ?? ['all clusters'], each.checks ?? [], each.diagnoses ?? []]
      .flat()
      .join(', ');
    return `${what}: ${expression} ${timezone} for ${duration.slice(2, -1)} min: ${each.why}; by settings`;
  });
  const all = [...commanded, ...ofSettings];
  return all.length === 0 ? ['nothing is muted, and settings mute nothing'] : all;
}

export const muteLine = ({ cluster, until, why, rules }: ClusterMute): string =>
  rules.length === 0
    ? `${cluster}: findings, not alarms, until ${clock(until)}: ${why}`
    : `${cluster}: findings and alarms until ${clock(until)} (${plural(rules.length, 'mute rule')}): ${why}`;
