import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const project = path.resolve(import.meta.dirname, '..');

const filesIn = (folder: string): readonly string[] =>
  readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.join(folder, name));
const lambdas = filesIn('lambdas');
const infra = filesIn('infra');
const textOf = (file: string): string => readFileSync(path.join(project, file), 'utf8');

/** What a file imports: files by their path in the project, packages by name. */
function importsOf(file: string): readonly string[] {
  const names = ts.preProcessFile(textOf(file), true, true).importedFiles.map(({ fileName }) => fileName);
  return names.map((name) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name));
}

/** `file -> import` for each import that none of these patterns allows. */
const strangers = (files: readonly string[], allowed: readonly RegExp[]): readonly string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `${file} -> ${name}`),
  );

const within = (...folders: readonly string[]) =>
  lambdas.filter((file) => folders.some((folder) => file.startsWith(folder)));
const vocabulary = /^lambdas\/(define|durations|readings)\.ts$/;
const engine = /^lambdas\/engine\//;
const replies = /^lambdas\/replies\//;

describe('imports go one way:', () => {
  it('a diagnosis knows define.ts, pure helpers and the shape of replies', () => {
    const helpers =
      /^lambdas\/engine\/(format|versions|close-reasons|endpoint-path|unseen|history\/window)\.ts$/;
    const own = /^lambdas\/diagnoses\//;
    const reply = /^lambdas\/replies\/endpoints\.ts$/;
    expect(strangers(within('lambdas/diagnoses/'), [vocabulary, helpers, own, reply])).toEqual([]);
  });

  it('a diagnosis is imported by checks alone, never by another', () => {
    const isDiagnosis = (name: string) => /^lambdas\/diagnoses\/.*\/[a-z]+-\d{3}-[^/]*\.ts$/.test(name);
    const importers = lambdas.filter((file) => importsOf(file).some(isDiagnosis));
    expect(importers.filter((file) => !file.startsWith('lambdas/checks/'))).toEqual([]);
    expect(importers.length).toBeGreaterThan(0);
  });

  it('a check knows define.ts, its diagnoses and their helpers', () => {
    const words = /^lambdas\/engine\/close-reasons\.ts$/;
    expect(strangers(within('lambdas/checks/'), [vocabulary, /^lambdas\/diagnoses\//, words])).toEqual([]);
  });

  it('the engine knows replies and the names of ports', () => {
    expect(
      strangers(within('lambdas/engine/'), [vocabulary, engine, replies, /^lambdas\/ports\.ts$/]),
    ).toEqual([]);
  });

  it('decoders of replies know nothing but themselves and zod', () => {
    const allowed = [vocabulary, replies, /^lambdas\/ports\.ts$/, /^zod\/mini$/];
    expect(strangers(within('lambdas/replies/'), allowed)).toEqual([]);
  });

  it('the vocabulary knows the engine and replies', () => {
    const files = lambdas.filter((file) => vocabulary.test(file));
    expect(files.length).toBe(3);
    expect(strangers(files, [vocabulary, engine, replies])).toEqual([]);
  });

  it('a run and its settings know the engine and ports, and of adapters only how memory is packed', () => {
    const core =
      /^lambdas\/(by-diagnoses|catalogue|collect|enrich|environment|looked|ports|publish|read-target|remember|run|settings|watches)\.ts$/;
    const allowed = [
      vocabulary,
      core,
      engine,
      replies,
      /^lambdas\/checks\//,
      /^lambdas\/adapters\/memory-codec\.ts$/,
      /^lambdas\/rules\/(plan|by-rules)\.ts$/,
      /^zod(\/(mini|locales))?$/,
    ];
    expect(
      strangers(
        lambdas.filter((file) => core.test(file)),
        allowed,
      ),
    ).toEqual([]);
  });

  it('PromQL knows nothing but itself, its grammar and RE2', () => {
    const grammar = /^@(prometheus-io\/lezer-promql|lezer\/(lr|common))$/;
    expect(strangers(within('lambdas/promql/'), [/^lambdas\/promql\//, grammar, /^re2js$/])).toEqual([]);
  });

  it('the exporter’s series know replies and the names of ports', () => {
    const ports = /^lambdas\/ports\.ts$/;
    expect(strangers(within('lambdas/series/'), [/^lambdas\/series\//, replies, vocabulary, ports])).toEqual(
      [],
    );
  });

  it('rules know PromQL, series and the engine, and of adapters only how memory is packed', () => {
    const allowed = [
      vocabulary,
      /^lambdas\/(ports|looked)\.ts$/,
      engine,
      replies,
      /^lambdas\/(rules|promql|series)\//,
      /^lambdas\/adapters\/memory-codec\.ts$/,
      /^zod\/mini$/,
    ];
    expect(strangers(within('lambdas/rules/'), allowed)).toEqual([]);
  });

  it('only adapters and the two entries reach for Node, AWS and undici', () => {
    const world = /^(node:|@aws-sdk\/|undici|yaml)/;
    const reaching = lambdas.filter((file) => importsOf(file).some((name) => world.test(name)));
    expect(
      reaching.filter((file) => !/^lambdas\/(adapters\/|local\/|local\.ts|handler\.ts)/.test(file)),
    ).toEqual([]);
  });

  it('adapters know nothing of checks and runs', () => {
    const forbidden = /^(lambdas\/(checks|diagnoses|catalogue|run|collect|handler)|infra|test)\b/;
    const knowing = within('lambdas/adapters/').filter((file) =>
      importsOf(file).some((name) => forbidden.test(name)),
    );
    expect(knowing).toEqual([]);
  });

  it('the Lambda does not take the terminal along, nor what deploys it', () => {
    const seen = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const name of importsOf(file)) if (/^(lambdas|infra|test)\//.test(name)) follow(name);
    };
    follow('lambdas/handler.ts');
    expect([...seen].filter((file) => /^(infra|test|lambdas\/local)|terminal/.test(file))).toEqual([]);
    expect(seen.size).toBeGreaterThan(40);
  });

  it('infra knows checks by their definitions, settings and names only, and what rules are made of', () => {
    const known =
      /^lambdas\/((catalogue|define|durations|environment|settings|engine\/(limits|alarm-names|observe|format|nearest))\.ts$|(promql|rules|series)\/)/;
    const isOurs = (name: string) => /^(lambdas|test)\//.test(name);
    const strange = infra.flatMap((file) =>
      importsOf(file)
        .filter((name) => isOurs(name) && !known.test(name))
        .map((name) => `${file} -> ${name}`),
    );
    expect(strange).toEqual([]);
  });

  it('only the local runner looks into infra and tests, for settings, alarms and the recorded scene', () => {
    const importers = lambdas.filter((file) => importsOf(file).some((name) => /^(infra|test)\//.test(name)));
    expect(importers).toEqual(['lambdas/local/targets.ts', 'lambdas/local/watched-alarms.ts']);
  });
});

describe('evaluation is pure:', () => {
  const pure = lambdas.filter((file) => !/^lambdas\/(adapters\/|local\/|local\.ts|handler\.ts)/.test(file));

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
    visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true));
    return touched;
  }

  it('no clock, chance, environment, timer, network or console outside adapters and the two entries', () => {
    expect(pure.flatMap((file) => touches(file).map((name) => `${file}: ${name}`))).toEqual([]);
    expect(pure.length).toBeGreaterThan(50);
  });

  it('as the rule would notice', () => {
    const isWorldly = (file: string) => touches(file).length > 0;
    expect(
      ['lambdas/handler.ts', 'lambdas/local.ts', 'lambdas/adapters/http-exchange.ts'].filter(isWorldly),
    ).toEqual(['lambdas/handler.ts', 'lambdas/local.ts', 'lambdas/adapters/http-exchange.ts']);
  });
});
