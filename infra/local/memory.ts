import { fileMemory, processMemory } from '../../lambdas/adapters/memory/file.ts';
import type { Log, Memory } from '../../lambdas/ports.ts';

/** What one look after another remembers with: the file, else this process. */
export function chooseMemory(
  file: string | null,
  { isReplay }: { isReplay: boolean },
  log: Log,
): () => Memory {
  if (isReplay) {
    if (file !== null)
      log.warn(`--memory ${file} is not used: a recorded scene has one moment, nothing to remember`);
    // A memory would let the scene's one moment be claimed but once.
    return processMemory;
  }
  const lasting = warningOnce(file === null ? processMemory() : fileMemory(file), log);
  return () => lasting;
}

/** All checks find the same memory unusable: it is said once, and each then starts as on a first run. */
function warningOnce(memory: Memory, log: Log): Memory {
  const warned = new Set<string>();
  return {
    async claim(key, minute) {
      const claimed = await memory.claim(key, minute);
      if (claimed === null || claimed.unreadable === null) return claimed;
      if (!warned.has(claimed.unreadable))
        log.warn(`${claimed.unreadable}; all checks start as on a first run`);
      warned.add(claimed.unreadable);
      return { ...claimed, unreadable: null };
    },
  };
}
