import type { StreamConfig } from '@nats-io/jetstream';
import { waitUntil } from '../../services/wait.ts';
import type { Client, Cluster } from './cluster.ts';
import { addStream, fill } from './content.ts';
import { leaderRow, streamIs, type Origin, type StreamRow } from './rows.ts';

/** How a copy is made: as a mirror, or by a stream that sources. */
export type CopyKind = 'mirror' | 'source';

export type Copy = { readonly origin: string; readonly copy: string; readonly kind: CopyKind };

/** What a copy's row says of its origin. */
export const originOf = (row: StreamRow | undefined): Origin | undefined => row?.mirror ?? row?.sources?.[0];

const copying = (kind: CopyKind, from: NonNullable<StreamConfig['mirror']>): Partial<StreamConfig> =>
  kind === 'mirror' ? { mirror: from } : { sources: [from] };

/** A copy that has all of its origin. */
export async function connected(
  cluster: Cluster,
  client: Client,
  { origin, copy, kind }: Copy,
  config: Partial<StreamConfig> = {},
): Promise<void> {
  await addStream(cluster, client, copy, { ...copying(kind, { name: origin }), ...config });
  await hasAll(cluster, { origin, copy });
}

/** A copy of a stream in a domain that nobody has. */
export async function neverConnected(
  cluster: Cluster,
  client: Client,
  { origin, copy, kind }: Copy,
): Promise<void> {
  await addStream(
    cluster,
    client,
    copy,
    copying(kind, { name: origin, external: { api: '$JS.nowhere.API', deliver: '' } }),
  );
}

/**
 * The origin is no more. Resolves when the copy has not heard of it for some seconds, which is all that it says; a server
 * alone would say why.
 */
export async function originDeleted(cluster: Cluster, client: Client, { origin, copy }: Copy): Promise<void> {
  await client.jsm.streams.delete(origin);
  await streamIs(cluster, copy, 'to hear nothing', (row) => (originOf(row)?.active ?? 0) > unheard);
}

/** More than between two heartbeats. */
const unheard = 5e9;

/**
 * Accounts of which APP has a copy of what SHOP has, as long as SHOP's deliveries are imported, and more of it at once than fits
 * into one window as long as what answers flow control is.
 */
export const sharingAccounts = ({ deliveries = true, flowControl = true } = {}): string => `accounts {
  SHOP {
    jetstream: enabled, users: [{ user: shop, password: shop }]
    exports: [{ service: "$JS.API.>" }, { stream: "copies.>" }, { service: "$JS.FC.>" }]
  }
  APP {
    jetstream: enabled, users: [{ user: app, password: app }]
    imports: [
      { service: { account: SHOP, subject: "$JS.API.>" }, to: "shop.API.>" }
      ${deliveries ? '{ stream: { account: SHOP, subject: "copies.>" } }' : ''}
      ${flowControl ? '{ service: { account: SHOP, subject: "$JS.FC.>" } }' : ''}
    ]
  }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`;

/** A copy in APP of a stream in SHOP, in a cluster with `sharingAccounts`. */
export async function copyOfShop(
  cluster: Cluster,
  client: Client,
  { origin, copy, kind }: Copy,
): Promise<void> {
  const external = { api: 'shop.API', deliver: 'copies' };
  await addStream(cluster, client, copy, copying(kind, { name: origin, external }));
  await hasAll(cluster, { origin, copy });
}

/**
 * The import of SHOP's deliveries is taken back: the origin goes on, its copy stands. Resolves once the copy has missed
 * messages, of which `shop` publishes ten.
 */
export async function deliveriesCut(cluster: Cluster, shop: Client, { origin, copy }: Copy): Promise<void> {
  const before = (await leaderRow(cluster, copy))?.state.last_seq ?? 0;
  await cluster.reload(sharingAccounts({ deliveries: false }));
  await fill(shop, origin, 10);
  await streamIs(cluster, origin, 'to go on', (row) => row.state.last_seq >= before + 10);
}

/**
 * What answers flow control is imported no more, and `shop` publishes more than fits into one window: from nats-server 2.15.1 on the
 * copy says so. Resolves when it does.
 */
export async function flowControlCut(cluster: Cluster, shop: Client, { origin, copy }: Copy): Promise<void> {
  await cluster.reload(sharingAccounts({ flowControl: false }));
  await fill(shop, origin, 400, { bytes: 20_000 });
  await streamIs(cluster, copy, 'to say that it stalls', (row) => originOf(row)?.error !== undefined);
}

/** The import is there again. Resolves when the copy has all. */
export async function deliveriesMended(cluster: Cluster, { origin, copy }: Copy): Promise<void> {
  await cluster.reload(sharingAccounts());
  await hasAll(cluster, { origin, copy });
}

/** Resolves when the copy has as many messages as its origin, and names no error. */
export async function hasAll(
  cluster: Cluster,
  { origin, copy }: Pick<Copy, 'origin' | 'copy'>,
): Promise<void> {
  await waitUntil(
    `${copy} to have all of ${origin}`,
    async () => {
      const [of, has] = await Promise.all([leaderRow(cluster, origin), leaderRow(cluster, copy)]);
      return { of: of?.state.messages, has: has?.state.messages, error: originOf(has)?.error };
    },
    ({ of, has, error }) => of !== undefined && of === has && error === undefined,
  );
}
