import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onPath, run } from './command.ts';
import { debianArchive } from './debian-archive.ts';
import { debianPackage } from './debian.ts';
import { script } from './executables.ts';
import { temporaryFolder } from './temporary-folder.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** An environment in which apt reads these source lists instead of the machine's. */
async function aptWith(files: Readonly<Record<string, string>>): Promise<NodeJS.ProcessEnv> {
  const folder = temporaryFolder('apt');
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  await writeFile(
    path.join(folder, 'apt.conf'),
    `Dir::Etc::SourceList "/dev/null"; Dir::Etc::SourceParts "${folder}";`,
  );
  return { ...process.env, APT_CONFIG: path.join(folder, 'apt.conf') };
}

describe("the archive's address", () => {
  it('is taken from a deb822 file, past the entries of others and of security', async () => {
    const env = await aptWith({
      'a-vendor.sources': 'Types: deb\nURIs: http://vendor.example/linux\nSuites: stable\nComponents: main\n',
      'debian.sources': `Types: deb
URIs: http://archive.example/debian-security
Suites: stable-security
Components: main

# The next one is it.

Types: deb
URIs: http://archive.example/debian
Suites: stable stable-updates
Components: main contrib
Signed-By: ${keyring}
`,
    });
    expect(await debianArchive(env)).toEqual({ uri: 'http://archive.example/debian/', keyrings: [keyring] });
  });

  it('is taken from a one-line list with its keyring', async () => {
    const own = '/usr/share/keyrings/debian-archive-removed-keys.gpg';
    const env = await aptWith({
      'debian.list': `# deb http://old.example/debian stable main
deb [arch=amd64 signed-by=${own}] http://archive.example/debian sid main
`,
    });
    expect(await debianArchive(env)).toEqual({
      uri: 'http://archive.example/debian/',
      keyrings: [own, keyring],
    });
  });

  it('is not found where apt has no entry for Debian itself', async () => {
    const env = await aptWith({
      'vendor.list': 'deb http://vendor.example/linux nodistro main\n',
    });
    await expect(debianArchive(env)).rejects.toThrow(/apt's sources have no entry for \w+ main/);
  });
});

describe('a package', () => {
  it('is fetched once by those who ask at the same time, with nothing unfinished left behind', async () => {
    const cache = temporaryFolder('cache');
    const folder = await countingApt();
    const env = {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      NATS_CLOUDWATCH_CACHE: cache,
    };
    await mkdir(path.join(cache, 'bookworm/.unfinished-by-a-crash/root'), { recursive: true });

    const asked = [1, 2, 3].map(() => debianPackage({ suite: 'bookworm', package: 'nats-server', env }));
    const brought = path.join(cache, 'bookworm/nats-server');
    expect(await Promise.all(asked)).toEqual([brought, brought, brought]);
    expect(await readdir(path.join(cache, 'bookworm'))).toEqual(['nats-server']);
    expect(await readdir(path.join(folder, 'calls'))).toHaveLength(3); // indextargets, update, download
    expect(await run(path.join(brought, 'usr/sbin/nats-server'), ['--version'])).toMatch(/v2\.9\./);
  });

  it('that the suite does not have is an error that names both, and leaves nothing', async () => {
    const cache = temporaryFolder('cache');
    const env = { ...process.env, NATS_CLOUDWATCH_CACHE: cache };
    await expect(debianPackage({ suite: 'bookworm', package: 'no-such-package', env })).rejects.toThrow(
      /cannot bring no-such-package of Debian bookworm: .*Unable to locate package no-such-package/s,
    );
    expect(await readdir(path.join(cache, 'bookworm'))).toEqual([]);
  });

  it('cannot be brought without apt, and the error says so', async () => {
    const cache = temporaryFolder('cache');
    const env = { PATH: temporaryFolder('empty'), NATS_CLOUDWATCH_CACHE: cache };
    await expect(debianPackage({ suite: 'sid', package: 'nats-server', env })).rejects.toThrow(
      'cannot bring nats-server of Debian sid: apt-get is not on PATH',
    );
    expect(existsSync(path.join(cache, 'sid/nats-server'))).toBe(false);
  });
});

/** A folder whose `apt-get` leaves a file in `calls` each time it runs, then is the real one. */
async function countingApt(): Promise<string> {
  const folder = temporaryFolder('counting');
  await mkdir(path.join(folder, 'calls'));
  const real = await onPath('apt-get');
  await script(folder, 'apt-get', `touch ${folder}/calls/$$`, `exec ${real} "$@"`);
  return folder;
}
