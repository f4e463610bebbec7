// /connz?cid=N&subs=1: one open client with the subjects that it subscribes to.
// - subscriptions_list has a subject as often as it is subscribed to; queue groups are not shown.
// - cid= finds open clients only, no leafnodes. One that has gone since: no row, and total counts all the same.
import * as z from 'zod/mini';
import { countProblem, decodeWith, goTime, gaugeCount, text } from './decoded.ts';
import type { Decoded } from './decoded.ts';

const schema = z.object({
  server_id: text,
  now: goTime,
  connections: z.nullable(
    z.array(
      z.object({
        cid: gaugeCount,
        subscriptions: gaugeCount,
        subscriptions_list: z._default(z.array(text), []),
      }),
    ),
  ),
});

/** What one client subscribes to. */
export type ClientSubjects = {
  readonly server_id: string;
  readonly now: number;
  /** Null for a client that has gone. */
  readonly cid: number | null;
  readonly subscriptions: number;
  /** Different ones. */
  readonly subjects: number;
  /** Those subscribed to more than once, the most often first. */
  readonly repeated: readonly (readonly [subject: string, times: number])[];
};

/** So many subjects show what is wrong. */
const mostRepeated = 8;

export function decodeClientSubjects(json: unknown): Decoded<ClientSubjects> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { server_id, now, connections } = decoded.value;
  const [client] = connections ?? [];
  const list = client?.subscriptions_list ?? [];
  if (client !== undefined && list.length === 0 && client.subscriptions > 0)
    return {
      ok: false,
      problem: countProblem('subscriptions_list', 'subscriptions', client.subscriptions, 0),
    };
  const times = new Map<string, number>();
  for (const subject of list) times.set(subject, (times.get(subject) ?? 0) + 1);
  const repeated = [...times].filter(([, count]) => count > 1).sort(([, a], [, b]) => b - a);
  return {
    ok: true,
    value: {
      ...{ server_id, now },
      cid: client?.cid ?? null,
      subscriptions: list.length,
      subjects: times.size,
      repeated: repeated.slice(0, mostRepeated),
    },
  };
}
