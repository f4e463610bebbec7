import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SettingsProblem } from '../../lambdas/settings.ts';

type Fields = Readonly<Record<string, unknown>>;
type Certificates = { readonly pem: string } | { readonly problem: string };

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Settings as read from `file`, where each target's `tls.ca` holds the certificates themselves, those of `tls.caFile` too.
 * What has another shape is left for the schema to refuse. Beside them each place that gives no certificate, without which its
 * target is left.
 */
export function withCertificates(
  raw: unknown,
  file: string,
): { readonly raw: unknown; readonly problems: readonly SettingsProblem[] } {
  if (!isRecord(raw) || !Array.isArray(raw['clusters'])) return { raw, problems: [] };
  const problems: SettingsProblem[] = [];
  const folder = path.dirname(path.resolve(file));
  const clusters = raw['clusters'].map((cluster: unknown, i) => {
    if (!isRecord(cluster) || !Array.isArray(cluster['targets'])) return cluster;
    const targets = cluster['targets'].map((target: unknown, j) => {
      if (!isRecord(target) || !isRecord(target['tls'])) return target;
      const { ca, caFile, ...tls } = target['tls'];
      if (ca === undefined && caFile === undefined) return target;
      const [key, read] =
        caFile === undefined
          ? (['ca', inline(ca)] as const)
          : (['caFile', ofFile(folder, caFile, ca)] as const);
      if ('pem' in read) return { ...target, tls: { ...tls, ca: read.pem } };
      problems.push({ path: ['clusters', i, 'targets', j, 'tls', key], message: read.problem });
      return { ...target, tls };
    });
    return { ...cluster, targets };
  });
  return { raw: { ...raw, clusters }, problems };
}

function inline(ca: unknown): Certificates {
  if (typeof ca !== 'string') return { problem: 'expected the text of PEM certificates' };
  // Settings are kept and sent on as they are written.
  if (holdsKey(ca)) return { problem: 'holds a private key: give the certificates of the authority alone' };
  const read = certificatesIn(ca);
  if ('pem' in read) return read;
  const isPath = /^[^\n]+\.(pem|crt|cer|ca-bundle)$/i.test(ca.trim());
  return { problem: `${read.problem}${isPath ? '; a file is named by caFile' : ''}` };
}

function ofFile(folder: string, name: unknown, ca: unknown): Certificates {
  if (ca !== undefined) return { problem: 'give either ca or caFile' };
  if (typeof name !== 'string' || name === '') return { problem: 'expected the path of a PEM file' };
  const file = path.resolve(folder, name);
  try {
    const read = certificatesIn(readFileSync(file, 'utf8'));
    return 'pem' in read ? read : { problem: `${file} ${read.problem}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' ? `no such file: ${file}` : `${file} cannot be read (${code})` };
  }
}

const holdsKey = (text: string): boolean => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);

/** The certificates of a PEM text without what else stands in it, a key above all. */
function certificatesIn(text: string): Certificates {
  const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (begun === 0) {
    const instead = holdsKey(text) ? 'a private key and ' : '';
    return { problem: `holds ${instead}no PEM certificate (-----BEGIN CERTIFICATE-----)` };
  }
  if (found.length < begun)
    return { problem: `cannot be read as PEM certificates: ${begun} begin, ${found.length} end` };
  for (const [i, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return { problem: `cannot be read as PEM certificates: number ${i + 1} is damaged (${code})` };
    }
  }
  return { pem: `${found.join('\n')}\n` };
}
