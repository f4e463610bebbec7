import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../services/command.ts';
import { exampleSettings } from '../services/example-settings.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { median, millisecondsUnder, type Measurement } from './report.ts';

const project = path.resolve(import.meta.dirname, '../..');
const ticksPerSecond = 100;

/** CPU of children that have ended, and of theirs, as Linux counts it (proc(5): cutime, cstime). */
function childrensCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [cutime = 0, cstime = 0] = fields.slice(13, 15);
  return ((cutime + cstime) * 1_000) / ticksPerSecond;
}

/** What `cdk synth` of the example settings takes when nothing has changed since the last one. */
export async function measureSynth(): Promise<Measurement> {
  const settings = `settings=${exampleSettings()}`;
  const synth = () =>
    run(
      path.join(project, 'node_modules/.bin/cdk'),
      ['synth', '--quiet', '--context', settings, '--output', temporaryFolder('synth')],
      { cwd: project },
    );
  await synth();
  const costs: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const before = childrensCpuMs();
    await synth();
    costs.push(childrensCpuMs() - before);
  }
  return millisecondsUnder({ what: 'cdk synth of the example settings: CPU', value: median(costs) }, 5_000);
}
