import { classEscape, escaped, namedClass, unicodeClass } from './regex-classes.ts';

/** Go refuses the pattern. */
export class Invalid extends Error {}

/** A pattern's characters (whole code points, as Go reads them) and where reading stands. */
export type Cursor = { readonly text: readonly string[]; at: number };

export const cursorOf = (pattern: string): Cursor => ({ text: Array.from(pattern), at: 0 });

const ahead = ({ text, at }: Cursor, count: number): string => text.slice(at, at + count).join('');

/** Go's limit on a repetition, alone and multiplied through nesting (regexp/syntax maxRepeat). */
export const mostRepeats = 1000;

export type Repetition = {
  readonly source: string;
  readonly lazy: boolean;
  /** Told by a number, or by two. */
  readonly counted: boolean;
  readonly least: number;
  /** Infinity where there is no end. */
  readonly most: number;
};

/** `*`, `+?`, `{2,5}` where one stands. A brace that holds no count is a plain character. */
export function readRepetition(cursor: Cursor): Repetition | undefined {
  const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(ahead(cursor, 30));
  if (found === null) return undefined;
  const [source, low, comma, upper] = found;
  const counted = low !== undefined;
  const least = counted ? Number(low) : source === '+' ? 1 : 0;
  const hasEnd = counted ? comma === undefined || upper !== '' : source === '?';
  const most = !hasEnd ? Infinity : !counted ? 1 : comma === undefined ? least : Number(upper);
  if (least > mostRepeats || (hasEnd && most > mostRepeats) || most < least) {
    throw new Invalid(`the repetition ${source}`);
  }
  cursor.at += source.length;
  const lazy = cursor.text[cursor.at] === '?';
  if (lazy) cursor.at += 1;
  return { source, lazy, counted, least, most };
}

/** `[…]` as JavaScript's; the opening bracket is behind us. */
export function readClass(cursor: Cursor): string {
  const negated = cursor.text[cursor.at] === '^';
  if (negated) cursor.at += 1;
  let inside = '';
  for (let first = true; first || cursor.text[cursor.at] !== ']'; first = false) {
    if (cursor.at >= cursor.text.length) throw new Invalid('a missing ]');
    inside += readClassItem(cursor);
  }
  cursor.at += 1;
  return `[${negated ? '^' : ''}${inside}]`;
}

function readClassItem(cursor: Cursor): string {
  const named = /^\[:(\^?)(\w*):\]/.exec(ahead(cursor, 20));
  if (named !== null) {
    const known = namedClass(named[2] ?? '', named[1] === '^');
    if (known === undefined) throw new Invalid(`the character class ${named[0]}`);
    cursor.at += named[0].length;
    return known;
  }
  if (cursor.text[cursor.at] === '\\') {
    cursor.at += 1;
    const ready = readEscapedClass(cursor);
    if (ready !== undefined) return ready;
    cursor.at -= 1;
  }
  const low = readClassCharacter(cursor);
  const next = cursor.text[cursor.at + 1];
  if (cursor.text[cursor.at] !== '-' || next === ']' || next === undefined) return escaped(low);
  cursor.at += 1;
  const high = readClassCharacter(cursor);
  if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) throw new Invalid(`the range ${low}-${high}`);
  return `${escaped(low)}-${escaped(high)}`;
}

function readClassCharacter(cursor: Cursor): string {
  const character = cursor.text[cursor.at++];
  if (character === undefined) throw new Invalid('a missing ]');
  return character === '\\' ? readEscapedCharacter(cursor) : character;
}

/** `\d`, `\pL`, `\p{Greek}` as the inside of a class, or undefined. The backslash is behind us. */
export function readEscapedClass(cursor: Cursor): string | undefined {
  const next = cursor.text[cursor.at] ?? '';
  const perl = classEscape(next);
  if (perl !== undefined) cursor.at += 1;
  if (perl !== undefined || (next !== 'p' && next !== 'P')) return perl;
  const found = /^[pP](?:\{(\^?)([^}]*)\}|([^{]))/u.exec(ahead(cursor, 60));
  const name = found?.[2] ?? found?.[3];
  if (found === null || name === undefined) throw new Invalid(`the character class \\${next}`);
  const known = unicodeClass(name, (next === 'P') !== (found[1] === '^'));
  if (known === undefined) throw new Invalid(`the character class \\${found[0]}`);
  cursor.at += Array.from(found[0]).length;
  return known;
}

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The character that `\n`, `\x41`, `\101`, `\.` stand for. The backslash is behind us. */
export function readEscapedCharacter(cursor: Cursor): string {
  const rest = ahead(cursor, 14);
  const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(rest);
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  const whole = hex?.[0] ?? octal?.[0];
  if (whole !== undefined) {
    const code = hex === null ? parseInt(whole, 8) : parseInt(hex[1] ?? hex[2] ?? '', 16);
    if (code > 0x10ffff) throw new Invalid(`the escape \\${whole}`);
    cursor.at += whole.length;
    return String.fromCodePoint(code);
  }
  const character = cursor.text[cursor.at];
  if (character === undefined) throw new Invalid('a backslash at its end');
  const known = controls[character] ?? (/^[!-/:-@[-`{-~ ]$/.test(character) ? character : undefined);
  if (known === undefined) throw new Invalid(`the escape \\${character}`);
  cursor.at += 1;
  return known;
}
