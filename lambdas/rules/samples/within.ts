/** Reads a part of what was stored. @throws Error that begins with the name of the part */
export function within<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${part}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
