import type { ClosedConnection, Target } from '../../define.ts';
import type { WindowEntry } from '../../history/window.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { clientName, shown } from '../client-name.ts';
import { spokeNoNats } from '../closed-row.ts';
import { classified } from './closed-classes.ts';
import { closedByReload, meaningOf, type Server } from './meaning.ts';

/** What is remembered of a refused login, for readers: `name` is as rows show it, empty for a client without. */
export type RefusalNote = {
  readonly name: string;
  readonly ip: string;
  readonly reason: string;
  readonly server: string;
  /** 1 if it spoke something else than NATS. */
  readonly foreign: number;
  /** 1 if the server itself waited until `auth_timeout`. Absent in notes of older releases. */
  readonly waited?: number;
};

export type Refusal = {
  readonly at: number;
  /** Of the client: its kind and whole name; null for one without. */
  readonly who: string | null;
  readonly note: RefusalNote;
};

type Read = {
  readonly target: Target;
  readonly varz: Server & Pick<Varz, 'auth_timeout'>;
  readonly closed: { readonly rows: readonly ClosedConnection[] };
};

const whoKey = (row: ClosedConnection): string | null => {
  const name = clientName(row);
  return name === undefined ? null : keyOf(row.kind, name);
};

/** Whom a key is of. */
export function whoOf(key: string): { readonly kind: 'client' | 'leafnode'; readonly name: string } {
  const [kind, name = ''] = partsOf(key);
  return { kind: kind === 'Leafnode' ? 'leafnode' : 'client', name };
}

/** A server that is busy may take so long to refuse. */
const graceSeconds = 5;

/**
 * True if a client was refused only when `auth_timeout` was over, though it had logged in: who does not is closed then by
 * `Authentication Timeout`, and a wrong password is refused at once (seen on 2.15.1, its auth callout away).
 */
const wasLeftWaiting = (row: ClosedConnection, varz: Read['varz']): boolean =>
  row.kind === 'Client' &&
  row.reason === 'Authentication Failure' &&
  !spokeNoNats(row) &&
  !closedByReload(row, varz) &&
  row.lifetimeSeconds >= varz.auth_timeout &&
  row.lifetimeSeconds < varz.auth_timeout + graceSeconds;

/**
 * Refused logins of this run, of all servers: class `auth` but for TLS, which is CONN_104's. Settings may have moved
 * reasons in or out.
 */
export const refusalsOf = (
  servers: readonly Read[],
  moved: Readonly<Record<string, string>>,
): readonly Refusal[] =>
  servers.flatMap(({ target, varz, closed }) =>
    classified(varz, closed.rows, moved)
      .classes.auth.filter((row) => row.reason !== 'TLS Handshake Failure')
      .map((row) => ({
        at: row.stoppedAt,
        who: whoKey(row),
        note: {
          name: shown(clientName(row) ?? ''),
          ip: row.ip,
          reason: row.reason,
          server: target.name,
          foreign: spokeNoNats(row) ? 1 : 0,
          waited: wasLeftWaiting(row, varz) ? 1 : 0,
        },
      })),
  );

/** Window entries by client; refusals of clients without a name have none. */
export const byClient = (refusals: readonly Refusal[]): readonly WindowEntry<RefusalNote>[] =>
  refusals.flatMap(({ at, who, note }) => (who === null ? [] : [{ key: who, at, note }]));

/** Window entries by address. */
export const byAddress = (refusals: readonly Refusal[]): readonly WindowEntry<RefusalNote>[] =>
  refusals.flatMap(({ at, note }) => (note.ip === '' ? [] : [{ key: note.ip, at, note }]));

/** Window entries by address and client together. */
export const byBoth = (
  refusals: readonly Refusal[],
): readonly { readonly key: string; readonly at: number }[] =>
  refusals.flatMap(({ at, who, note: { ip } }) =>
    ip === '' || who === null ? [] : [{ key: keyOf(ip, who), at }],
  );

/** Address and client of a key of both. */
export function bothOf(key: string): { readonly ip: string; readonly who: string } {
  const [ip = '', who = ''] = partsOf(key);
  return { ip, who };
}

/** How the credentials of clients ended, as servers said it before they refused them. */
export type EndNote = { readonly how: string };

const ends = ['Authentication Expired', 'Credentials Revoked'];

/** Window entries by client of those whose credentials ended while they were connected. */
export const endsOf = (servers: readonly Read[]): readonly WindowEntry<EndNote>[] =>
  servers.flatMap(({ varz, closed }) =>
    closed.rows.flatMap((row) => {
      if (!ends.includes(row.reason) && !closedByReload(row, varz)) return [];
      const who = whoKey(row);
      const how = meaningOf(row, varz);
      return who === null || how === undefined ? [] : [{ key: who, at: row.stoppedAt, note: { how } }];
    }),
  );
