import { setTimeout as pause } from 'node:timers/promises';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Duration } from '../../lambdas/durations.ts';
import type { Datapoint, Log } from '../../lambdas/ports.ts';
import { look } from '../local/look.ts';
import { chooseMemory } from '../local/memory.ts';
import type { Scenery } from '../local/targets.ts';
import type { Look } from './looks.ts';

/** Looks at the servers so often, by all checks, which remember from look to look. */
export async function watching(
  scenery: Scenery,
  log: Log,
  { looks, every, onLook }: { readonly looks: number; readonly every: Duration; readonly onLook: () => void },
): Promise<readonly Look[]> {
  const memory = chooseMemory(null, scenery, log)();
  const seen: Look[] = [];
  for (let i = 0; i < looks; i += 1) {
    const at = Date.now();
    const datapoints: Datapoint[] = [];
    const metrics = {
      put: (points: readonly Datapoint[]) => {
        datapoints.push(...points);
        return Promise.resolve();
      },
    };
    await look(checks, scenery, { memory, metrics, log, at });
    seen.push({ at, datapoints });
    onLook();
    if (i + 1 < looks) await pause(Math.max(0, at + every - Date.now()));
  }
  return seen;
}
