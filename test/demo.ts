import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { terminal } from '../infra/local/terminal.ts';
import { startTrouble } from './scenes/trouble.ts';
import { anyNatsServer, newestNatsVersion, variableOf } from './services/nats-binary.ts';

/** The terminal's own runner, on the demo's servers; its exit code tells of trouble, which is what a demo is for. */
async function runChecks(settings: string): Promise<void> {
  const local = path.resolve(import.meta.dirname, '../infra/local.ts');
  const child = spawn(process.execPath, [local, '--settings', settings, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  await once(child, 'exit');
}

const say = (text: string) => process.stdout.write(`${text}\n`);

const found = terminal(process.stdout, process.stderr).progress('looking for nats-server');
const binary = await anyNatsServer().finally(found);
// The scene's servers ask for a version, and take what the environment names for it.
process.env[variableOf(newestNatsVersion)] = binary.path;

const folder = await mkdtemp(path.join(tmpdir(), 'nats-cloudwatch-demo-'));
say(
  `Starting nats-server ${binary.version}: two hubs with two leafnodes, and clients that misbehave. This takes a few seconds.`,
);
const scene = await startTrouble({ version: newestNatsVersion });
try {
  const targets = scene.servers.map(({ name, monitoringUrl }) => ({ name, url: monitoringUrl }));
  const leafnodes = targets.map(({ name }) => name).filter((name) => name.startsWith('leaf'));
  await scene.stopLeaf();
  const settings = path.join(folder, 'settings.yaml');
  await writeFile(settings, stringify({ clusters: [{ name: 'demo', targets, expect: { leafnodes } }] }));
  say(
    `${targets.map(({ name, url }) => `  ${name.padEnd(6)} ${url}`).join('\n')}\nThen leaf2 was stopped. What the checks say:\n`,
  );
  await runChecks(settings);
  if (process.stdout.isTTY && !process.argv.includes('--watch')) {
    say('\nThe servers run until you press Ctrl-C. In another terminal:');
    say(`  npm start -- --watch ${targets.map(({ url }) => url).join(' ')}`);
    await once(process, 'SIGINT');
  }
} finally {
  await scene.stop();
  await rm(folder, { recursive: true });
}
