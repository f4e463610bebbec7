import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { openWire } from '../services/wire.ts';

/** Configuration of a server in operator mode that knows no account: every login fails, and its row carries the JWT. */
export function operatorConfig(): string {
  const operator = nkey();
  const claims = { iss: operator.id, sub: operator.id, iat: 1_790_000_000, jti: 'operator' };
  const unsigned = [
    { typ: 'JWT', alg: 'ed25519-nkey' },
    { ...claims, nats: { type: 'operator', version: 2 } },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign(null, Buffer.from(unsigned), operator.privateKey).toString('base64url');
  return `operator: ${unsigned}.${signature}\nresolver: MEMORY`;
}

/** Tries to log in with a JWT, and resolves when the server has closed the connection. */
export async function refusedJwt(port: number, name: string, jwt: string): Promise<void> {
  const wire = openWire({ port });
  const options = { jwt, name, lang: 'node', version: '1.0.0', verbose: false, pedantic: false };
  wire.send(`CONNECT ${JSON.stringify(options)}\r\nPING\r\n`);
  await wire.closed;
}

/** Makes an id begin with O. */
const operatorPrefix = 14 << 3;

/** A key pair with its public key as NATS writes it: Base32 of a prefix, the key and their CRC-16. */
function nkey(): { readonly id: string; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const body = Buffer.from([operatorPrefix, ...key]);
  const checksum = crc16(body);
  return { id: base32(Buffer.from([...body, checksum & 0xff, checksum >> 8])), privateKey };
}

/** XMODEM's: polynomial 0x1021, from 0. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits.map((digit) => alphabet[Number.parseInt(digit.padEnd(5, '0'), 2)]).join('');
}
