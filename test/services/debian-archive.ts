import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { onPath, run } from './command.ts';

/** Where this machine fetches Debian from, as its own apt configuration has it. */
export type DebianArchive = { readonly uri: string; readonly keyrings: readonly string[] };

/** Fields of `apt-get indextargets`, in the order we ask for them. Sourcesentry is `file:line` or `file:stanza`. */
const fields = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SOURCESENTRY)';

/** Signs every suite, sid included; a machine's own entry may name a keyring of one suite only. */
const archiveKeyrings = [
  '/usr/share/keyrings/debian-archive-keyring.pgp',
  '/usr/share/keyrings/debian-archive-keyring.gpg',
];

/**
 * Finds the archive among the machine's apt sources: the entry that serves `main` of Debian itself (not its updates,
 * not its security archive, not another party's repository).
 * Throws an error that says what is lacking: apt or dpkg, Debian, or such an entry.
 */
export async function debianArchive(env: NodeJS.ProcessEnv = process.env): Promise<DebianArchive> {
  for (const tool of ['apt-get', 'dpkg']) {
    if ((await onPath(tool, env)) === undefined) throw new Error(`${tool} is not on PATH`);
  }
  const { id, codename } = await operatingSystem();
  if (id !== 'debian') throw new Error(`this machine runs ${id}, not Debian`);

  const targets = await run('apt-get', ['indextargets', '--no-release-info', '--format', fields], { env });
  const rows = targets
    .split('\n')
    .map((line) => line.split('|'))
    .map(([uri = '', release = '', component = '', entry = '']) => ({ uri, release, component, entry }));
  const suites = new Set([codename, 'stable', 'testing', 'unstable', 'sid', 'oldstable']);
  const candidates = rows.filter(
    ({ uri, release, component }) =>
      component === 'main' && suites.has(release) && uri !== '' && !uri.startsWith('cdrom:'),
  );
  // Debian's own mirrors are listed with `<suite>-updates` too, other parties' repositories are not.
  const debians = (uri: string): boolean =>
    rows.some((row) => row.uri === uri && row.release.endsWith('-updates'));
  const chosen = candidates.find(({ uri }) => debians(uri)) ?? candidates[0];
  if (chosen === undefined) throw new Error(`apt's sources have no entry for ${codename} main`);

  const keyrings = [...(await signedBy(chosen.entry)), ...archiveKeyrings.filter(existsSync).slice(0, 1)];
  return { uri: chosen.uri, keyrings: [...new Set(keyrings)] };
}

async function operatingSystem(): Promise<{ readonly id: string; readonly codename: string }> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? '';
  return { id: field('ID') || process.platform, codename: field('VERSION_CODENAME') };
}

/** The keyring files of an entry: a one-line list counts lines, a deb822 `.sources` file counts stanzas. */
async function signedBy(entry: string): Promise<readonly string[]> {
  const [, file = '', position = ''] = /^(.*):(\d+)$/.exec(entry) ?? [];
  const text = await readFile(file, 'utf8').catch(() => '');
  const parts = file.endsWith('.sources')
    ? text.split(/\n\s*\n/).filter((part) => /^\w/m.test(part))
    : text.split('\n');
  const value = /signed-by\s*[:=]([^\]\n]*)/i.exec(parts[Number(position) - 1] ?? '')?.[1] ?? '';
  return value.split(/[\s,]+/).filter((word) => word.startsWith('/') && existsSync(word));
}
