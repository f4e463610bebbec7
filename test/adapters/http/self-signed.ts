import { generateKeyPairSync, sign } from 'node:crypto';

/** Epoch ms, to the second; before 2050. */
export type Validity = { readonly from: number; readonly until: number };

const longTime: Validity = { from: Date.UTC(2025, 0), until: Date.UTC(2049, 11, 31, 23, 59, 59) };

/** `250101000000Z` */
const utcTime = (at: number): string =>
  `${new Date(at)
    .toISOString()
    .replace(/[-:T]|\..*$/g, '')
    .slice(2)}Z`;

/** An X.509 certificate for `name`, made when needed so that no key is stored: DER by hand, as Node makes none. */
export function selfSigned(name: string, { from, until } = longTime): { key: string; cert: string } {
  const der = (tag: number, ...parts: readonly (Buffer | string)[]): Buffer => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    const long = body.length < 256 ? [0x81] : [0x82, body.length >> 8];
    const length = body.length < 128 ? [body.length] : [...long, body.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
  };
  const sequence = (...parts: readonly (Buffer | string)[]) => der(0x30, ...parts);
  const identifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const algorithm = sequence(identifier('2b6570'));
  const commonName = sequence(der(0x31, sequence(identifier('550403'), der(0x0c, name))));
  const alternativeName = sequence(identifier('551d11'), der(0x04, sequence(der(0x82, name))));
  const body = sequence(
    der(0xa0, der(0x02, '\x02')),
    der(0x02, '\x01'),
    algorithm,
    commonName,
    sequence(der(0x17, utcTime(from)), der(0x17, utcTime(until))),
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName)),
  );
  const certificate = sequence(body, algorithm, der(0x03, '\x00', sign(null, body, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}
