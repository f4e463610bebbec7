import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { liveTemplate } from '../infra/live-stacks.ts';
import { awsEndpoint } from '../infra/unsigned.ts';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/**
 * The code of a stack's functions as it was uploaded, unpacked.
 * @returns its folder, and the archive's SHA-256 in Base64, which Lambda calls CodeSha256
 * @throws Error if the functions do not share one archive
 */
export async function deployedCode(
  moto: Moto,
  stack: string,
): Promise<{ readonly folder: string; readonly sha256: string }> {
  const { Resources } = await liveTemplate(awsEndpoint(moto), stack);
  const keys = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties?.['Code'] as { readonly S3Key: string }).S3Key);
  const [key] = keys;
  if (key === undefined || new Set(keys).size > 1)
    throw new Error(`the archives of ${stack}: ${keys.join(', ')}`);
  const bucket = `cdk-hnb659fds-assets-${moto.account}-${moto.region}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${moto.region}/s3/aws4_request, SignedHeaders=host, Signature=none`;
  const reply = await fetch(`${moto.endpoint}/${bucket}/${key}`, { headers: { authorization } });
  if (!reply.ok) throw new Error(`${bucket}/${key}: ${reply.status}`);
  const archive = Buffer.from(await reply.arrayBuffer());
  const folder = temporaryFolder('code');
  for (const { name, content } of unzip(archive)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return { folder, sha256: createHash('sha256').update(archive).digest('base64') };
}

const stored = 0;

/** The files of a zip archive: its end has their number and the offset of its directory (APPNOTE.TXT 4.3.12, 4.3.16). */
function unzip(archive: Buffer): readonly { readonly name: string; readonly content: Buffer }[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`not a zip archive: ${archive.length} bytes`);
  let entry = archive.readUInt32LE(end + 16);
  return Array.from({ length: archive.readUInt16LE(end + 10) }, () => {
    const [size, local] = [archive.readUInt32LE(entry + 20), archive.readUInt32LE(entry + 42)];
    const nameLength = archive.readUInt16LE(entry + 28);
    const name = archive.toString('utf8', entry + 46, entry + 46 + nameLength);
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(from, from + size);
    const content = archive.readUInt16LE(entry + 10) === stored ? packed : inflateRawSync(packed);
    entry += 46 + nameLength + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
    return { name, content };
  });
}
