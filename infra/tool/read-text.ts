import { readFileSync } from 'node:fs';
import { ToolError } from './tool-error.ts';

/**
 * @param file as messages name it
 * @throws ToolError if there is no such text file
 */
export function readText(path: string, file: string): string {
  const bytes = readBytes(path, file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ToolError(`${file}: no text in UTF-8`);
  }
}

function readBytes(path: string, file: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'no such file',
      EISDIR: 'a folder, not a file',
    };
    throw new ToolError(`${file}: ${reasons[code ?? ''] ?? `cannot be read (${code})`}`);
  }
}
