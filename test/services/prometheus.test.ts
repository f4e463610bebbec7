import path from 'node:path';
import { expect, it } from 'vitest';
import { script } from './executables.ts';
import { prometheusProgram } from './prometheus.ts';
import { temporaryFolder } from './temporary-folder.ts';

const standIn = (folder: string, version: string): Promise<string> =>
  script(folder, 'promtool', `echo "promtool, version ${version} (branch: x)"`);

it('is the one on PATH when that is of the major version asked for', async () => {
  const folder = temporaryFolder('path');
  const file = await standIn(folder, '3.1.0');
  expect(await prometheusProgram('promtool', 3, { PATH: folder })).toEqual({ path: file, version: '3.1.0' });
});

it('is the file that the environment names, whatever is on PATH', async () => {
  const [onPath, named] = [temporaryFolder('path'), temporaryFolder('named')];
  await standIn(onPath, '2.42.0');
  const file = await standIn(named, '2.53.3');
  expect(await prometheusProgram('promtool', 2, { PATH: onPath, PROMTOOL_2: file })).toEqual({
    path: file,
    version: '2.53.3',
  });
});

it('is an error that says what is lacking when it is nowhere', async () => {
  const folder = temporaryFolder('path');
  const other = await standIn(folder, '2.42.0');
  const env = { PATH: folder, NATS_CLOUDWATCH_CACHE: temporaryFolder('cache') };
  await expect(prometheusProgram('promtool', 3, env)).rejects.toThrow(
    `no promtool 3: ${other} is another version; cannot bring promtool of Debian sid: ` +
      'apt-get is not on PATH; set PROMTOOL_3 to its file',
  );
});

it.each([2, 3] as const)('promtool and prometheus %s are found or brought on this machine', async (major) => {
  for (const program of ['promtool', 'prometheus'] as const) {
    const binary = await prometheusProgram(program, major);
    expect([path.basename(binary.path), binary.version.split('.')[0]]).toEqual([program, String(major)]);
  }
});
