import {
  formatDuration,
  minutes,
  seconds,
  type ClosedConnection,
  type Description,
  type Duration,
  type Target,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Windowed } from '../../history/window.ts';
import { clientKey, clientNames } from '../client-key.ts';
import { mayHaveMissedKeepalive } from '../closed-row.ts';
import { closedReportCommand, closedRowsCommand, tallied, uncounted } from '../conn/closed-rows.ts';
import { togetherFrom } from './stale-rows.ts';

/** An MQTT client that may have missed its keepalive, in memory; seconds. */
export type SilenceNote = { readonly ip: string; readonly lived: number; readonly idle: number };

/**
 * MQTT clients that may have missed their keepalive. The server sends them no PINGs and never calls them stale: it drops one
 * that sends nothing for 1.5 times its keepalive with `Read Error`, as it calls a reset, too (seen on 2.9.10, 2.10.27 and
 * 2.15.1). What tells the two apart, the keepalive, no endpoint shows.
 */
export const silences = (rows: readonly ClosedConnection[]) =>
  rows.filter(mayHaveMissedKeepalive).map((row) => ({
    key: clientKey(row),
    at: row.stoppedAt,
    note: { ip: row.ip, lived: row.lifetimeSeconds, idle: row.idle ?? row.lifetimeSeconds },
  }));

export type Silence = {
  readonly target: Target;
  readonly window: Windowed<SilenceNote>;
  readonly over: Duration;
};

/** Clients with one keepalive that fall silent together are dropped within that time of each other: a minute, mostly. */
const together = minutes(1);

/** A finding about MQTT clients that fell silent, or whose connections were reset. */
export function silenceWords(value: number, level: number, { target, window, over }: Silence): Description {
  const keys = [...window.keys];
  const names = clientNames(keys.map(([key]) => key));
  const latest = keys
    .flatMap(([, { samples }], i) => samples.map(({ at, note }) => ({ who: names[i] ?? '', at, ...note })))
    .sort((a, b) => a.at - b.at);
  const group = togetherFrom(latest, together);
  const idle = latest.map((row) => row.idle);
  return {
    summary:
      `${target.name} lost ${plural(value, 'MQTT connection')} within ${formatDuration(over)} (limit ` +
      `${formatCount(level)}): the clients missed their keepalive, or were reset.`,
    evidence: [
      ...(group === null
        ? []
        : [
            `together: ${formatCount(group.rows.length)} of ${formatCount(latest.length)} in ${group.network}, ` +
              `within ${formatDuration(group.spanMs)}`,
          ]),
      `who: ${inline(
        keys.map(([, { total }], i) => `${names[i] ?? ''} (${formatCount(total)})`),
        5,
      )}`,
      `from: ${tallied(
        latest.map(({ ip }) => ip),
        5,
      )}`,
      `last message or subscription before the close: ${spanOf(idle)} (PINGREQs are not shown)`,
      'reason: Read Error, for 1.5 times the keepalive without a packet and for a reset alike; the keepalive is not shown',
      ...uncounted(window.others, 'clients'),
    ],
    why:
      'An MQTT client that misses its keepalive got no messages for that long; one whose connection is reset crashed, or ' +
      'something between cut it. Of neither does the server say Stale Connection.',
    remedy:
      'Several at one time from one network: look at what lies between (gateway, radio, NAT, a load balancer with an idle ' +
      'timeout below the keepalive). One again and again: its power, its process, its log. Raise the keepalive only for ' +
      'links that pause for longer than 1.5 times it.',
    commands: {
      nats: closedReportCommand('read error'),
      curl: closedRowsCommand(target.url, 'Read Error'),
    },
  };
}

/** `1 min 30 s`, `2 s to 9 min`. */
function spanOf(all: readonly number[]): string {
  const [least, most] = [Math.min(...all), Math.max(...all)].map((each) => formatDuration(seconds(each)));
  return least === most ? `${least}` : `${least} to ${most}`;
}
