import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** Files by their path in a folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

/**
 * What `make` gives, made once for the same inputs and kept in a folder of their hash; what was made of other inputs is
 * removed. Where nothing can be kept, it is made each time.
 * @param inputs all that the files depend on, in one order
 * @param cache folder that is for this alone
 */
export function cachedByContent(
  cache: string,
  inputs: Iterable<string | Uint8Array>,
  make: () => Files,
): Files {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${Buffer.byteLength(input)}:`).update(input);
  const kept = path.join(cache, hash.digest('hex'));
  const known = filesOf(kept);
  if (known !== null) return known;
  const made = make();
  try {
    keep(cache, kept, made);
  } catch {
    // Such as a file system that is read-only, or another process that keeps the same: the next one makes it again.
  }
  return made;
}

function filesOf(folder: string): Files | null {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return new Map(
      entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => path.join(parentPath, name))
        .map((file) => [path.relative(folder, file), readFileSync(file)]),
    );
  } catch {
    return null;
  }
}

/** Folders come and go by a rename, so that another process sees all of one or nothing. */
function keep(cache: string, kept: string, files: Files): void {
  mkdirSync(cache, { recursive: true });
  const former = readdirSync(cache);
  const work = mkdtempSync(path.join(cache, 'work-'));
  try {
    const made = path.join(work, 'made');
    for (const [file, contents] of files) {
      const written = path.join(made, file);
      mkdirSync(path.dirname(written), { recursive: true });
      writeFileSync(written, contents);
    }
    for (const name of former.filter((each) => !each.startsWith('work-')))
      renameSync(path.join(cache, name), path.join(work, name));
    renameSync(made, kept);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
