import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
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
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['infra/app.ts'], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr, files: readdirSync(output) }),
    );
  });
}

describe('the app', () => {
  it('writes the stacks, and tells what a person should know', async () => {
    const { code, stderr, files } = await synth(
      'name: watch\nclusters: [{ name: prod, targets: [{ name: hub1, url: "http://hub1:8222" }] }]\n',
    );
    expect({ code, note: stderr.split('\n')[1] }).toEqual({
      code: 0,
      note: expect.stringMatching(/^watch: \d+ checks, 1 server in 1 cluster, \d+ alarms$/) as string,
    });
    expect(files).toEqual(
      expect.arrayContaining([
        'watch-checks.template.json',
        'watch-alarms-prod.template.json',
        'manifest.json',
      ]),
    );
  });

  it('refuses settings with their file and paths alone, and writes nothing', async () => {
    const { code, stdout, stderr, files } = await synth('clusters: []\nsubscription: []\n');
    expect({ code, stdout, stderr: stderr.replace(folder, ''), files }).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        '',
        '/settings.yaml:',
        '  clusters: Too small: expected array to have >=1 items',
        '  subscription: no such setting',
        '',
        '',
      ].join('\n'),
      files: [],
    });
  });
});
