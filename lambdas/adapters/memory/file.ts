import { z } from 'zod';
import { aheadOf } from '../../engine/ahead.ts';
import type { ClaimedMemory, Memory, Outbox } from '../../ports.ts';
import { emptyOutbox, memoryId, parseStored, storedOutbox } from './codec.ts';
import { MemoryFileError, memoryPlace, readMemoryFile, replaceMemoryFile, setAside } from './own-file.ts';

type Entry = { readonly claimed: number; readonly state: string | null; readonly outbox: Outbox };
type Entries = Readonly<Record<string, Entry>>;

/** Reads and writes all entries at once, synchronously: nothing can come between one's read and its write. */
type Store = {
  /** Throws if what is stored is no memory. */
  read(): Entries;
  write(entries: Entries): void;
  /** Puts aside what is stored, as it cannot be used. @returns where to, if it is kept */
  putAside(why: 'ahead' | 'broken'): string | null;
  readonly name: string;
};
type Clock = { readonly now: () => number };
const systemClock: Clock = { now: () => Date.now() };

/** Memory that ends with this process: for one-off runs and `--watch`. */
export function processMemory(clock = systemClock): Memory {
  let entries: Entries = {};
  return memoryIn(clock, {
    name: 'memory of this process',
    read: () => entries,
    write(changed) {
      entries = changed;
    },
    putAside() {
      entries = {};
      return null;
    },
  });
}

/**
 * Memory in one JSON file for all checks and clusters, replaced as a whole at each write. A missing or empty file is an
 * empty memory. One that is broken, or was used at a time that has not come, is renamed to `<file>.broken` or `<file>.ahead`,
 * and every memory that was not written since says so.
 * Runs of one process may overlap; processes sharing a file must run one after the other.
 * @throws MemoryFileError if the file is no memory, then and at each claim
 */
export function fileMemory(file: string, clock = systemClock): Memory {
  const place = memoryPlace(file);
  readMemoryFile(file);
  return memoryIn(clock, {
    name: `memory file ${file}`,
    read() {
      const text = readMemoryFile(place);
      return text === null ? {} : parseStored(storedEntries, text);
    },
    write: (entries) => replaceMemoryFile(place, `${JSON.stringify(entries)}\n`),
    putAside: (why) => setAside(place, why),
  });
}

const storedEntries: z.ZodType<Entries> = z.record(
  z.string(),
  z.object({ claimed: z.number(), state: z.string().nullable(), outbox: storedOutbox }),
);

function memoryIn({ now }: Clock, store: Store): Memory {
  let lost: Pick<ClaimedMemory, 'unreadable' | 'isAhead'> = { unreadable: null };
  const putAside = (why: 'ahead' | 'broken', reason: string): Entries => {
    const kept = store.putAside(why);
    const unreadable = `${store.name}: ${reason}${kept === null ? '' : `; kept as ${kept}`}`;
    lost = why === 'ahead' ? { unreadable, isAhead: true } : { unreadable };
    return {};
  };
  /** What can be used. What was written at a time to come would refuse every run until then. */
  const usable = (minute: number): Entries => {
    let entries: Entries;
    try {
      entries = store.read();
    } catch (error) {
      if (error instanceof MemoryFileError) throw error;
      return putAside('broken', error instanceof Error ? error.message : String(error));
    }
    const latest = Math.max(...Object.values(entries).map(({ claimed }) => claimed));
    if (latest <= Math.max(now(), minute)) return entries;
    return putAside('ahead', `its last run was at ${aheadOf(now(), latest)}`);
  };

  const claim = (id: string, minute: number): ClaimedMemory | null => {
    const entries = usable(minute);
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
      ...(last === undefined ? lost : { unreadable: null }),
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
