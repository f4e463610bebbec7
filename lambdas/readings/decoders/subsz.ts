// /subsz?subs=1: subscriptions of this server's clients; with test=SUBJECT those that a message with that subject would reach.
// - Wildcards match too: `>` is one of them. Other servers' subscriptions are not listed.
// - Where there is none, releases such as 2.9.10 and 2.10.27 answer with counters alone: neither server_id nor now nor
//   subscriptions_list. num_subscriptions is there always. limit is 1024 unless given.
// - Rows come in another order each time: pages would repeat and miss some. total is that of the rows given before 2.15.
// - account is there on each row; cid is that of the connection in /connz.
import * as z from 'zod/mini';
import { decodeWith, goTime, gaugeCount, optionalText, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';
import type { EpochMs } from './go-values.ts';

const subscription = z.object({ subject: text, cid: gaugeCount, account: optionalText });

const schema = z.object({
  server_id: optionalText,
  now: z.optional(goTime),
  num_subscriptions: gaugeCount,
  subscriptions_list: z._default(z.nullable(z.array(subscription)), []),
});

export type Subsz = Immutable<{
  /** Absent where nobody listens on an older release. */
  server_id?: string | undefined;
  now?: EpochMs | undefined;
  subscriptions_list: z.output<typeof subscription>[];
}>;

export function decodeSubsz(json: unknown): Decoded<Subsz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { server_id, now, subscriptions_list: subscriptions } = decoded.value;
  return { ok: true, value: { server_id, now, subscriptions_list: subscriptions ?? [] } };
}
