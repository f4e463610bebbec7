import type { ClosedConnection, Target } from '../../define.ts';
import type { WindowEntry } from '../../engine/history/window.ts';
import { classOf, clientName } from './closed-rows.ts';

/** What is remembered of a refused login. `name` is empty for a client without. */
export type Refusal = {
  readonly name: string;
  readonly kind: string;
  readonly ip: string;
  readonly reason: string;
  readonly server: string;
};

type Server = { readonly target: Target; readonly closed: { readonly rows: readonly ClosedConnection[] } };

/**
 * Refused logins of this run, of all servers: class `auth` but for TLS, which is CONN_104's. Settings may have moved
 * reasons in or out.
 */
export const refusalsOf = (
  servers: readonly Server[],
  moved: Readonly<Record<string, string>>,
): readonly { readonly at: number; readonly note: Refusal }[] =>
  servers.flatMap(({ target, closed }) =>
    closed.rows
      .filter((row) => row.reason !== 'TLS Handshake Failure' && classOf(row, moved) === 'auth')
      .map((row) => {
        const { kind, ip, reason } = row;
        return {
          at: row.stoppedAt,
          note: { name: clientName(row) ?? '', kind, ip, reason, server: target.name },
        };
      }),
  );

/** Window entries by one of a refusal's facts; refusals without it have none. */
export const entriesBy = (
  fact: 'name' | 'ip',
  refusals: readonly { readonly at: number; readonly note: Refusal }[],
): readonly WindowEntry<Refusal>[] =>
  refusals.flatMap(({ at, note }) => (note[fact] === '' ? [] : [{ key: note[fact], at, note }]));

/** Window entries by address and name together: `10.0.0.7 billing`. */
export const entriesByBoth = (
  refusals: readonly { readonly at: number; readonly note: Refusal }[],
): readonly { readonly key: string; readonly at: number }[] =>
  refusals.flatMap(({ at, note: { ip, name } }) =>
    ip === '' || name === '' ? [] : [{ key: `${ip} ${name}`, at }],
  );
