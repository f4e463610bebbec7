import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './command.ts';
import { debianArchive } from './debian-archive.ts';
import type { DebianArchive } from './debian-archive.ts';
import { withLock } from './lock.ts';

export type DebianRequest = {
  /** A suite of the archive: `bookworm`, `trixie`, `sid`. It may be foreign to this machine. */
  readonly suite: string;
  readonly package: string;
  /** Packages brought into the same folder: what `package` can use but does not depend on. */
  readonly alongside?: readonly string[];
  /** Also everything they depend on, down to libc: needed to run what this machine's libraries cannot carry. */
  readonly withDependencies?: boolean;
  readonly env?: NodeJS.ProcessEnv;
};

const projectFolder = path.resolve(import.meta.dirname, '../..');

/** Where brought packages are kept: `NATS_CLOUDWATCH_CACHE`, else a folder that git ignores. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const fallback = path.join(projectFolder, 'node_modules/.cache/nats-cloudwatch');
  return path.resolve(env['NATS_CLOUDWATCH_CACHE'] || fallback);
}

/**
 * Brings a Debian package's files into the cache, without root and without touching the system's apt or dpkg,
 * and gives the folder that holds them as a root (`usr/…`). A package already there is not fetched again.
 * Throws an error that says what this machine lacks.
 */
export async function debianPackage(request: DebianRequest): Promise<string> {
  const env = request.env ?? process.env;
  const folder = path.join(cacheFolder(env), request.suite, request.package);
  if (existsSync(folder)) return folder;

  const suiteFolder = path.dirname(folder);
  await mkdir(suiteFolder, { recursive: true });
  return withLock(await realpath(suiteFolder), async () => {
    if (existsSync(folder)) return folder;
    try {
      const archive = await debianArchive(env);
      await removeUnfinished(suiteFolder);
      const work = await mkdtemp(path.join(suiteFolder, unfinished));
      try {
        await download(request, archive, work, env);
        await extract(work, env);
        await rename(path.join(work, 'root'), folder);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`cannot bring ${request.package} of Debian ${request.suite}: ${reason}`, { cause });
    }
    return folder;
  });
}

const unfinished = '.unfinished-';

async function removeUnfinished(suiteFolder: string): Promise<void> {
  const left = (await readdir(suiteFolder)).filter((name) => name.startsWith(unfinished));
  await Promise.all(left.map((name) => rm(path.join(suiteFolder, name), { recursive: true, force: true })));
}

async function download(
  request: DebianRequest,
  archive: DebianArchive,
  work: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const archives = path.join(work, 'archives');
  for (const folder of ['lists/partial', 'archives/partial', 'root']) {
    await mkdir(path.join(work, folder), { recursive: true });
  }
  const options = [
    'target=Packages',
    ...(archive.keyrings.length > 0 ? [`signed-by=${archive.keyrings.join(',')}`] : []),
  ].join(' ');
  await writeFile(path.join(work, 'sources.list'), `deb [${options}] ${archive.uri} ${request.suite} main\n`);
  await writeFile(path.join(work, 'status'), '');
  await writeFile(path.join(work, 'apt.conf'), aptConfiguration(work, env['APT_CONFIG']));

  const apt = (...args: string[]): Promise<string> =>
    run('apt-get', ['-qq', ...args], {
      cwd: archives,
      env: { ...env, LC_ALL: 'C', APT_CONFIG: path.join(work, 'apt.conf') },
    });
  const packages = [request.package, ...(request.alongside ?? [])];
  await apt('update');
  if (request.withDependencies === true) {
    // With an empty dpkg status nothing counts as installed, so that apt's resolver fetches the whole closure.
    await apt('install', '--yes', '--download-only', '--no-install-recommends', ...packages);
  } else {
    await apt('download', ...packages);
  }
}

/** Read after the machine's own configuration, whose proxies it keeps and whose hooks and pins it drops. */
function aptConfiguration(work: string, outer: string | undefined): string {
  const value = (text: string): string => `"${text}";`;
  return [
    ...(outer ? [`#include ${value(outer)}`] : []),
    '#clear APT::Update;',
    '#clear DPkg;',
    `Dir::Etc::SourceList ${value(path.join(work, 'sources.list'))}`,
    ...['SourceParts', 'Preferences', 'PreferencesParts'].map((name) => `Dir::Etc::${name} "/dev/null";`),
    `Dir::State ${value(work)}`,
    `Dir::State::Lists ${value(path.join(work, 'lists/'))}`,
    `Dir::State::status ${value(path.join(work, 'status'))}`,
    `Dir::Cache ${value(work)}`,
    `Dir::Cache::Archives ${value(path.join(work, 'archives/'))}`,
    'Dir::Cache::pkgcache "";',
    'Dir::Cache::srcpkgcache "";',
    'APT::Default-Release "";',
    'APT::Sandbox::User "root";',
    'APT::Update::Error-Mode "any";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'Debug::NoLocking "true";',
    '',
  ].join('\n');
}

async function extract(work: string, env: NodeJS.ProcessEnv): Promise<void> {
  const archives = path.join(work, 'archives');
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb')).sort();
  if (files.length === 0) throw new Error('apt-get fetched no package');
  for (const file of files) {
    await run('dpkg', ['-x', path.join(archives, file), path.join(work, 'root')], { env });
  }
}
