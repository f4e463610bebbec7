import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A text as what of it differs from a base: what both have takes next to nothing. */
export function packDelta(text: string, base: Uint8Array): Uint8Array {
  const bytes = Buffer.from(text);
  return zstdCompressSync(bytes, {
    dictionary: base,
    params: {
      [constants.ZSTD_c_compressionLevel]: 6,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_windowLog]: windowLog(bytes.byteLength + base.byteLength),
    },
  });
}

/** @throws Error if these bytes are no delta, or one to another base */
export const unpackDelta = (bytes: Uint8Array, base: Uint8Array): string =>
  zstdDecompressSync(bytes, { dictionary: base }).toString('utf8');

/** So that the whole base stays in sight, in zstd's bounds. */
const windowLog = (bytes: number): number => Math.min(Math.max(Math.ceil(Math.log2(bytes + 1)), 10), 27);
