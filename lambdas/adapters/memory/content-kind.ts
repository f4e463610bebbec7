/**
 * What a file holds, in words that show nothing of it.
 * @param beginning of its text; what is no UTF-8 stands there as U+FFFD
 */
export function contentKind(beginning: string, file: string): string {
  // A character may have been cut at the end.
  if (/[\0\uFFFD]/.test(beginning.slice(0, -3))) return 'a binary file';
  const text = beginning.replace(/^\uFEFF/, '').trimStart();
  const kind = kinds.find(({ begins }) => begins.test(text));
  if (kind !== undefined) return kind.name;
  return /\.ya?ml$/i.test(file) || yaml.test(text) ? 'YAML' : 'a text file';
}

/** A key and its colon behind comments; a sentence with a colon has spaces before it. */
const yaml = /^(#[^\n]*\n\s*)*(---\s|%YAML|["']?[\w./-]+["']?:(\s|$))/;

const kinds: readonly { readonly name: string; readonly begins: RegExp }[] = [
  { name: 'JSON of something else', begins: /^(\{\s*["}]|\[\s*[[{"\d\-\]tfn])/ },
  { name: 'a PEM file, certificates or keys', begins: /^-----BEGIN / },
  { name: 'a script', begins: /^#!/ },
  { name: 'XML or HTML', begins: /^</ },
];
