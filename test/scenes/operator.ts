import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** An nkey: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth */
export type Nkey = { readonly public: string; readonly key: KeyObject };

/** The first byte of an encoded key gives its first letter: O, A, U. */
const prefixes = { operator: 14 << 3, account: 0, user: 20 << 3 } as const;
type Kind = keyof typeof prefixes;

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function encodeBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => base32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** CRC-16/XMODEM. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

export function newKey(kind: Kind): Nkey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const body = Buffer.concat([Buffer.from([prefixes[kind]]), raw]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crc16(body));
  return { public: encodeBase32(Buffer.concat([body, check])), key: privateKey };
}

/** What a JWT says beside who signs whom. */
type Claims = {
  readonly name?: string;
  /** Whom it is for: of a user whom an auth callout lets in, the account. */
  readonly audience?: string;
  /** Seconds from now. */
  readonly expiresIn?: number | undefined;
  /** Seconds before now. */
  readonly issuedAgo?: number | undefined;
  readonly nats?: object;
};

/** @param kind what it is about; another type of claim is in `nats` */
export function jwt(
  kind: Kind,
  subject: Pick<Nkey, 'public'>,
  issuer: Nkey,
  { name = kind, audience, expiresIn, issuedAgo = 0, nats }: Claims = {},
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    ...{ iat: now - issuedAgo, iss: issuer.public, sub: subject.public, name },
    ...(audience === undefined ? {} : { aud: audience }),
    ...(expiresIn === undefined ? {} : { exp: now + expiresIn }),
    nats: { type: kind, version: 2, ...nats },
  };
  const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), issuer.key).toString('base64url')}`;
}

/** Of a user without limits. */
export const unlimited = { subs: -1, data: -1, payload: -1 };
const accountLimits = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };

/** What an account's JWT says. */
export type AccountClaims = {
  /** Seconds from now. */
  readonly expiresIn?: number;
  /** Seconds before now. */
  readonly issuedAgo?: number;
  /** In place of none. */
  readonly limits?: Readonly<Record<string, number | boolean>>;
  readonly imports?: readonly object[];
  readonly exports?: readonly object[];
  /** Public keys of users, with the time up to which their JWTs are revoked, seconds since 1970. */
  readonly revocations?: Readonly<Record<string, number>>;
};

/** A user whose JWT alone lets him in. */
export type OperatorUser = { readonly key: string; readonly jwt: string };

export type OperatorAccount = {
  readonly name: string;
  readonly key: string;
  /** A JWT that says this. */
  jwt(claims?: AccountClaims): string;
  user(name?: string, expiresIn?: number): OperatorUser;
};

export type Operator = {
  /** The line of a server's configuration. */
  readonly config: string;
  account(name: string): OperatorAccount;
};

/** An operator, of whom servers take accounts' JWTs. */
export function newOperator({ expiresIn }: { readonly expiresIn?: number } = {}): Operator {
  const operator = newKey('operator');
  return {
    config: `operator: "${jwt('operator', operator, operator, { name: 'OP', expiresIn })}"`,
    account(name) {
      const account = newKey('account');
      return {
        name,
        key: account.public,
        jwt: ({ expiresIn: own, issuedAgo, limits, ...rest } = {}) =>
          jwt('account', account, operator, {
            ...{ name, expiresIn: own, issuedAgo },
            nats: { ...rest, limits: { ...accountLimits, ...limits } },
          }),
        user: (userName = 'user', userExpiresIn) => {
          const user = newKey('user');
          const claims = {
            ...{ name: userName, expiresIn: userExpiresIn },
            nats: { ...unlimited, bearer_token: true },
          };
          return { key: user.public, jwt: jwt('user', user, account, claims) };
        },
      };
    },
  };
}

/** What lets an account have streams. */
export const streamLimits = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };

/** Lines of configuration by which a server knows these JWTs and no others. */
export const preloaded = (jwts: Readonly<Record<string, string>>): string =>
  `resolver: MEMORY\nresolver_preload: { ${Object.entries(jwts)
    .map(([key, text]) => `${key}: "${text}"`)
    .join(', ')} }`;
