import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anyNatsServer, natsServer, natsVersions } from './nats-binary.ts';
import { script } from './executables.ts';
import { temporaryFolder } from './temporary-folder.ts';

const standIn = (folder: string, version: string): Promise<string> =>
  script(folder, 'nats-server', `echo "nats-server: v${version}"`);

it('is the one on PATH when that is the version asked for', async () => {
  const folder = temporaryFolder('path');
  const file = await standIn(folder, '2.10.27');
  expect(await natsServer('2.10.27', { PATH: folder })).toEqual({ path: file, version: '2.10.27' });
});

it('is the file that the environment names, whatever is on PATH, with the version it prints', async () => {
  const [onPath, named] = [temporaryFolder('path'), temporaryFolder('named')];
  await standIn(onPath, '2.15.1');
  const file = await standIn(named, '2.16.0-beta.1');
  expect(await natsServer('2.15.1', { PATH: onPath, NATS_SERVER_2_15_1: file })).toEqual({
    path: file,
    version: '2.16.0-beta.1',
  });
});

it('is an error that says what is lacking when it is nowhere', async () => {
  const folder = temporaryFolder('path');
  const other = await standIn(folder, '2.10.27');
  const env = { PATH: folder, NATS_CLOUDWATCH_CACHE: temporaryFolder('cache') };
  await expect(natsServer('2.9.10', env)).rejects.toThrow(
    `no nats-server 2.9.10: ${other} is 2.10.27; cannot bring nats-server of Debian bookworm: ` +
      'apt-get is not on PATH; set NATS_SERVER_2_9_10 to its file',
  );
});

it.each(natsVersions)('%s is found or brought on this machine', async (version) => {
  const binary = await natsServer(version);
  expect(path.basename(binary.path)).toBe('nats-server');
  expect(binary.version.split('.')[0]).toBe('2');
});

describe('for the demo', () => {
  it.each(['2.9.10', '2.11.3', '2.16.0-beta.1', '3.0.0'])('%s on PATH will do', async (version) => {
    const folder = temporaryFolder('path');
    const file = await standIn(folder, version);
    expect(await anyNatsServer({ PATH: folder })).toEqual({ path: file, version });
  });

  it('a file that the environment names goes before the one on PATH, the newest first', async () => {
    const [onPath, older, newer] = [temporaryFolder('path'), temporaryFolder('old'), temporaryFolder('new')];
    await standIn(onPath, '2.15.1');
    const env = { PATH: onPath, NATS_SERVER_2_9_10: await standIn(older, '2.9.10') };
    expect((await anyNatsServer(env)).version).toBe('2.9.10');
    const file = await standIn(newer, '2.10.29');
    expect(await anyNatsServer({ ...env, NATS_SERVER_2_10_27: file })).toEqual({
      path: file,
      version: '2.10.29',
    });
  });

  it.each([
    ['2.9.9', 'is 2.9.9'],
    ['none', 'is of no known version'],
  ])('%s on PATH will not do, and without apt the error says what would', async (version, seen) => {
    const folder = temporaryFolder('path');
    const file = await standIn(folder, version);
    const env = { PATH: folder, NATS_CLOUDWATCH_CACHE: temporaryFolder('cache') };
    await expect(anyNatsServer(env)).rejects.toThrow(
      `no nats-server from 2.9.10 on: ${file} ${seen}; cannot bring nats-server of Debian sid: ` +
        'apt-get is not on PATH; set NATS_SERVER_2_15_1 to its file',
    );
  });
});
