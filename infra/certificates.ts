import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SettingsError } from '../lambdas/settings.ts';

type Problem = { readonly path: readonly (string | number)[]; readonly message: string };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Settings as read from `file`, each target's `tls.caFile` replaced by `tls.ca`, the certificates themselves.
 * What has another shape is left for the schema to refuse.
 * @throws SettingsError naming each file that holds no certificate
 */
export function withCertificates(raw: unknown, file: string): unknown {
  if (!isRecord(raw) || !Array.isArray(raw['clusters'])) return raw;
  const problems: Problem[] = [];
  const folder = path.dirname(path.resolve(file));
  const clusters = raw['clusters'].map((cluster: unknown, i) => {
    if (!isRecord(cluster) || !Array.isArray(cluster['targets'])) return cluster;
    const targets = cluster['targets'].map((target: unknown, j) => {
      if (!isRecord(target) || !isRecord(target['tls']) || target['tls']['caFile'] === undefined)
        return target;
      const { caFile, ...tls } = target['tls'];
      const read =
        tls['ca'] === undefined ? readCertificates(folder, caFile) : { problem: 'give either ca or caFile' };
      if ('pem' in read) return { ...target, tls: { ...tls, ca: read.pem } };
      problems.push({ path: ['clusters', i, 'targets', j, 'tls', 'caFile'], message: read.problem });
      return target;
    });
    return { ...cluster, targets };
  });
  if (problems.length > 0) throw new SettingsError(file, problems);
  return { ...raw, clusters };
}

/** The certificates of a PEM file without what else stands in it, a key above all. */
function readCertificates(
  folder: string,
  name: unknown,
): { readonly pem: string } | { readonly problem: string } {
  if (typeof name !== 'string' || name === '') return { problem: 'expected the path of a PEM file' };
  const file = path.resolve(folder, name);
  try {
    const found =
      readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
    if (found.length === 0)
      return { problem: `${file} holds no PEM certificate (-----BEGIN CERTIFICATE-----)` };
    for (const pem of found) new X509Certificate(pem);
    return { pem: `${found.join('\n')}\n` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      problem:
        code === 'ENOENT' ? `no such file: ${file}` : `${file} cannot be read as PEM certificates (${code})`,
    };
  }
}
