import { setTimeout as pause } from 'node:timers/promises';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Duration } from '../../lambdas/durations.ts';
import { inline } from '../../lambdas/engine/format.ts';
import type { Datapoint, Log } from '../../lambdas/ports.ts';
import { EnvironmentError } from '../command-line.ts';
import { look } from '../local/look.ts';
import { chooseMemory } from '../local/memory.ts';
import type { Scenery } from '../local/targets.ts';
import type { Look } from './looks.ts';

/** Names of servers, by whether they answered. */
function serversIn(datapoints: readonly Datapoint[]) {
  const ups = datapoints.filter(({ series }) => series === 'up');
  const named = (isUp: boolean) =>
    ups.filter(({ value }) => value > 0 === isUp).map(({ labels }) => labels['server_id'] ?? '');
  return { answering: named(true), silent: named(false) };
}

/**
 * Looks at the servers so often, by all checks, which remember from look to look.
 * @throws EnvironmentError when none of them answers the first
 */
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
    const { answering, silent } = serversIn(datapoints);
    if (i === 0 && answering.length === 0)
      throw new EnvironmentError(
        `no server answered: ${inline(silent, 5)}; npm start with the same says why`,
      );
    if (i + 1 === looks && silent.length > 0) log.warn(`no answer from ${inline(silent, 5)}: not drawn`);
    onLook();
    if (i + 1 < looks) await pause(Math.max(0, at + every - Date.now()));
  }
  return seen;
}
