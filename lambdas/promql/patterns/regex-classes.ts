/** The character as JavaScript's `u` patterns hold it, in a class or outside of one. */
export function escaped(character: string): string {
  if (/^[\^$\\.*+?()[\]{}|/-]$/.test(character)) return `\\x${hex(character)}`;
  return /^[\w\u0080-\u{10ffff} ]$/u.test(character) ? character : `\\x${hex(character)}`;
}

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0');

const perl: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\x00-\\x2f\\x3a-\\u{10ffff}',
  s: '\\t\\n\\f\\r\\x20',
  S: '\\x00-\\x08\\x0b\\x0e-\\x1f\\x21-\\u{10ffff}',
  w: '0-9A-Za-z_',
  W: '\\x00-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\u{10ffff}',
};

/** The inside of a class for `\d`, `\S` and so on, which are ASCII in RE2; undefined for other letters. */
export const classEscape = (letter: string): string | undefined => perl[letter];

const posix: Readonly<Record<string, readonly [inside: string, outside: string]>> = {
  alnum: ['0-9A-Za-z', '\\x00-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\u{10ffff}'],
  alpha: ['A-Za-z', '\\x00-\\x40\\x5b-\\x60\\x7b-\\u{10ffff}'],
  ascii: ['\\x00-\\x7f', '\\u{80}-\\u{10ffff}'],
  blank: ['\\t\\x20', '\\x00-\\x08\\x0a-\\x1f\\x21-\\u{10ffff}'],
  cntrl: ['\\x00-\\x1f\\x7f', '\\x20-\\x7e\\u{80}-\\u{10ffff}'],
  digit: ['0-9', '\\x00-\\x2f\\x3a-\\u{10ffff}'],
  graph: ['\\x21-\\x7e', '\\x00-\\x20\\x7f-\\u{10ffff}'],
  lower: ['a-z', '\\x00-\\x60\\x7b-\\u{10ffff}'],
  print: ['\\x20-\\x7e', '\\x00-\\x1f\\x7f-\\u{10ffff}'],
  punct: ['\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e', '\\x00-\\x200-9A-Za-z\\x7f-\\u{10ffff}'],
  space: ['\\t-\\r\\x20', '\\x00-\\x08\\x0e-\\x1f\\x21-\\u{10ffff}'],
  upper: ['A-Z', '\\x00-\\x40\\x5b-\\u{10ffff}'],
  word: ['0-9A-Za-z_', '\\x00-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\u{10ffff}'],
  xdigit: ['0-9A-Fa-f', '\\x00-\\x2f\\x3a-\\x40\\x47-\\x60\\x67-\\u{10ffff}'],
};

/** `[:alpha:]`, negated or not; undefined for a name that RE2 does not know. */
export const namedClass = (name: string, negated: boolean): string | undefined =>
  posix[name]?.[negated ? 1 : 0];

/** `\pL`, `\p{Greek}`; undefined for a name that JavaScript does not know. */
export function unicodeClass(name: string, negated: boolean): string | undefined {
  const letter = negated ? 'P' : 'p';
  if (name === 'Any') return negated ? '' : '\\x00-\\u{10ffff}';
  const general = /^(?:[LMNPSZC]|[LMNPSZC][a-z]|LC)$/.test(name);
  const source = general ? `\\${letter}{${name}}` : `\\${letter}{Script=${name}}`;
  try {
    new RegExp(source, 'u');
    return source;
  } catch {
    return undefined;
  }
}

/**
 * A character with those that it is equal to where case does not count: of ſ and s, or K (Kelvin) and k, V8 finds one
 * within `(?i:…)` for the other, and not the other way round.
 */
export function foldsOf(character: string): string {
  if (character <= '\x7f') return escaped(character);
  const isEqual = new RegExp(`^${escaped(character)}$`, 'iu');
  const cased = [character, character.toLowerCase(), character.toUpperCase()];
  const others = cased.flatMap((each) => [each, each.toLowerCase(), each.toUpperCase()]);
  const folds = [...new Set(others)].filter((each) => isEqual.test(each)).map(escaped);
  return folds.length === 1 ? folds.join('') : `[${folds.join('')}]`;
}
