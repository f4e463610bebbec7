import type { ClosedConnection } from '../../define.ts';
import type { Windowed } from '../../history/window.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { clientKey, keyOf, kindOf, clientNames } from '../client-key.ts';
import { formatLeafnode } from '../leaf/identity.ts';
import { remoteOf } from '../leaf/remotes.ts';
import { lastingName, wasDialled } from '../leafnodes.ts';

/** One stale connection as the closed ring shows it. */
export type StaleRow = {
  /** As rows show it: client name, or the address of one without; a leafnode's account and name, or a remote's URLs. */
  readonly who: string;
  readonly ip: string;
  readonly at: number;
  readonly pendingBytes: number;
  /** More waited for it than the server's own last words. */
  readonly hangs: boolean;
  readonly lifetimeSeconds: number;
  /** A leafnode that the server dialled itself. */
  readonly dialled: boolean;
};

/** A stale connection's note in memory. */
export type StaleNote = {
  readonly ip: string;
  readonly pending: number;
  readonly lived: number;
  readonly dialled?: 1;
};

/**
 * `-ERR 'Stale Connection'` (25 bytes) and PINGs (6 bytes each) wait for every stale connection: seen with 25 pending
 * bytes on 2.9.10, 2.10.27 and 2.15.1 where no message was on its way.
 */
const ownWordsBytes = 100;

type LeafOf = Pick<Varz, 'leaf'>;

/** Leafnodes have their account before their name, and those that the server dialled are its remotes. */
const leafnodeOf = (row: ClosedConnection, varz: LeafOf): string =>
  wasDialled(varz, row)
    ? remoteOf(varz, row)
    : formatLeafnode({ account: row.account, name: lastingName(row.name) ?? row.ip });

/** Key of a stale connection in its window. */
export const staleKey = (row: ClosedConnection, varz: LeafOf): string =>
  row.kind === 'Leafnode' ? keyOf(row.kind, '', leafnodeOf(row, varz)) : clientKey(row);

export const noteOf = (row: ClosedConnection, varz: LeafOf): StaleNote => ({
  ip: row.ip,
  pending: row.pending_bytes,
  lived: Math.round(row.lifetimeSeconds * 10) / 10,
  ...(row.kind === 'Leafnode' && wasDialled(varz, row) ? { dialled: 1 } : {}),
});

const rowOf = (who: string, { at, note }: { readonly at: number; readonly note: StaleNote }): StaleRow => ({
  who,
  ip: note.ip,
  at,
  pendingBytes: note.pending,
  hangs: note.pending > ownWordsBytes,
  lifetimeSeconds: note.lived,
  dialled: note.dialled === 1,
});

/**
 * A counter's growth over a time, part by part over its minutes: after missed runs it has not all happened just now.
 * @param at the end of that time, epoch ms
 */
export function spread(total: number, passedSeconds: number, at: number) {
  const parts = Math.min(total, Math.max(1, Math.ceil(passedSeconds / 60)));
  const upTo = (part: number) => Math.floor((part * total) / parts);
  return Array.from({ length: parts }, (_, i) => ({
    at: at - ((i + 0.5) * passedSeconds * 1_000) / parts,
    count: upTo(i + 1) - upTo(i),
  }));
}

/** The latest rows of one kind, oldest first, and how many the window counts in all, of how many; routes have no rows. */
export function rowsOf(window: Windowed<StaleNote>, rowKind: 'Client' | 'Leafnode' | null) {
  const own = [...window.keys].filter(([key]) => kindOf(key) === rowKind);
  const names = clientNames(own.map(([key]) => key));
  return {
    rows: own
      .flatMap(([, { samples }], i) => samples.map((sample) => rowOf(names[i] ?? '', sample)))
      .sort((a, b) => a.at - b.at),
    inRing: own.reduce((sum, [, { total }]) => sum + total, 0),
    peers: own.length,
  };
}

/** The network an address is told by: `10.0.3.0/24`, `2001:db8:1:2::/64`. */
export function networkOf(ip: string): string {
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(ip)?.[1];
  if (v4 !== undefined) return `${v4}.0/24`;
  const [head = '', tail] = ip.split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = 8 - groups.length - (tail?.split(':').filter(Boolean).length ?? 0);
  const full = [...groups, ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0')];
  return `${full.slice(0, 4).join(':')}::/64`;
}

type Lost = Pick<StaleRow, 'who' | 'ip' | 'at'>;

export type Together = {
  readonly network: string;
  readonly rows: readonly Lost[];
  readonly spanMs: number;
};

/**
 * The largest group of one network that was lost within `instantMs`: at least three rows, half of all, and not all
 * of one client on one host. Null if there is none.
 */
export function togetherFrom(all: readonly Lost[], instantMs: number): Together | null {
  const groups = [...Map.groupBy(all, ({ ip }) => networkOf(ip))].map(([network, rows]): Together => {
    const sorted = [...rows].sort((a, b) => a.at - b.at);
    const bursts = sorted.map((first, i) => sorted.slice(i).filter(({ at }) => at - first.at <= instantMs));
    const largest = bursts.reduce((best, burst) => (burst.length > best.length ? burst : best), []);
    const [first] = largest;
    return { network, rows: largest, spanMs: (largest.at(-1)?.at ?? 0) - (first?.at ?? 0) };
  });
  const [top] = groups.sort((a, b) => b.rows.length - a.rows.length);
  if (top === undefined || top.rows.length < 3 || top.rows.length * 2 < all.length) return null;
  const connections = new Set(top.rows.map(({ who, ip }) => `${who} ${ip}`));
  return connections.size > 1 ? top : null;
}
