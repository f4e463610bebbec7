import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { contentKind } from './content-kind.ts';

/** A path that cannot hold memory; nothing there was changed. */
export class MemoryFileError extends Error {
  override readonly name = 'MemoryFileError';
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`memory file ${file}: ${problem}`, options);
  }
}

/** Of what is no memory, whatever it is: its owner may need it. */
function refuse(file: string, what: string): never {
  const wayOut = 'It was left as it is: name a file that does not exist yet, or that --memory wrote';
  throw new MemoryFileError(file, `it is ${what}. ${wayOut}`);
}

/** As `/dev/stdout`, which may lead to an empty file. */
const ofSystem = /^\/(proc|dev(?!\/shm))\//;

/**
 * The file that a path names, links followed, so that replacing it leaves them in place.
 * @throws MemoryFileError for what cannot be replaced by a file: a folder, device, pipe, a link to nowhere
 */
export function memoryPlace(given: string): string {
  const found = lookedAt(given, lstatSync);
  const isLink = found?.isSymbolicLink() === true;
  if (isLink && ofSystem.test(path.resolve(given)))
    refuse(given, 'a link of the system, behind which any file may be');
  const place = isLink ? followed(given) : path.resolve(given);
  const throughLink = isLink ? `a symbolic link to ${readlinkSync(given)}, ` : '';
  const entry = isLink ? lookedAt(given, statSync) : found;
  if (entry === null) {
    if (/[/\\]$/.test(given)) refuse(given, 'the name of a folder');
  } else {
    if (!entry.isFile()) refuse(given, `${throughLink}${kindOf(entry)}`);
    if (entry.nlink > 1)
      refuse(given, `${throughLink}a file of ${entry.nlink} names (hard links), which replacing would part`);
    if ((entry.mode & 0o222) === 0 || !isWritable(place))
      throw new MemoryFileError(given, 'it is read-only: chmod u+w it, or name another file');
  }
  const folder = path.dirname(place);
  if (lookedAt(folder, statSync)?.isDirectory() !== true)
    throw new MemoryFileError(given, `there is no folder ${folder}: make it first`);
  if (!isWritable(folder))
    throw new MemoryFileError(
      given,
      `folder ${folder} is read-only, and the file is replaced at each write: name one in another folder`,
    );
  return place;
}

/**
 * The text of a memory file; null where nothing was kept yet: there is no file, or an empty one as `touch` makes it.
 * @throws MemoryFileError naming what the file is, if it is no memory
 */
export function readMemoryFile(given: string): string | null {
  const file = memoryPlace(given);
  const size = lookedAt(file, statSync)?.size ?? 0;
  if (size === 0) return null;
  try {
    if (beginsAsMemory(beginningOf(file))) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MemoryFileError(given, `it cannot be read (${codeOf(cause)}): name another file`, { cause });
  }
  const link = lstatSync(given).isSymbolicLink() ? `a symbolic link to ${readlinkSync(given)}, ` : '';
  return refuse(given, `${link}${contentKind(beginningOf(file), file)} and no memory`);
}

/** A reader finds the old file or the new one, never a part. */
export function replaceMemoryFile(given: string, text: string): void {
  const file = memoryPlace(given);
  const next = `${file}.${randomUUID()}.tmp`;
  const mode = lookedAt(file, statSync)?.mode;
  try {
    writeFileSync(next, text, { flag: 'wx' });
    if (mode !== undefined) chmodSync(next, mode & 0o777);
    renameSync(next, file);
  } catch (cause) {
    rmSync(next, { force: true });
    throw new MemoryFileError(
      given,
      `it cannot be written (${codeOf(cause)}): name a file in another place`,
      { cause },
    );
  }
}

/** Renames a memory that cannot be used. @returns its new name */
export function setAside(file: string, word: 'ahead' | 'broken'): string {
  const wanted = `${file}.${word}`;
  let name = wanted;
  for (let n = 2; existsSync(name); n += 1) name = `${wanted}.${n}`;
  renameSync(file, name);
  return name;
}

/** As it is written, or by another tool with the same content. A memory that was cut off begins so too. */
const beginsAsMemory = (text: string): boolean =>
  /^\s*\{\s*"[\w-]+#[\w.-]+"\s*:\s*\{/.test(text) && text.includes('"claimed"');

const beginningLength = 4_096;

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(beginningLength);
  const handle = openSync(file, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(handle, bytes));
  } finally {
    closeSync(handle);
  }
}

function followed(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return refuse(link, `a symbolic link to ${readlinkSync(link)}, which leads nowhere`);
  }
}

/** Null where nothing is. */
function lookedAt(file: string, stat: typeof lstatSync): Stats | null {
  try {
    return stat(file);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new MemoryFileError(file, `it cannot be looked at (${codeOf(cause)})`, { cause });
  }
}

function kindOf(entry: Stats): string {
  if (entry.isDirectory()) return 'a folder';
  if (entry.isFIFO()) return 'a pipe (FIFO)';
  if (entry.isSocket()) return 'a socket';
  return 'a device';
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
