// /connz?auth=1: open connections with who logged in.
// - MQTT clients have neither name nor lang nor version, and an rtt of 0 always; websocket clients have all of them.
// - rtt is 0 before the first pong: a look that meets such a client makes the server ping it (client.go, getRTT).
// - authorized_user is a name, or the public key of an nkey or JWT user; where clients log in with a token it is that token up
//   to 2.11.2, and [REDACTED] from 2.11.3 on. Nothing else in a row tells a token from a name.
// - Of a user with no_auth_user it is that user's name.
// - jwt is a user's JWT with all its claims; of a bearer token it is left out from 2.11.17, 2.12.8 and 2.14.0 on. issuer_key
//   is there for each JWT user: of the account, or of its signing key. Users of a configuration have the account's name there.
// - What may be secret is dropped here: of the JWT whether it is a bearer token is all that is kept, of a user that may be a
//   token a mark of 16 bits, by which two rows of one user are known.
import { textHash } from '../../text-hash.ts';
import { decodeConnection, decodeConnections } from './connections.ts';
import type { Connection, ConnectionsPage } from './connections.ts';
import type { Decoded } from './decoded.ts';
import { optionalTextField, roundTripField } from './fields.ts';
import type { Row } from './fields.ts';
import type { Seconds } from './go-values.ts';

/** One open connection. */
export type ClientRow = Connection & {
  /** 0 where it is not known. Up to an hour old on a busy connection. */
  readonly rtt: Seconds;
  /** Absent where nobody logged in, or with a token. */
  readonly user?: User;
  /** Logged in with a JWT that needs no signature: `redacted` where that is told from the lack of it. */
  readonly bearer?: 'shown' | 'redacted';
};

/** Who logged in: by name, or where that may be a token by a mark that is the same for the same user. */
export type User = { readonly name: string } | { readonly mark: number };

export type ClientsPage = ConnectionsPage<ClientRow>;

/** @param showsTokens whether the server shows tokens where it shows users */
export const decodeClients =
  (showsTokens: boolean) =>
  (json: unknown): Decoded<ClientsPage> =>
    decodeConnections(json, (row) => decodeRow(row, showsTokens));

const publicKey = /^[AU][A-Z2-7]{55}$/;
const redactedToken = '[REDACTED]';
const marks = 2 ** 16;

function decodeRow(row: Row, showsTokens: boolean): ClientRow {
  const user = userOf(optionalTextField(row['authorized_user'], 'authorized_user'), showsTokens);
  const bearer = bearerOf(row);
  return {
    ...decodeConnection(row),
    rtt: row['rtt'] === undefined ? 0 : roundTripField(row['rtt'], 'rtt'),
    ...(user === undefined ? {} : { user }),
    ...(bearer === undefined ? {} : { bearer }),
  };
}

function userOf(name: string | undefined, showsTokens: boolean): User | undefined {
  if (name === undefined || name === '' || name === redactedToken) return undefined;
  return showsTokens && !publicKey.test(name) ? { mark: textHash(name, 7) % marks } : { name };
}

function bearerOf({ jwt, issuer_key: issuer, account }: Row): ClientRow['bearer'] {
  if (typeof jwt === 'string' && jwt !== '') return isBearer(jwt) ? 'shown' : undefined;
  const isJwtUser = [issuer, account].every((key) => typeof key === 'string' && publicKey.test(key));
  return isJwtUser ? 'redacted' : undefined;
}

/** Within a text of JSON its quotes are escaped, so that these can only be the claim. */
function isBearer(jwt: string): boolean {
  const [, claims = ''] = jwt.split('.');
  try {
    return atob(claims.replaceAll('-', '+').replaceAll('_', '/')).includes('"bearer_token":true');
  } catch {
    return false;
  }
}
