import { setTimeout as pause } from 'node:timers/promises';

/** Thrown by a probe that knows that waiting is of no use any more. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/**
 * Asks `probe` again and again until it gives something other than `undefined` or `false`, and gives that.
 * Throws an error naming `what` once `timeoutMs` have passed, with the last error of the probe as its cause;
 * at once when the probe is `Hopeless`.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 20_000, everyMs = 25 } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      cause = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
    }
    await pause(everyMs);
  }
}
