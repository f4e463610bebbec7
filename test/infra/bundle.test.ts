import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../infra/bundle.ts';
import { emptyPlan } from '../../lambdas/rules/plan.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

const settings = { clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'http://hub1:8222' }] }] };
const folder = path.join(temporaryFolder('bundle'), 'asset');
const read = (name: string, from = folder) => readFileSync(path.join(from, name), 'utf8');
const plan = { ...emptyPlan, series: ['gnatsd_varz_mem'] };
beforeAll(() => bundle(folder, settings, plan));

describe('the bundle', () => {
  it('is a module, its source map, the settings and the rules, and nothing of the sources themselves', () => {
    expect(readdirSync(folder).sort()).toEqual([
      ...['index.mjs', 'index.mjs.map', 'rules.json', 'settings.json'],
    ]);
    expect(JSON.parse(read('settings.json'))).toEqual(settings);
    expect(JSON.parse(read('rules.json'))).toEqual(plan);
    expect(JSON.parse(read('index.mjs.map'))).not.toHaveProperty('sourcesContent');
    expect(read('index.mjs').trimEnd()).toMatch(/\n\/\/# sourceMappingURL=index\.mjs\.map$/);
  });

  it('is the same wherever it is made, so that a deployment without changes changes nothing', () => {
    const elsewhere = path.join(temporaryFolder('bundle-again'), 'some', 'where');
    bundle(elsewhere, settings, plan);
    for (const name of readdirSync(folder)) expect(read(name, elsewhere) === read(name)).toBe(true);
    expect(read('index.mjs.map')).not.toContain(process.cwd());
  });

  it('needs nothing beside it but Node, and its errors name the sources', async () => {
    const load = promisify(execFile)(
      process.execPath,
      ['--enable-source-maps', path.join(folder, 'index.mjs')],
      {
        cwd: folder,
        env: {},
      },
    );
    await expect(load).rejects.toMatchObject({
      stderr: expect.stringMatching(
        /environment variable CHECK_ID is not set: the stack sets it on every function\n\s+at .*lambdas\/handler\.ts:\d+/,
      ) as string,
    });
  });
});
