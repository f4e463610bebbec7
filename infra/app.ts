import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { checks } from '../lambdas/checks/catalogue.ts';
import { SettingsError } from '../lambdas/settings.ts';
import { AlarmError } from './cloudwatch/alarm-spec.ts';
import { bundle } from './stacks/bundle.ts';
import { deployment } from './deployment.ts';
import { deploymentNote } from './note.ts';
import { refuseIfStrict } from './rules/table.ts';
import { loadSettings } from './settings.ts';

/** What `npx cdk` runs. Settings come from infra/settings.yaml or from the file that `-c settings=FILE` names. */
function main(): void {
  // Synthesized below, while the bundle is there, and not at all after an error.
  const app = new App({ autoSynth: false });
  const file: unknown = app.node.tryGetContext('settings') ?? 'infra/settings.yaml';
  const loaded = loadSettings(String(file));
  const asset = mkdtempSync(path.join(tmpdir(), 'nats-cloudwatch-'));
  try {
    refuseIfStrict(loaded);
    bundle(asset, loaded.watch, loaded.translated.plan);
    const { specs } = deployment(app, loaded, asset);
    app.synth();
    const region = process.env['CDK_DEFAULT_REGION'] ?? 'REGION';
    process.stderr.write(`\n${deploymentNote({ checks, ...loaded }, specs, region)}\n`);
  } finally {
    rmSync(asset, { recursive: true });
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof AlarmError)) throw error;
  process.stderr.write(`\n${error.message}\n\n`);
  process.exitCode = 1;
}
