/** Major, minor, patch. */
export type LibraryVersion = readonly [number, number, number];

/** `2.10.3`, `v1.37.0`, `0.42`, with anything behind; null for a text that is no version. */
export function versionOf(text: string | undefined): LibraryVersion | null {
  const [, major, minor, patch] = /^v?(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?/.exec(text ?? '') ?? [];
  return major === undefined || minor === undefined
    ? null
    : [Number(major), Number(minor), Number(patch ?? 0)];
}

export const isBefore = (a: LibraryVersion, b: LibraryVersion): boolean => {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
};
