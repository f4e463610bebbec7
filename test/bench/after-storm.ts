import { setTimeout as pause } from 'node:timers/promises';
import { seconds } from '../../lambdas/durations.ts';
import type { Watch } from '../../lambdas/run/watch.ts';
import { recordChecks, type Done, type Saved } from './all-checks.ts';
import { bytesAtMost, type Measurement } from './report.ts';
import { size, type Scene } from './scene.ts';

const newRows = 60;

/** The closed ring as all checks pull it half a minute after a storm that filled it and that they have seen. */
export async function measureAfterStorm(
  scene: Scene,
  watch: Watch,
  before: Saved,
): Promise<readonly Measurement[]> {
  await scene.addClosed(size.ring);
  const { saved } = await recordChecks(watch, before);
  await pause(seconds(30));
  await scene.addClosed(newRows);
  const value = ringBytes(await recordChecks(watch, saved));
  return [
    bytesAtMost({ what: `ring pulled with ${newRows} new rows, half a minute after a storm`, value }, 400e3),
  ];
}

/** What all checks together read of the closed ring. */
export function ringBytes({ requests }: Done): number {
  const pages = Object.values(requests)
    .flat()
    .filter(({ url }) => url.includes('/connz?state=closed'));
  return pages.reduce((sum, { bytes }) => sum + bytes, 0);
}
