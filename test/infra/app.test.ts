import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../services/temporary-folder.ts';

const folder = temporaryFolder('app');

/** Runs the app as the CDK command line does. */
function synth(
  settings: string,
): Promise<{ code: number | null; stdout: string; stderr: string; files: string[] }> {
  const file = path.join(folder, 'settings.yaml');
  writeFileSync(file, settings);
  const output = temporaryFolder('app-out');
  const env = {
    ...process.env,
    CDK_OUTDIR: output,
    CDK_DEFAULT_REGION: 'eu-west-1',
    CDK_CONTEXT_JSON: JSON.stringify({ settings: file }),
    // It takes half of a synth, and is a test of its own.
    CDK_VALIDATION: 'false',
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['infra/app.ts'], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr, files: readdirSync(output) }),
    );
  });
}

const rules = [
  'groups:',
  '  - name: g',
  '    rules:',
  '      - { alert: Pods, expr: kube_pod_info > 1, labels: { severity: page } }',
  '      - { alert: Slow, expr: gnatsd_varz_mem > 1, labels: { severity: strange } }',
].join('\n');
const settings = (strict: boolean) =>
  [
    'name: watch',
    'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://hub1:8222" }] }]',
    'rules: [rules.yaml]',
    `alarms: { strict: ${strict} }`,
  ].join('\n');
/** Synthesized once: it takes seconds. */
let lenient: Awaited<ReturnType<typeof synth>>;
beforeAll(async () => {
  writeFileSync(path.join(folder, 'rules.yaml'), rules);
  lenient = await synth(settings(false));
});

describe('the app', () => {
  it('writes the stacks, and tells what a person should know', () => {
    const { code, stderr, files } = lenient;
    expect({ code, note: stderr.split('\n')[1] }).toEqual({
      code: 0,
      note: expect.stringMatching(/^watch: \d+ checks, 1 server in 1 cluster, \d+ alarms$/) as string,
    });
    expect(files).toEqual(
      expect.arrayContaining(['watch-checks.template.json', 'watch-alarms.template.json', 'manifest.json']),
    );
  });

  describe('with rules that are refused or warned of', () => {
    const reported = [
      '2 rules: 1 translated, 1 refused, 1 warning',
      '  rule               engine   reason, or code and warning',
      '  rules.yaml:4 Pods  classic  refused: no NATS exporter has kube_pod_info, so that the selector takes nothing; the nearest names are NEAREST',
      '  rules.yaml:5 Slow  classic  severity: severity "strange" is no word that is known: its alarms go to the topic warning; map it in alarms.severities',
    ];
    const withoutNearest = (text: string) => text.replace(/(nearest names are ).*/g, '$1NEAREST');

    it('tells of them in a table', () => {
      const { code, stderr } = lenient;
      expect({ code, reported: withoutNearest(stderr).split('\n').slice(2, 6) }).toEqual({
        code: 0,
        reported,
      });
    });

    it('writes nothing where settings are strict', async () => {
      const { code, stderr, files } = await synth(settings(true));
      const [counts, ...table] = reported;
      expect({ code, stderr: withoutNearest(stderr), files }).toEqual({
        code: 1,
        stderr: ['', `${counts}, and alarms.strict is true:`, ...table, '', ''].join('\n'),
        files: [],
      });
    });
  });

  it('refuses servers that exist nowhere, those of the example that comes with the project first', async () => {
    const { code, stdout, stderr, files } = await synth(readFileSync('infra/settings.yaml', 'utf8'));
    const nowhere = (host: string) =>
      `${host}.nats.example is of the example and exists nowhere: put the address of a server of yours`;
    expect({ code, stdout, stderr: stderr.replace(folder, ''), files }).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        '',
        '/settings.yaml:',
        `  clusters[0].targets[0].url: ${nowhere('hub1')}`,
        `  clusters[0].targets[1].url: ${nowhere('hub2')}`,
        '',
        '',
      ].join('\n'),
      files: [],
    });
  });

  it('refuses settings with their file and paths alone, and writes nothing', async () => {
    const { code, stdout, stderr, files } = await synth('clusters: []\nsubscription: []\n');
    expect({ code, stdout, stderr: stderr.replace(folder, ''), files }).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        '',
        '/settings.yaml:',
        '  clusters: expected a list of 1 or more, received none',
        '  subscription: no such setting; did you mean "subscriptions"?',
        '',
        '',
      ].join('\n'),
      files: [],
    });
  });
});
