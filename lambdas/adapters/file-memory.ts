import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { ClaimedMemory, Memory, Outbox } from '../ports.ts';
import { emptyOutbox, memoryId, parseStored, storedOutbox } from './memory-codec.ts';

type Entry = { readonly claimed: number; readonly state: string | null; readonly outbox: Outbox };
type Entries = Readonly<Record<string, Entry>>;

/** Reads and writes all entries at once, synchronously: nothing can come between one's read and its write. */
type Store = {
  read(): Entries;
  write(entries: Entries): void;
  /** Why earlier entries were lost, where they were. */
  unreadable(): string | null;
  readonly name: string;
};

/** Memory that ends with this process: for one-off runs and `--watch`. */
export function processMemory(): Memory {
  let entries: Entries = {};
  return memoryIn({
    name: 'memory of this process',
    read: () => entries,
    write(changed) {
      entries = changed;
    },
    unreadable: () => null,
  });
}

/**
 * Memory in one JSON file for all checks and clusters, replaced as a whole at each write. A missing file is an empty
 * memory. A broken one is renamed to `<file>.broken`, and every memory that was not written since says so.
 * Runs of one process may overlap; processes sharing a file must run one after the other.
 */
export function fileMemory(file: string): Memory {
  let unreadable: string | null = null;
  return memoryIn({
    name: `memory file ${file}`,
    unreadable: () => unreadable,
    read() {
      const text = readIfThere(file);
      if (text === null) return {};
      try {
        return parseStored(storedEntries, text);
      } catch (error) {
        const aside = unusedName(`${file}.broken`);
        renameSync(file, aside);
        unreadable = `memory file ${file}: ${error instanceof Error ? error.message : String(error)}; kept as ${aside}`;
        return {};
      }
    },
    write(entries) {
      replaceFile(file, `${JSON.stringify(entries)}\n`);
    },
  });
}

const storedEntries: z.ZodType<Entries> = z.record(
  z.string(),
  z.object({ claimed: z.number(), state: z.string().nullable(), outbox: storedOutbox }),
);

function memoryIn(store: Store): Memory {
  const claim = (id: string, minute: number): ClaimedMemory | null => {
    const entries = store.read();
    const last = entries[id];
    if (last !== undefined && last.claimed >= minute) return null;
    const { state: saved, outbox } = last ?? { state: null, outbox: emptyOutbox };
    store.write({ ...entries, [id]: { claimed: minute, state: saved, outbox } });

    /** Whether the entry was still this run's, and is now changed. */
    const change = (to: (entry: Entry) => Entry): boolean => {
      const current = store.read();
      const mine = current[id];
      if (mine?.claimed !== minute) return false;
      store.write({ ...current, [id]: to(mine) });
      return true;
    };
    return {
      saved,
      outbox,
      unreadable: last === undefined ? store.unreadable() : null,
      save: (state, unsent) =>
        promised(() => {
          if (change(() => ({ claimed: minute, state, outbox: unsent }))) return;
          throw new Error(`${store.name}: another run claimed ${id} since, so this run saves nothing`);
        }),
      // Refused if another run claimed the memory since: that run has the outbox and sends it again.
      clearOutbox: () => promised(() => void change((entry) => ({ ...entry, outbox: emptyOutbox }))),
    };
  };
  return { claim: (key, minute) => promised(() => claim(memoryId(key), minute)) };
}

/** Done at once; what it throws rejects. */
const promised = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`memory file ${file} cannot be read: ${String(cause)}`, { cause });
  }
}

/** A reader finds the old file or the new one, never a part. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(next, text);
    renameSync(next, file);
  } catch (cause) {
    rmSync(next, { force: true });
    throw new Error(`memory file ${file} cannot be written: ${String(cause)}`, { cause });
  }
}

function unusedName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n += 1) name = `${wanted}.${n}`;
  return name;
}
