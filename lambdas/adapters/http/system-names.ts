import type { LookupAddress } from 'node:dns';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** What the files of a system say of names: to ask the system itself takes a thread, which may hang. */
export type SystemNames = {
  /** By names in small letters. */
  readonly hosts: ReadonlyMap<string, readonly LookupAddress[]>;
  /** Domains in which a name of one label is looked for, in their order. */
  readonly search: readonly string[];
};

/** @param folder of `hosts` and `resolv.conf`; a file that is not there says nothing */
export function systemNames(folder = '/etc'): SystemNames {
  const hosts = new Map<string, readonly LookupAddress[]>();
  for (const [address = '', ...names] of linesOf(`${folder}/hosts`)) {
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((each) => each.toLowerCase()))
      hosts.set(name, [...(hosts.get(name) ?? []), { address, family }]);
  }
  const [, ...search] =
    linesOf(`${folder}/resolv.conf`).findLast(([key]) => key === 'search' || key === 'domain') ?? [];
  return { hosts, search: search.filter((domain) => domain !== '.') };
}

/** Its words line by line, without comments. */
function linesOf(file: string): readonly (readonly string[])[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.map((line) =>
      line
        .replace(/[#;].*/, '')
        .trim()
        .split(/\s+/),
    );
  } catch {
    return [];
  }
}
