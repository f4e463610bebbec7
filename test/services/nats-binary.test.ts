import path from 'node:path';
import { expect, it } from 'vitest';
import { natsServer, natsVersions } from './nats-binary.ts';
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
    `no nats-server 2.9.10: ${other} is another version; cannot bring nats-server of Debian bookworm: ` +
      'apt-get is not on PATH; set NATS_SERVER_2_9_10 to its file',
  );
});

it.each(natsVersions)('%s is found or brought on this machine', async (version) => {
  const binary = await natsServer(version);
  expect(path.basename(binary.path)).toBe('nats-server');
  expect(binary.version.split('.')[0]).toBe('2');
});
