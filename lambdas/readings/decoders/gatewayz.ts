// /gatewayz: the gateway connections of one server, by the name of the cluster at the other end.
// - Outbound: one to some server of each remote cluster, over which this server sends. One that cannot be reached is not
//   there, and one that was lost is gone at once: `gateway.gateways` of /varz alone shows what is configured.
// - Inbound: one of each server of the remote cluster that chose this server. A healthy server may have none.
// - connection.name is the id of the server at the other end. rtt is `0s` until it is measured, anew at each PING, 15 s
//   apart at most; a peer that does not answer is closed after 30 to 45 s.
// - subscriptions of an outbound one is the interest of the whole remote cluster: the same on all servers (2.9.10 to
//   2.15.1, whichever server they chose). Of an inbound one it is 0.
// - Without gateways both are empty.
import * as z from 'zod/mini';
import { decodeWith, gaugeCount, goRoundTrip, goTime, heldBytes, number, text } from './decoded.ts';
import type { Decoded, Immutable } from './decoded.ts';

const gateway = z.object({
  configured: z._default(z.boolean(), false),
  connection: z.object({
    cid: number,
    /** Id of the server at the other end. */
    name: z._default(text, ''),
    /** Epoch ms. */
    start: goTime,
    /** Seconds; 0 until it is measured. */
    rtt: z._default(goRoundTrip, 0),
    /** That wait to be sent. */
    pending_bytes: z._default(heldBytes, 0),
    subscriptions: z._default(gaugeCount, 0),
  }),
});

const schema = z.object({
  server_id: text,
  /** The server's own clock, epoch ms. */
  now: goTime,
  outbound_gateways: z.nullable(z.record(text, gateway)),
  inbound_gateways: z.nullable(z.record(text, z.nullable(z.array(gateway)))),
});

/** One gateway connection. */
export type GatewayRow = Immutable<z.output<typeof gateway>>;

/** A server's `/gatewayz`, by remote cluster. `now` is epoch ms. */
export type Gatewayz = {
  readonly server_id: string;
  readonly now: number;
  readonly outbound: Readonly<Record<string, GatewayRow>>;
  readonly inbound: Readonly<Record<string, readonly GatewayRow[]>>;
};

export function decodeGatewayz(json: unknown): Decoded<Gatewayz> {
  const decoded = decodeWith(schema, json);
  if (!decoded.ok) return decoded;
  const { server_id, now, outbound_gateways: outbound, inbound_gateways: inbound } = decoded.value;
  const rows = Object.entries(inbound ?? {}).map(([name, all]) => [name, all ?? []] as const);
  return {
    ok: true,
    value: { server_id, now, outbound: outbound ?? {}, inbound: Object.fromEntries(rows) },
  };
}
