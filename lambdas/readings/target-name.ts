/** Of a cluster's or target's name. */
export const longestName = 64;

/** A text as a target's name that settings would take: letters, digits, ".", "_" and "-", a letter or digit first. */
export function targetName(text: string): string {
  const words = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-._]+/, '');
  return words.slice(0, longestName).replace(/[-._]+$/, '') || 'target';
}

/** The name, or with `-2`, `-3` and so on where it is taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let n = 2; isTaken(free); n += 1) free = `${name.slice(0, longestName - `-${n}`.length)}-${n}`;
  return free;
}
