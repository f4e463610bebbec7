import type { TargetReadings } from '../lambdas/engine/judgement/views.ts';
import { firstBy, mostOnPage, type Clients } from '../lambdas/readings/clients.ts';
import type { ClientRow } from '../lambdas/readings/decoders/clients.ts';
import type { Varz } from '../lambdas/readings/decoders/varz.ts';
import { firstMinute, server, varz, type Look } from './kit.ts';

/** An open connection of client `web` in account APP, two hours old, with changes. */
export const client = (changes: Partial<ClientRow> = {}): ClientRow => ({
  cid: 1,
  kind: 'Client',
  type: 'nats',
  ip: '10.0.0.9',
  port: 50_000,
  start: firstMinute - 7_200_000,
  pending_bytes: 0,
  in_msgs: 0,
  out_msgs: 0,
  in_bytes: 0,
  out_bytes: 0,
  subscriptions: 1,
  name: 'web',
  lang: 'go',
  version: '1.48.0',
  account: 'APP',
  rtt: 0.001,
  ...changes,
});

/** An MQTT client, as servers show them. */
export const mqttClient = (changes: Partial<ClientRow> = {}): ClientRow => ({
  ...client(),
  ...{ name: undefined, lang: undefined, version: undefined },
  ...{ type: 'mqtt', mqtt_client: 'pump-8', rtt: 0, subscriptions: 12 },
  ...changes,
});

/** So many clients, each with a cid and an address of its own. */
export const many = (
  count: number,
  changesOf: (i: number) => Partial<ClientRow> = () => ({}),
): readonly ClientRow[] =>
  Array.from({ length: count }, (_, i) =>
    client({ cid: i + 1, ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, ...changesOf(i) }),
  );

/** What a run reads of a server with these connections; of more than a page the one in turn. */
export function clientsOf(
  rows: readonly ClientRow[],
  { turn = 0, ...changes }: Partial<Clients> & { readonly turn?: number } = {},
): Clients {
  const pages = Math.max(1, Math.ceil(rows.length / mostOnPage));
  const page = turn % pages;
  return {
    server_id: 'S1',
    now: firstMinute,
    total: rows.length,
    part: { page, pages },
    rows: rows.slice(page * mostOnPage, (page + 1) * mostOnPage),
    most: { rtt: firstBy('rtt', rows), pending: firstBy('pending', rows), subs: firstBy('subs', rows) },
    subjects: null,
    ...changes,
  };
}

/** A server with these connections. */
export const serving = (
  name: string,
  rows: readonly ClientRow[],
  { varz: own = {}, ...changes }: Parameters<typeof clientsOf>[1] & { readonly varz?: Partial<Varz> } = {},
): TargetReadings =>
  server(name, {
    varz: varz(own),
    clients: clientsOf(rows, { server_id: `id-${name}`, ...changes }),
  });

/** What the last of these looks says. */
export function lookingAt(
  watch: { readonly look: (servers: readonly TargetReadings[]) => Look },
  ...looks: readonly (readonly TargetReadings[])[]
): Look {
  const said = looks.map((servers) => watch.look(servers));
  const last = said.at(-1);
  if (last === undefined) throw new Error('no look');
  return last;
}
