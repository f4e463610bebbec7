import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** An nkey: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth */
type Nkey = { readonly public: string; readonly key: KeyObject };

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

function newKey(kind: Kind): Nkey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const body = Buffer.concat([Buffer.from([prefixes[kind]]), raw]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crc16(body));
  return { public: encodeBase32(Buffer.concat([body, check])), key: privateKey };
}

function jwt(kind: Kind, subject: Nkey, issuer: Nkey, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const nats = { ...claims, type: kind, version: 2 };
  const claim = { iat: Math.floor(Date.now() / 1_000), iss: issuer.public, sub: subject.public, name: kind };
  const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part({ ...claim, nats })}`;
  return `${signed}.${sign(null, Buffer.from(signed), issuer.key).toString('base64url')}`;
}

const unlimited = { subs: -1, data: -1, payload: -1 };

/** An operator with one account and one user of it, whose JWT alone lets him in. */
export function newOperator(): { readonly config: string; readonly userJwt: string } {
  const [operator, account, user] = [newKey('operator'), newKey('account'), newKey('user')];
  const limits = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const accountJwt = jwt('account', account, operator, { limits });
  return {
    config: `operator: "${jwt('operator', operator, operator, {})}"
resolver: MEMORY
resolver_preload: { ${account.public}: "${accountJwt}" }`,
    userJwt: jwt('user', user, account, { ...unlimited, bearer_token: true }),
  };
}
