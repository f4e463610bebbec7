import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const project = path.resolve(import.meta.dirname, '..');

/** What each file of the product imports, types included: files by their path in the project, packages by name. */
let importsOf: ReadonlyMap<string, readonly string[]>;
let circles: readonly string[];
beforeAll(async () => {
  const { output } = await cruise(
    ['lambdas', 'infra'],
    {
      baseDir: project,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      validate: true,
      ruleSet: { forbidden: [{ name: 'circle', severity: 'error', from: {}, to: { circular: true } }] },
    },
    { extensions: ['.ts'] },
  );
  const { modules, summary } = output as ICruiseResult;
  const isOurs = (file: string) => /^(lambdas|infra|test)\//.test(file);
  importsOf = new Map(
    modules
      .filter(({ source }) => isOurs(source))
      .map(({ source, dependencies }) => [
        source,
        dependencies.map(({ resolved, module, coreModule }) =>
          isOurs(resolved) ? resolved : coreModule ? `node:${module.replace('node:', '')}` : module,
        ),
      ]),
  );
  circles = summary.violations.map(({ from, to }) => `${from} -> ${to}`);
});

const filesOf = (pattern: RegExp) => [...importsOf.keys()].filter((file) => pattern.test(file));

/** `file -> import` for each import that none of these patterns allows. */
const strangers = (files: readonly string[], allowed: readonly RegExp[]): readonly string[] =>
  files.flatMap((file) =>
    (importsOf.get(file) ?? [])
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `${file} -> ${name}`),
  );

/** A folder's or file's own files. */
const within = (place: string) =>
  new RegExp(`^${place.replaceAll('.', '\\.')}${place.endsWith('.ts') ? '$' : '/'}`);

/** Of each floor of the house, from the ground up: what it may import. The README of each folder says so in words. */
const floors: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'lambdas/durations.ts': [],
  'lambdas/environment.ts': [],
  'lambdas/promql': [/^(re2js|@prometheus-io\/lezer-promql|@lezer\/(common|lr))$/],
  'lambdas/limits.ts': ['lambdas/durations.ts'],
  'lambdas/text-hash.ts': [],
  'lambdas/history': ['lambdas/durations.ts', 'lambdas/limits.ts', 'lambdas/text-hash.ts'],
  'lambdas/readings': ['lambdas/durations.ts', 'lambdas/text-hash.ts', /^zod\/mini$/],
  'lambdas/definitions': ['lambdas/durations.ts', 'lambdas/limits.ts', 'lambdas/history', 'lambdas/readings'],
  'lambdas/define.ts': [
    ...['lambdas/definitions', 'lambdas/durations.ts', 'lambdas/limits.ts'],
    ...['lambdas/history', 'lambdas/readings'],
  ],
  'lambdas/ports.ts': ['lambdas/limits.ts', 'lambdas/readings'],
  'lambdas/engine': [
    ...['lambdas/durations.ts', 'lambdas/limits.ts', 'lambdas/history', 'lambdas/readings'],
    ...['lambdas/define.ts', 'lambdas/ports.ts', 'lambdas/text-hash.ts'],
  ],
  'lambdas/diagnoses': [
    ...['lambdas/define.ts', 'lambdas/history/window.ts', 'lambdas/readings'],
    /^lambdas\/engine\/(asset-patterns|client-patterns|format|versions|close-reasons|endpoint-path|unseen)\.ts$/,
  ],
  'lambdas/checks': ['lambdas/define.ts', 'lambdas/diagnoses', 'lambdas/engine/close-reasons.ts'],
  'lambdas/series': ['lambdas/readings', 'lambdas/ports.ts'],
  'lambdas/adapters': [
    ...[
      'lambdas/durations.ts',
      'lambdas/define.ts',
      'lambdas/ports.ts',
      'lambdas/readings',
      'lambdas/engine',
    ],
    ...['lambdas/environment.ts', 'lambdas/promql'],
    /^(node:|@aws-sdk\/|@smithy\/signature-v4$|undici|zod)/,
  ],
  'lambdas/rules': [
    ...[
      'lambdas/durations.ts',
      'lambdas/limits.ts',
      'lambdas/readings',
      'lambdas/define.ts',
      'lambdas/ports.ts',
    ],
    ...['lambdas/engine', 'lambdas/series', 'lambdas/promql', 'lambdas/adapters/memory/codec.ts'],
    /^zod\/mini$/,
  ],
  'lambdas/settings': [
    ...['lambdas/durations.ts', 'lambdas/readings', 'lambdas/ports.ts', 'lambdas/engine'],
    /^zod\//,
  ],
  'lambdas/settings.ts': [
    ...[
      'lambdas/settings',
      'lambdas/durations.ts',
      'lambdas/limits.ts',
      'lambdas/readings',
      'lambdas/define.ts',
      'lambdas/ports.ts',
      'lambdas/engine',
    ],
    /^zod\//,
  ],
  'lambdas/run': [
    ...[
      'lambdas/durations.ts',
      'lambdas/limits.ts',
      'lambdas/history',
      'lambdas/readings',
      'lambdas/define.ts',
    ],
    ...['lambdas/ports.ts', 'lambdas/engine', 'lambdas/rules', 'lambdas/settings.ts', 'lambdas/text-hash.ts'],
    ...['lambdas/adapters/memory/codec.ts', 'lambdas/environment.ts'],
  ],
  'lambdas/handler.ts': [/^lambdas\//, /^(node:|@aws-sdk\/)/],
  'infra/cloudwatch': [
    /^lambdas\/(define|durations|limits)\.ts$/,
    /^lambdas\/(engine\/links|rules\/rule)\.ts$/,
  ],
  'infra/settings': [
    'infra/cloudwatch',
    'lambdas/durations.ts',
    'lambdas/promql',
    'lambdas/settings.ts',
    /^(node:|zod$)/,
  ],
  'infra/rules': [
    ...[
      'infra/cloudwatch',
      'infra/settings',
      'lambdas/define.ts',
      'lambdas/durations.ts',
      'lambdas/limits.ts',
    ],
    ...['lambdas/settings.ts', 'lambdas/promql', 'lambdas/series', 'lambdas/rules'],
    /^lambdas\/engine\/(alarm-names|format|links|nearest)\.ts$/,
    /^(node:|yaml$)/,
  ],
  'infra/settings.ts': [
    ...[
      'infra/settings',
      'infra/rules',
      'lambdas/checks/catalogue.ts',
      'lambdas/define.ts',
      'lambdas/limits.ts',
    ],
    ...['lambdas/settings.ts', 'lambdas/engine/nearest.ts', /^(node:|yaml$|zod$)/],
  ],
  'infra/alarms': [
    ...['infra/cloudwatch', 'infra/settings', 'infra/rules', 'lambdas/define.ts', 'lambdas/durations.ts'],
    ...['lambdas/limits.ts', 'lambdas/settings.ts', 'lambdas/ports.ts'],
    ...['lambdas/promql', 'lambdas/series', 'lambdas/rules', 'lambdas/engine'],
    /^node:/,
  ],
  'infra/dashboard': [
    ...['infra/cloudwatch', 'infra/settings', 'infra/alarms', 'lambdas/define.ts', 'lambdas/durations.ts'],
    ...['lambdas/limits.ts', 'lambdas/settings.ts', 'lambdas/engine', 'lambdas/rules'],
  ],
  'infra/cost': [
    ...['infra/alarms', 'infra/cloudwatch', 'infra/settings', 'infra/settings.ts', 'infra/rules'],
    ...[
      'infra/command-line.ts',
      'infra/command-failure.ts',
      'lambdas/define.ts',
      'lambdas/durations.ts',
      'lambdas/checks/catalogue.ts',
    ],
    ...['lambdas/settings.ts', 'lambdas/promql', 'lambdas/series', 'lambdas/rules', 'lambdas/engine'],
  ],
  'infra/stacks': [
    ...[
      'infra/cloudwatch',
      'infra/settings',
      'lambdas/define.ts',
      'lambdas/limits.ts',
      'lambdas/environment.ts',
    ],
    ...['lambdas/rules/plan.ts', /^(node:|aws-cdk-lib|constructs$|esbuild$)/],
  ],
  'infra/shared-urls.ts': ['lambdas/settings.ts', 'lambdas/engine/format.ts'],
  'infra/note.ts': [
    ...['infra/cloudwatch', 'infra/settings', 'infra/rules', 'infra/alarms', 'infra/cost'],
    ...['infra/shared-urls.ts', 'lambdas/define.ts', 'lambdas/engine/format.ts'],
  ],
  'infra/given.ts': ['infra/settings', 'lambdas/settings.ts', /^aws-cdk-lib/],
  'infra/nats-watch.ts': [
    ...['infra/cloudwatch', 'infra/settings', 'infra/settings.ts', 'infra/rules', 'infra/alarms'],
    ...[
      'infra/cost',
      'infra/dashboard',
      'infra/stacks',
      'infra/given.ts',
      'infra/note.ts',
      'lambdas/define.ts',
      'lambdas/checks/catalogue.ts',
    ],
    /^(node:|aws-cdk-lib|constructs$)/,
  ],
  'infra/deployment.ts': ['infra/nats-watch.ts', 'infra/settings', /^aws-cdk-lib/],
  'infra/tool': [
    ...['infra/cloudwatch', 'infra/settings', 'infra/settings.ts', 'infra/rules'],
    ...['infra/stacks/alarm-groups.ts', 'lambdas/durations.ts', 'lambdas/limits.ts', 'lambdas/settings.ts'],
    ...['lambdas/promql', 'lambdas/series', 'lambdas/rules', 'lambdas/checks/catalogue.ts'],
    ...['infra/command-line.ts', 'infra/lines.ts', /^lambdas\/engine\/(format|nearest)\.ts$/],
    /^(node:|aws-cdk-lib)/,
  ],
  'infra/deployed': [
    ...['infra/settings/delivery.ts', 'infra/settings.ts', 'infra/command-line.ts'],
    /^@aws-sdk\/client-(dynamodb|sns)$/,
  ],
  'infra/lines.ts': ['lambdas/engine/format.ts'],
  'infra/doctor': [
    ...['infra/cloudwatch', 'infra/settings', 'infra/settings.ts', 'infra/alarms', 'infra/deployed'],
    ...[
      'infra/stacks/files-beside.ts',
      'infra/command-line.ts',
      'infra/command-failure.ts',
      'infra/lines.ts',
    ],
    ...['lambdas/define.ts', 'lambdas/durations.ts', 'lambdas/environment.ts', 'lambdas/settings.ts'],
    ...['lambdas/checks/catalogue.ts', 'lambdas/adapters/memory/codec.ts'],
    /^lambdas\/engine\/(format|printable)\.ts$/,
    /^(node:crypto$|@aws-sdk\/client-)/,
  ],
  'infra/mute': [
    ...[
      'infra/alarms',
      'infra/deployed',
      'infra/settings.ts',
      'infra/command-line.ts',
      'infra/command-failure.ts',
      'infra/lines.ts',
    ],
    ...['lambdas/durations.ts', 'lambdas/engine/format.ts', 'lambdas/settings.ts'],
    'lambdas/adapters/memory/mutes.ts',
    ...['lambdas/checks/catalogue.ts', /^@aws-sdk\/client-(cloudwatch|dynamodb)$/],
  ],
  'infra/notify': [
    ...[
      'infra/cloudwatch',
      'infra/settings',
      'infra/settings.ts',
      'infra/alarms',
      'infra/command-line.ts',
      'infra/command-failure.ts',
      'infra/lines.ts',
    ],
    'infra/deployed',
    ...[
      'lambdas/durations.ts',
      'lambdas/limits.ts',
      'lambdas/ports.ts',
      'lambdas/settings.ts',
      'lambdas/engine',
    ],
    ...['lambdas/adapters/sns.ts', 'lambdas/checks/catalogue.ts', /^@aws-sdk\/client-sns$/],
  ],
  'infra/command-line.ts': ['lambdas/engine/nearest.ts', /^node:util$/],
  'infra/command-failure.ts': ['infra/command-line.ts', 'lambdas/settings.ts'],
  'infra/local': [
    ...['infra/command-line.ts', 'infra/cloudwatch', 'infra/settings.ts', 'infra/rules', 'infra/alarms'],
    'infra/lines.ts',
    ...[
      /^infra\/settings\/(example|servers)\.ts$/,
      'infra/shared-urls.ts',
      'test/replay.ts',
      /^lambdas\/(?!handler)/,
      /^node:/,
    ],
  ],
  'infra/preview': [
    ...['infra/cloudwatch', 'infra/settings.ts', 'infra/alarms', 'infra/dashboard', 'infra/local'],
    ...[
      'infra/command-line.ts',
      'infra/command-failure.ts',
      'lambdas/durations.ts',
      'lambdas/limits.ts',
      'lambdas/ports.ts',
    ],
    ...['lambdas/settings.ts', 'lambdas/checks/catalogue.ts', 'lambdas/engine/format.ts', /^node:/],
  ],
  'infra/local.ts': [
    /^infra\/(local|command-line\.ts$)/,
    /^lambdas\/(ports|engine\/(format|findings\/outcome))\.ts$/,
    /^node:/,
  ],
  'infra/app.ts': [
    /^infra\/(?!local|tool|notify|mute|doctor|deployed|preview)/,
    'lambdas/settings.ts',
    /^aws-cdk-lib/,
  ],
};

describe('imports go one way:', () => {
  it.each(Object.entries(floors))('%s knows no floor above it', (floor, allowed) => {
    const own = filesOf(within(floor));
    const patterns = allowed.map((each) => (typeof each === 'string' ? within(each) : each));
    expect(strangers(own, [within(floor), ...patterns])).toEqual([]);
    expect(own.length).toBeGreaterThan(0);
  });

  it('no file is imported by what it imports', () => {
    expect(circles).toEqual([]);
  });

  it('of files and folders that stand beside each other none is imported by what it imports', () => {
    expect(folderCircles(importsOf)).toEqual([]);
  });

  it('as the rule would notice', () => {
    const folders = new Map([
      ['lambdas/a/one.ts', ['lambdas/b/two.ts']],
      ['lambdas/b/two.ts', []],
      ['lambdas/b/three.ts', ['lambdas/a/four.ts']],
      ['lambdas/a/four.ts', []],
    ]);
    expect(folderCircles(folders)).toEqual(['lambdas/a, lambdas/b']);
  });

  it('a diagnosis is imported by checks alone, never by another', () => {
    const isDiagnosis = (name: string) => /^lambdas\/diagnoses\/.*\/[a-z]+-\d{3}-[^/]*\.ts$/.test(name);
    const importers = filesOf(/^lambdas\//).filter((file) => importsOf.get(file)?.some(isDiagnosis));
    expect(importers.filter((file) => !file.startsWith('lambdas/checks/'))).toEqual([]);
    expect(importers.length).toBeGreaterThan(0);
  });

  it('what several diagnoses share stands in the folder of their suite, beside the folders only if it is of several suites', () => {
    const suiteOf = (file: string) => /^lambdas\/diagnoses\/([a-z]+)\//.exec(file)?.[1];
    const suitesOf = (helper: string, passed: ReadonlySet<string> = new Set()): readonly string[] =>
      filesOf(/^lambdas\/diagnoses\//)
        .filter((file) => importsOf.get(file)?.includes(helper) && !passed.has(file))
        .flatMap((file) => suiteOf(file) ?? suitesOf(file, new Set([...passed, helper])));
    const helpers = filesOf(/^lambdas\/diagnoses\/[^/]+\.ts$/);
    expect(helpers.filter((helper) => new Set(suitesOf(helper)).size < 2)).toEqual([]);
    expect(helpers.length).toBeGreaterThan(0);
  });

  it('PromQL is used by its index alone', () => {
    const users = filesOf(/^(lambdas\/(?!promql\/)|infra\/)/);
    expect(strangers(users, [/^(?!lambdas\/promql\/)/, /^lambdas\/promql\/index\.ts$/])).toEqual([]);
  });

  it('what is deployed knows nothing of what deploys it, and only the local runner a file of the tests', () => {
    const importing = (from: RegExp, what: RegExp) =>
      filesOf(from).filter((file) => importsOf.get(file)?.some((name) => what.test(name)));
    expect(importing(/^lambdas\//, /^(infra|test)\//)).toEqual([]);
    expect(importing(/^infra\//, /^test\//)).toEqual(['infra/local/targets.ts']);
  });
});

/** Folders, and files beside them, that import one another, by the folder that they stand in. */
function folderCircles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const files = [...imports.keys()];
  const folders = new Set(files.flatMap((file) => ancestorsOf(file)));
  return [...folders].flatMap((folder) => {
    const childOf = (file: string) =>
      file.startsWith(`${folder}/`) ? `${folder}/${file.slice(folder.length + 1).split('/')[0] ?? ''}` : null;
    const reached = new Map<string, Set<string>>();
    for (const file of files) {
      const from = childOf(file);
      if (from === null) continue;
      const known = reached.get(from) ?? new Set();
      reached.set(from, known);
      for (const name of imports.get(file) ?? []) known.add(childOf(name) ?? from);
    }
    const reaches = (from: string, to: string, passed = new Set<string>()): boolean =>
      from === to ||
      [...(reached.get(from) ?? [])].some((next) => !passed.has(next) && reaches(next, to, passed.add(next)));
    const circling = [...reached].flatMap(([child, known]) =>
      [...known].some((next) => next !== child && reaches(next, child)) ? [child] : [],
    );
    return circling.length === 0 ? [] : [circling.sort().join(', ')];
  });
}

/** `a/b` and `a` of `a/b/c.ts`. */
const ancestorsOf = (file: string): readonly string[] =>
  file
    .split('/')
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join('/'));

describe('evaluation is pure:', () => {
  const pure = () => filesOf(/^lambdas\/(?!adapters\/|handler\.ts)/);

  /** What of the world a file names: `Date.now`, `new Date()`, `process`. */
  function touches(file: string): readonly string[] {
    const touched: string[] = [];
    const worldly = [
      'process',
      'console',
      'performance',
      'fetch',
      'setTimeout',
      'setInterval',
      'setImmediate',
    ];
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node)) {
        const text = node.getText();
        if (['Date.now', 'Math.random', 'import.meta.dirname', 'crypto.randomUUID'].includes(text))
          touched.push(text);
      } else if (ts.isNewExpression(node) && node.getText() === 'new Date()') touched.push('new Date()');
      else if (ts.isIdentifier(node) && worldly.includes(node.text)) {
        const isName = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
        if (!isName) touched.push(node.text);
      }
      ts.forEachChild(node, visit);
    };
    const text = readFileSync(path.join(project, file), 'utf8');
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    return touched;
  }

  it('no clock, chance, environment, timer, network or console outside adapters and the handler', () => {
    expect(pure().flatMap((file) => touches(file).map((name) => `${file}: ${name}`))).toEqual([]);
    expect(pure().length).toBeGreaterThan(50);
  });

  it('as the rule would notice', () => {
    const isWorldly = (file: string) => touches(file).length > 0;
    expect(['lambdas/handler.ts', 'lambdas/adapters/http/exchange.ts'].filter(isWorldly)).toEqual([
      'lambdas/handler.ts',
      'lambdas/adapters/http/exchange.ts',
    ]);
  });
});
