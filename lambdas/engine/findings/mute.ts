import type { Mute } from '../../ports.ts';

type About = { readonly cluster: string; readonly check: string; readonly diagnosis: string };

const weekMinutes = 7 * 24 * 60;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Minutes since Sunday, 00:00, as clocks of the time zone show it. */
function minuteOfWeek(at: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone,
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(at);
  const part = (type: string) => shown.find((each) => each.type === type)?.value ?? '';
  return (weekdays.indexOf(part('weekday')) * 24 + Number(part('hour'))) * 60 + Number(part('minute'));
}

/** Whether a mute holds at a moment, epoch ms: from its first minute on, and not in the one it ends in. */
export function isActive({ when }: Mute, at: number): boolean {
  if (when.kind === 'window') return at >= when.from && at < when.until;
  const now = minuteOfWeek(at, when.timezone);
  return when.days.some((day) => {
    const since = (now - (day * 24 * 60 + when.minute) + weekMinutes) % weekMinutes;
    return since * 60_000 < when.spanMs;
  });
}

const names = (list: readonly string[] | null, word: string) => list === null || list.includes(word);

/** Whether messages about a diagnosis are held back at a moment, epoch ms. */
export const isMuted = (mutes: readonly Mute[], { cluster, check, diagnosis }: About, at: number): boolean =>
  mutes.some(
    (mute) =>
      names(mute.clusters, cluster) &&
      (mute.checks === null && mute.diagnoses === null
        ? true
        : (mute.checks?.includes(check) ?? false) || (mute.diagnoses?.includes(diagnosis) ?? false)) &&
      isActive(mute, at),
  );
