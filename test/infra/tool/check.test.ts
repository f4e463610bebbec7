import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import type { Arguments } from '../../../infra/tool/arguments.ts';
import { checkCommand, type CheckedRule } from '../../../infra/tool/commands/check.ts';
import { ofType, synthesize } from '../synth.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const files = path.join(import.meta.dirname, 'files');
const settings = path.join(files, 'settings.yaml');
const rules = path.join(files, 'rules.yaml');

async function check(given: Partial<Arguments>) {
  const asked: Arguments = {
    command: 'check',
    files: [rules],
    settings,
    engine: null,
    edition: null,
    alert: null,
    json: false,
    ...given,
  };
  const { lines, code } = await checkCommand(asked, 400);
  const textsTo = (stream: string) => lines.filter(({ to }) => to === stream).map(({ text }) => text);
  return { out: textsTo('stdout'), wrong: textsTo('stderr'), code };
}

async function checked(given: Partial<Arguments>): Promise<readonly CheckedRule[]> {
  const { out } = await check({ ...given, json: true });
  return JSON.parse(out.join('\n')) as readonly CheckedRule[];
}

function written(name: string, ...lines: readonly string[]): string {
  const file = path.join(temporaryFolder('check'), name);
  writeFileSync(file, lines.join('\n'));
  return file;
}
const oneRule = (expr: string, ...more: readonly string[]): string =>
  written('rules.yaml', 'groups:', '- name: g', '  rules:', '  - alert: A', `    expr: ${expr}`, ...more);

it('is done at once with recordings of many levels, each of which reads the one below twice', async () => {
  const recordings = Array.from({ length: 60 }, (_, i) => [
    `  - record: a:r${i}`,
    `    expr: ${i === 0 ? 'gnatsd_varz_mem' : `a:r${i - 1} + max_over_time(a:r${i - 1}[2m])`}`,
  ]).flat();
  const file = oneRule('a:r59 > 1', '    labels: { severity: warning }', ...recordings);
  const { out } = await check({ files: [file], engine: 'classic' });
  expect(out.filter((line) => line.startsWith(`${file}:4 `))).toEqual([
    expect.stringMatching(/ A +classic +translated +\d alarms, such as Maximum nats_rule/),
  ]);
});

describe('check --json', () => {
  it('has the alarms that a deployment of the same rules has', async () => {
    const alarms = (await checked({ engine: 'classic' })).flatMap((rule) => rule.alarms);
    const deployed = ofType(synthesize(settings, checks, null), 'AWS::CloudWatch::Alarm').filter(({ Tags }) =>
      (Tags as readonly { Key: string }[]).some(({ Key }) => Key === 'rule'),
    );
    const byName = (some: readonly unknown[]) =>
      some.toSorted((a, b) => ((a as Named).AlarmName < (b as Named).AlarmName ? -1 : 1));
    expect(alarms.length).toBeGreaterThan(11);
    expect(byName(alarms)).toEqual(byName(deployed));
  });

  it('tells of each rule and engine', async () => {
    const found = await checked({ files: [oneRule('nats_nonesuch > 1')] });
    expect(found).toEqual(
      ['classic', 'promql'].map((engine) => ({
        file: found[0]?.file,
        group: 'g',
        alert: 'A',
        engine,
        status: 'refused',
        reason: found[0]?.reason,
        warnings: found[0]?.warnings,
        series: [],
        alarms: [],
      })),
    );
    expect(found[0]?.reason).toContain('no NATS exporter has nats_nonesuch');
  });

  it('names the series that a rule reads through recorded ones', async () => {
    const found = await checked({ engine: 'classic' });
    expect(found.find(({ alert }) => alert === 'ManyConnectionsTogether')?.series).toEqual([
      'gnatsd_varz_connections',
    ]);
  });

  it('has the expression word for word in a PromQL alarm', async () => {
    const [found] = await checked({
      engine: 'promql',
      files: [oneRule('gnatsd_varz_mem > 1', '    for: 5m')],
    });
    expect(found?.alarms).toMatchObject([
      { EvaluationCriteria: { PromQLCriteria: { Query: 'gnatsd_varz_mem > 1', PendingPeriod: 300 } } },
    ]);
  });

  it('has more alarms than a stack holds', async () => {
    const targets = Array.from(
      { length: 260 },
      (_, i) => `{ name: n${i}, url: "http://n${i}.example:8222" }`,
    );
    const many = written('settings.yaml', 'clusters:', `- { name: prod, targets: [${targets.join(', ')}] }`);
    const file = written(
      'rules.yaml',
      'groups:',
      '- name: g',
      '  rules:',
      '  - { alert: A, expr: up == 0 }',
      '  - { alert: B, expr: gnatsd_varz_mem > 1 }',
    );
    const found = await checked({ settings: many, files: [file], engine: 'classic' });
    expect(
      found.map(({ alarms }) => alarms.filter((each) => each !== undefined && each !== null).length),
    ).toEqual([260, 260]);
  });

  it('says nothing on stdout of a file that promtool refuses', async () => {
    const file = oneRule('sum(');
    const { out, wrong, code } = await check({ files: [file], json: true });
    expect([out, code]).toEqual([[], 2]);
    expect(wrong.join()).toMatch(new RegExp(`^${file}:5:\\d+: group "g", rule 1 \\(A\\): `));
  });
});

type Named = { readonly AlarmName: string };

describe('check', () => {
  it('says what promtool says, and what becomes of each rule', async () => {
    const file = oneRule('gnatsd_varz_connections > 10', '    labels: { severity: warning }');
    const { out, code } = await check({ files: [file] });
    expect([code, out]).toEqual([
      0,
      [
        `Checking ${file}`,
        '  SUCCESS: 1 rule found',
        '',
        `${'rule'.padEnd(file.length + 4)}  engine`,
        `${file}:4 A  classic  translated  2 alarms, such as Maximum gnatsd_varz_connections{cluster=prod,server_id=hub1} > 10, 1 x 60 s, missing=notBreaching, warning`,
        `${''.padEnd(file.length + 4)}  promql   translated  1 alarm: PromQL gnatsd_varz_connections > 10, every 60 s, pending 0 s, recovery 0 s, warning`,
      ],
    ]);
  });

  it('tells a warning once, whatever the engines', async () => {
    const { out } = await check({ files: [oneRule('gnatsd_varz_slow_consumers > 0')] });
    expect(out.filter((line) => / L1 /.test(line)).length).toBe(1);
  });

  it('says FAILED of a file that promtool refuses, and goes on with the others', async () => {
    const [bad, good] = [oneRule('sum('), oneRule('up == 0')];
    const { out, wrong, code } = await check({ files: [bad, good] });
    expect([code, out, wrong[0]]).toEqual([
      2,
      [`Checking ${bad}`, '', `Checking ${good}`, '  SUCCESS: 1 rule found', ''],
      '  FAILED:',
    ]);
  });

  it('finds series that are recorded in another of the files', async () => {
    const recording = written(
      'records.yaml',
      'groups:',
      '- name: r',
      '  rules:',
      '  - { record: a:b, expr: sum(up) }',
    );
    const found = await checked({ engine: 'classic', files: [recording, oneRule('a:b < 2')] });
    expect(found.map(({ alert, status }) => [alert, status])).toEqual([
      ['a:b', 'translated'],
      ['A', 'translated'],
    ]);
  });

  it.each([
    ['false', 0],
    ['true', 1],
  ])('with a refusal and alarms.strict %s has the exit code %i', async (strict, code) => {
    const own = written(
      'settings.yaml',
      'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://hub1.example:8222" }] }]',
      `alarms: { strict: ${strict} }`,
    );
    expect((await check({ settings: own, files: [oneRule('nats_nonesuch > 1')] })).code).toBe(code);
  });

  it('reads by the Prometheus that it is given', async () => {
    const file = written(
      'rules.yaml',
      'groups:',
      '- { name: g, labels: { a: b }, rules: [{ alert: A, expr: up == 0 }] }',
    );
    const codes = await Promise.all(
      ([2, 3] as const).map(async (edition) => (await check({ files: [file], edition })).code),
    );
    expect(codes).toEqual([2, 0]);
  });
});
