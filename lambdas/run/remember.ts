import { fitsGzipped } from '../adapters/memory/codec.ts';
import type { Check } from '../define.ts';
import { parseMemory, writeMemory, type MemoryState } from '../engine/memory-state.ts';
import type { ClaimedMemory, Log, Outbox } from '../ports.ts';

/** Of an item of 400 KB at most: what a check remembers, and what it has not sent yet. */
const mostStateBytes = 300_000;
const mostOutboxBytes = 90_000;

type Of = { readonly check: Check; readonly cluster: string };

/** The last run's memory; null on a first run, and where it cannot be read, which a warning says. */
export function recall({ saved, unreadable, isAhead }: ClaimedMemory, log: Log, of: Of): MemoryState | null {
  const warn = (reason: string, isLost: boolean) => {
    const then = isLost ? ', starting as on a first run' : '';
    const what = isAhead === true ? 'is of a time to come' : 'is unreadable';
    log.warn(`${of.check.id}, cluster ${of.cluster}: memory ${what}${then}`, { reason });
  };
  if (unreadable !== null) warn(unreadable, saved === null);
  if (saved === null) return null;
  try {
    return parseMemory(saved);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error), true);
    return null;
  }
}

/** Says that a run could not go on from what was recalled: parts of it are of another shape, of an older release or damaged. */
export function warnUnusable(error: unknown, log: Log, { check, cluster }: Of): void {
  log.warn(`${check.id}, cluster ${cluster}: memory cannot be gone on from, starting as on a first run`, {
    reason: String(error),
  });
}

/**
 * Saves state and outbox in one write, thinned where they would not fit, which a warning says.
 * @returns saves the same state with what is left of the outbox
 */
export async function remember(
  memory: ClaimedMemory,
  state: MemoryState,
  outbox: Outbox,
  log: Log,
  { check, cluster }: Of,
): Promise<(left: Outbox) => Promise<void>> {
  const name = `${check.id}, cluster ${cluster}`;
  const { text, thinned } = writeMemory(state, (candidate) => fitsGzipped(candidate, mostStateBytes));
  if (thinned.keys !== null)
    log.warn(`${name}: memory is full, histories keep ${thinned.keys} names apart and count the others`);
  if (thinned.findings !== null)
    log.warn(
      `${name}: memory is full, ${thinned.findings} findings are kept, the others will be reported again`,
    );
  const fitting = fit(outbox);
  const dropped = [
    [outbox.messages.length - fitting.messages.length, 'messages'],
    [outbox.datapoints.length - fitting.datapoints.length, 'datapoints'],
  ] as const;
  for (const [count, what] of dropped) {
    if (count > 0)
      log.warn(`${name}: ${count} unsent ${what} are too many to keep, a crash now would lose the oldest`);
  }
  await memory.save(text, fitting);
  return (left) => memory.save(text, fit(left));
}

/** Of an outbox that could not be sent for long, the newest that fit. */
function fit(outbox: Outbox): Outbox {
  if (fitsGzipped(JSON.stringify(outbox), mostOutboxBytes)) return outbox;
  const newer = <T>(items: readonly T[]) => items.slice(Math.ceil(items.length / 2));
  const { datapoints, messages } = outbox;
  return fit(
    datapoints.length > 0
      ? { datapoints: newer(datapoints), messages }
      : { datapoints, messages: newer(messages) },
  );
}
