import { App } from 'aws-cdk-lib';
import { SettingsError } from '../lambdas/settings.ts';
import { AlarmError } from './cloudwatch/alarm-spec.ts';
import { deployment } from './deployment.ts';
import { folded, widthOf } from './lines.ts';
import { loadSettings, type LoadedSettings } from './settings.ts';
import { exampleHosts } from './settings/example.ts';

/** What `npx cdk` runs. Settings come from infra/settings.yaml or from the file that `-c settings=FILE` names. */
function main(): void {
  // Synthesized below, and not at all after an error.
  const app = new App({ autoSynth: false });
  const file: unknown = app.node.tryGetContext('settings') ?? 'infra/settings.yaml';
  const settings = loadSettings(String(file));
  refuseExample(settings, String(file));
  const { watch } = deployment(app, { settings });
  app.synth();
  const width = widthOf(process.stderr, Infinity);
  const note = watch.note.split('\n').flatMap((line) => folded(line, width));
  process.stderr.write(`\n${note.join('\n')}\n`);
}

/** @throws SettingsError for hosts that exist nowhere, whose alarms would page for ever */
function refuseExample({ settings }: LoadedSettings, file: string): void {
  const problems = exampleHosts(settings);
  if (problems.length > 0) throw new SettingsError(file, problems);
}

try {
  main();
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof AlarmError)) throw error;
  process.stderr.write(`\n${error.message}\n\n`);
  process.exitCode = 1;
}
