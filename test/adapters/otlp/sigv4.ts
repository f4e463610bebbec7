import { createHash, createHmac } from 'node:crypto';
import type { Received } from './server.ts';

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Whose signature a request has, and over what. */
export type Signed = {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

/** What the `authorization` of a request says: `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. */
export function signedBy({ headers }: Received): Signed {
  const form =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, accessKeyId = '', region = '', service = '', names = '', signature = ''] =
    form.exec(headers.authorization ?? '') ?? [];
  return { accessKeyId, region, service, signedHeaders: names.split(';'), signature };
}

/** The signature that a request should have, worked out from what came and the secret key: AWS Signature Version 4. */
export function signatureOf(request: Received, secretAccessKey: string): string {
  const { method, path, headers, raw } = request;
  const { region, service, signedHeaders } = signedBy(request);
  const canonical = [
    method,
    path,
    '',
    ...signedHeaders.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signedHeaders.join(';'),
    sha256(raw),
  ].join('\n');
  const time = String(headers['x-amz-date']);
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
}
