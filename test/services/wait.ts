import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Thrown by a probe that knows that waiting is of no use any more. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

export type Patience = { readonly timeoutMs?: number; readonly everyMs?: number };

/** For what hangs, on however busy a machine; shorter than a test's own limit, so that the failure says why. */
const longestWaitMs = 120_000;

/** What takes long is looked for less often: each look costs a server and us some of the processor. */
const rarest = 4;

/**
 * Looks again and again until what it sees is so, and gives that.
 * Throws an error naming `what` and what was seen last once `timeoutMs` have passed; at once when the look is `Hopeless`.
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | Promise<T>,
  isSo: (seen: T) => boolean,
  { timeoutMs = longestWaitMs, everyMs = 25 }: Patience = {},
): Promise<T> {
  const start = performance.now();
  for (;;) {
    let last: string;
    let cause: unknown;
    try {
      const seen = await look();
      if (isSo(seen)) return seen;
      last = inspect(seen, { breakLength: Infinity, maxStringLength: 1_000 });
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      cause = error;
      last = String(error);
    }
    const waited = performance.now() - start;
    if (waited >= timeoutMs) {
      throw new Error(`waited ${timeoutMs / 1_000} s in vain for ${what}; last seen: ${last}`, { cause });
    }
    await pause(Math.min(rarest * everyMs, Math.max(everyMs, waited / 20)));
  }
}

/** As `waitUntil`, for a probe that gives `undefined` or `false` until it has found what is awaited. */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  patience: Patience = {},
): Promise<T> {
  return (await waitUntil(what, probe, (found) => found !== undefined && found !== false, patience)) as T;
}
