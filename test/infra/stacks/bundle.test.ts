import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../infra/stacks/bundle.ts';
import { emptyPlan } from '../../../lambdas/rules/plan.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const settings = { clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'http://hub1:8222' }] }] };
const folder = path.join(temporaryFolder('bundle'), 'asset');
const read = (name: string, from = folder) => readFileSync(path.join(from, name), 'utf8');
/** With those in folders, by their paths. */
const filesIn = (from: string) =>
  readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)))
    .sort();
const plan = { ...emptyPlan, series: ['gnatsd_varz_mem'] };
const freshCache = () => temporaryFolder('bundle-cache');
beforeAll(() => bundle(folder, settings, plan, freshCache()));

describe('the bundle', () => {
  it('is a module in parts, their source maps, the settings and the rules, and nothing of the sources themselves', () => {
    expect(readdirSync(folder).sort()).toEqual([
      ...['index.mjs', 'index.mjs.map', 'parts', 'rules.json', 'settings.json'],
    ]);
    expect(JSON.parse(read('settings.json'))).toEqual(settings);
    expect(JSON.parse(read('rules.json'))).toEqual(plan);
    const modules = filesIn(folder).filter((name) => name.endsWith('.mjs'));
    for (const name of modules) {
      expect(JSON.parse(read(`${name}.map`))).not.toHaveProperty('sourcesContent');
      const map = `${path.basename(name)}.map`;
      expect(read(name).trimEnd().endsWith(`\n//# sourceMappingURL=${map}`)).toBe(true);
    }
    expect(modules.length).toBeGreaterThan(1);
  });

  it('loads PromQL only where rules are evaluated', () => {
    const loaded = new Set<string>();
    const load = (name: string): void => {
      if (loaded.has(name)) return;
      loaded.add(name);
      for (const [, other = ''] of read(name).matchAll(/from"(\.[^"]+\.mjs)"/g))
        load(path.join(path.dirname(name), other));
    };
    load('index.mjs');
    const knowsPromql = (name: string) => read(name).includes('many-to-many');
    expect([...loaded].filter(knowsPromql)).toEqual([]);
    const modules = filesIn(folder).filter((name) => name.endsWith('.mjs'));
    expect([modules.filter(knowsPromql).length, loaded.size > 1]).toEqual([1, true]);
  });

  it('has what matches by patterns in linear time in a part of its own, that only such patterns load', () => {
    const modules = filesIn(folder).filter((name) => name.endsWith('.mjs'));
    const parts = modules.filter((name) => read(name).includes('RE2JSSyntaxException'));
    expect(parts.length).toBe(1);
    const [part = ''] = parts;
    const base = path.basename(part);
    const importers = modules.filter((name) => read(name).includes(base) && name !== part);
    expect(
      importers.map((name) => [
        read(name).includes(`import("./${base}")`),
        read(name).includes(`from"./${base}"`),
      ]),
    ).toEqual([[true, false]]);
  });

  it('is the same wherever it is made, so that a deployment without changes changes nothing', () => {
    const elsewhere = path.join(temporaryFolder('bundle-again'), 'some', 'where');
    bundle(elsewhere, settings, plan, freshCache());
    expect(filesIn(elsewhere)).toEqual(filesIn(folder));
    for (const name of filesIn(folder)) {
      expect(read(name, elsewhere) === read(name)).toBe(true);
      expect(read(name)).not.toContain(process.cwd());
    }
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
