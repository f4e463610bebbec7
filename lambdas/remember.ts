import { gzippedBytes } from './adapters/memory-codec.ts';
import type { Check } from './define.ts';
import { parseMemory, writeMemory, type MemoryState } from './engine/memory-state.ts';
import type { ClaimedMemory, Log, Outbox } from './ports.ts';

/** Of an item of 400 KB at most: what a check remembers, and what it has not sent yet. */
const mostStateBytes = 300_000;
const mostOutboxBytes = 90_000;

type Of = { readonly check: Check; readonly cluster: string };

/** The last run's memory; null on a first run, and where it cannot be read, which a warning says. */
export function recall({ saved, unreadable }: ClaimedMemory, log: Log, of: Of): MemoryState | null {
  const warn = (reason: string) => {
    const then = saved === null ? ', starting as on a first run' : '';
    log.warn(`${of.check.id}, cluster ${of.cluster}: memory is unreadable${then}`, { reason });
  };
  if (unreadable !== null) warn(unreadable);
  if (saved === null) return null;
  try {
    return parseMemory(saved);
  } catch (error) {
    log.warn(`${of.check.id}, cluster ${of.cluster}: memory is unreadable, starting as on a first run`, {
      reason: error instanceof Error ? error.message : String(error),
    });
    return null;
  }
}

/** Saves state and outbox in one write, thinned where they would not fit, which a warning says. */
export async function remember(
  memory: ClaimedMemory,
  state: MemoryState,
  outbox: Outbox,
  log: Log,
  { check, cluster }: Of,
): Promise<void> {
  const name = `${check.id}, cluster ${cluster}`;
  const { text, keys } = writeMemory(state, (candidate) => gzippedBytes(candidate) <= mostStateBytes);
  if (keys !== null)
    log.warn(`${name}: memory is full, histories keep ${keys} names apart and count the others`);
  const fitting = fit(outbox);
  const dropped = outbox.messages.length - fitting.messages.length;
  if (dropped > 0)
    log.warn(`${name}: ${dropped} unsent messages are too many to keep, the oldest are dropped`);
  await memory.save(text, fitting);
}

/** Of an outbox that could not be sent for long, the newest that fit. */
function fit(outbox: Outbox): Outbox {
  if (gzippedBytes(JSON.stringify(outbox)) <= mostOutboxBytes) return outbox;
  const newer = <T>(items: readonly T[]) => items.slice(Math.ceil(items.length / 2));
  const { datapoints, messages } = outbox;
  return fit(
    datapoints.length > 0
      ? { datapoints: newer(datapoints), messages }
      : { datapoints, messages: newer(messages) },
  );
}
