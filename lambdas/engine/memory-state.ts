import type { Cursor } from './closed-ring.ts';
import type { FindingState } from './findings.ts';
import { thinHistory, type HistoryState } from './history.ts';
import { mostKeys } from './history/kinds.ts';

/** What a check keeps of a cluster between runs. */
export type MemoryState = {
  readonly history: Readonly<Record<string, HistoryState>>;
  /** Closed-ring cursors by target. */
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly findings: Readonly<Record<string, FindingState>>;
};

const format = 1;

export const emptyMemory: MemoryState = { history: {}, cursors: {}, findings: {} };

/** @throws Error if the text is not a memory of this format */
export function parseMemory(text: string): MemoryState {
  const parsed = JSON.parse(text) as MemoryState & { readonly format?: unknown };
  if (parsed.format !== format)
    throw new Error(`memory has format ${String(parsed.format)}, expected ${format}`);
  const { history, cursors, findings } = parsed;
  if ([history, cursors, findings].some((part: unknown) => typeof part !== 'object' || part === null)) {
    throw new Error('memory lacks history, cursors or findings');
  }
  return { history, cursors, findings };
}

const thinned = (history: MemoryState['history'], keys: number): MemoryState['history'] =>
  Object.fromEntries(Object.entries(history).map(([owner, kept]) => [owner, thinHistory(kept, keys)]));

const write = (state: MemoryState) => JSON.stringify({ format, ...state });

/** Windows' keys, from all that are kept apart down to a few. */
const keySteps = [mostKeys, 128, 64, 32, 16, 8];

/**
 * The memory as text that fits. Where it would not, windows and trends keep fewer keys; what they leave out counts
 * among a window's others.
 * @returns the text, and how many keys were kept where they had to be fewer
 * @param fits tells whether a text, gzipped, stays under the item's limit
 * @throws Error if even the smallest does not fit
 */
export function writeMemory(
  state: MemoryState,
  fits: (text: string) => boolean,
): { readonly text: string; readonly keys: number | null } {
  for (const keys of keySteps) {
    const text = write(keys === mostKeys ? state : { ...state, history: thinned(state.history, keys) });
    if (fits(text)) return { text, keys: keys === mostKeys ? null : keys };
  }
  throw new Error('memory does not fit into its item even with few keys: split the cluster in settings');
}
