/**
 * What a file holds, in words that show nothing of it.
 * @param beginning of its text; what is no UTF-8 stands there as U+FFFD
 */
export function contentKind(beginning: string, file: string): string {
  const format = formats.find(({ begins }) => begins.test(beginning));
  if (format !== undefined) return format.name;
  // Of a longer one a character may have been cut at the end.
  const whole = beginning.length < shortest ? beginning : beginning.slice(0, -3);
  if (binary.test(whole)) return 'a binary file';
  const text = beginning.replace(/^\uFEFF/, '').trimStart();
  const kind = kinds.find(({ begins }) => begins.test(text));
  if (kind !== undefined) return kind.name;
  return /\.ya?ml$/i.test(file) || yaml.test(text) ? 'YAML' : 'a text file';
}

/** What is cut has more characters than this. */
const shortest = 1_000;

/** No text has these: control characters but those of lines and colours, and what is no UTF-8. */
const binary = /[\0-\x07\x0E-\x1A\x1C-\x1F\x7F\uFFFD]/;

/** By the first bytes, each that is no UTF-8 as U+FFFD. */
const formats: readonly { readonly name: string; readonly begins: RegExp }[] = [
  { name: 'a program (ELF)', begins: /^\x7FELF/ },
  { name: 'a gzip file', begins: /^\x1F\uFFFD\x08/ },
  { name: 'a zip file', begins: /^PK\x03\x04/ },
  { name: 'a PNG image', begins: /^\uFFFDPNG\r\n/ },
  { name: 'a PDF file', begins: /^%PDF-/ },
  { name: 'an SQLite database', begins: /^SQLite format 3/ },
];

/** A key and its colon behind comments; a sentence with a colon has spaces before it. */
const yaml = /^(#[^\n]*\n\s*)*(---\s|%YAML|["']?[\w./-]+["']?:(\s|$))/;

const kinds: readonly { readonly name: string; readonly begins: RegExp }[] = [
  { name: 'JSON of something else', begins: /^(\{\s*["}]|\[\s*[[{"\d\-\]tfn])/ },
  { name: 'a PEM file, certificates or keys', begins: /^-----BEGIN / },
  { name: 'a script', begins: /^#!/ },
  { name: 'XML or HTML', begins: /^</ },
];
