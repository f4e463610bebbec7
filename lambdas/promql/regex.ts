import type { Edition } from './edition.ts';
import { classEscape, escaped, namedClass, unicodeClass } from './regex-classes.ts';

/**
 * A pattern of Go's RE2 (regexp/syntax with its Perl flags) as JavaScript's. `invalid`: Go refuses it.
 * `unportable`: Go takes it and JavaScript has nothing of that meaning.
 */
export type Translation =
  | { readonly source: string; readonly invalid?: never; readonly unportable?: never }
  | { readonly invalid: string; readonly source?: never; readonly unportable?: never }
  | { readonly unportable: string; readonly source?: never; readonly invalid?: never };

class Invalid extends Error {}
class Unportable extends Error {}

const cache = new Map<string, RegExp | undefined>();

/** The pattern that a whole label value must meet, or undefined when it is invalid or unportable. */
export function anchored(pattern: string, edition: Edition): RegExp | undefined {
  const key = `${edition} ${pattern}`;
  if (cache.has(key)) return cache.get(key);
  const { source } = translate(pattern, edition);
  const expression = source === undefined ? undefined : new RegExp(`^(?:${source})$`, 'u');
  cache.set(key, expression);
  return expression;
}

export function translate(pattern: string, edition: Edition = 3): Translation {
  try {
    const source = new Pattern(pattern, edition === 3).all();
    new RegExp(source, 'u');
    return { source };
  } catch (error) {
    if (error instanceof Invalid) return { invalid: error.message };
    if (error instanceof Unportable) return { unportable: error.message };
    return { unportable: error instanceof Error ? error.message : String(error) };
  }
}

type Flags = {
  readonly ignoreCase: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
};

/** Go's limit on a repetition, alone and multiplied through nesting (regexp/syntax maxRepeat). */
const mostRepeats = 1000;

class Pattern {
  private at = 0;
  private readonly names = new Set<string>();
  private readonly text: readonly string[];
  private flags: Flags;

  constructor(pattern: string, dotAll: boolean) {
    this.text = [...pattern];
    this.flags = { ignoreCase: false, lines: false, dotAll, lazy: false };
  }

  all(): string {
    const { source } = this.alternatives();
    if (this.at < this.text.length) throw new Invalid('unexpected )');
    return source;
  }

  private alternatives(): { readonly source: string; readonly repeats: number } {
    let source = '';
    let repeats = 1;
    while (this.at < this.text.length && this.text[this.at] !== ')') {
      if (this.text[this.at] === '|') {
        source += '|';
        this.at += 1;
        continue;
      }
      const piece = this.repeated();
      source += piece.source;
      repeats = Math.max(repeats, piece.repeats);
    }
    return { source, repeats };
  }

  private repeated(): { readonly source: string; readonly repeats: number } {
    const start = this.at;
    if (this.repetition() !== undefined) {
      throw new Invalid(`nothing before the repetition ${this.text.slice(start, this.at).join('')}`);
    }
    const atom = this.atom();
    const found = this.repetition();
    if (found === undefined) return atom;
    if (atom.source === '') throw new Invalid('nothing before a repetition');
    const repeats = Math.max(found.most, 1) * atom.repeats;
    if (found.counted && repeats > mostRepeats) throw new Invalid(`a repetition of more than ${mostRepeats}`);
    const doubled = this.at;
    if (this.repetition() !== undefined) {
      throw new Invalid(`the nested repetition ${this.text.slice(doubled - 1, this.at).join('')}`);
    }
    const lazy = found.lazy !== this.flags.lazy;
    // JavaScript repeats no assertion; repeating one changes nothing, unless it may be left out altogether.
    if (atom.assertion === true) return { source: found.least === 0 ? '' : atom.source, repeats: 1 };
    return {
      source: `(?:${atom.source})${found.source}${lazy ? '?' : ''}`,
      repeats: found.counted ? repeats : atom.repeats,
    };
  }

  private repetition():
    { source: string; lazy: boolean; counted: boolean; most: number; least: number } | undefined {
    const character = this.text[this.at];
    let source: string;
    let counted = false;
    let most = 1;
    let least = character === '+' ? 1 : 0;
    if (character === '*' || character === '+' || character === '?') {
      source = character;
      this.at += 1;
    } else if (character === '{') {
      const found = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(this.at, this.at + 30).join(''));
      if (found === null) return undefined;
      least = Number(found[1]);
      const high = found[2] === undefined ? least : found[3] === '' ? undefined : Number(found[3]);
      if (least > mostRepeats || (high ?? 0) > mostRepeats || (high !== undefined && high < least)) {
        throw new Invalid(`the repetition ${found[0]}`);
      }
      source = found[0];
      counted = true;
      most = high ?? least;
      this.at += source.length;
    } else {
      return undefined;
    }
    const lazy = this.text[this.at] === '?';
    if (lazy) this.at += 1;
    return { source, lazy, counted, most, least };
  }

  private atom(): { readonly source: string; readonly repeats: number; readonly assertion?: boolean } {
    const character = this.text[this.at++] ?? '';
    const plain = (source: string): { source: string; repeats: number } => ({
      source: this.cased(source),
      repeats: 1,
    });
    const assertion = (source: string): { source: string; repeats: number; assertion: boolean } => ({
      source,
      repeats: 1,
      assertion: true,
    });
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return plain(this.characterClass());
      case '.':
        return { source: this.flags.dotAll ? '[^]' : '[^\\n]', repeats: 1 };
      case '^':
        return assertion(this.flags.lines ? '(?<=^|\\n)' : '^');
      case '$':
        return assertion(this.flags.lines ? '(?=\\n|$)' : '$');
      case '\\':
        return this.escape(plain, assertion);
      default:
        return plain(escaped(character));
    }
  }

  private escape<T, U>(plain: (source: string) => T, assertion: (source: string) => U): T | U {
    const next = this.text[this.at];
    if (next === 'A') return (this.at++, assertion('^'));
    if (next === 'z') return (this.at++, assertion('$'));
    if (next === 'b' || next === 'B') return (this.at++, assertion(`\\${next}`));
    if (next === 'Q') {
      const rest = this.text.slice(this.at + 1).join('');
      const end = rest.indexOf('\\E');
      const quoted = [...(end === -1 ? rest : rest.slice(0, end))];
      // Only the last character of a quotation is what a repetition behind it repeats.
      if (quoted.length > 1) throw new Unportable('\\Q…\\E');
      this.at += 1 + quoted.length + (end === -1 ? 0 : 2);
      return plain(quoted.map(escaped).join(''));
    }
    const ready = this.escapedClass();
    return plain(ready === undefined ? escaped(this.escapedCharacter()) : `[${ready}]`);
  }

  /** `\d`, `\pL`, `\p{Greek}` as the inside of a class, or undefined. The backslash is behind us. */
  private escapedClass(): string | undefined {
    const next = this.text[this.at] ?? '';
    const perl = classEscape(next);
    if (perl !== undefined) return (this.at++, perl);
    if (next !== 'p' && next !== 'P') return undefined;
    const found = /^[pP](?:\{(\^?)([^}]*)\}|([^{]))/u.exec(this.text.slice(this.at, this.at + 60).join(''));
    const name = found?.[2] ?? found?.[3];
    if (found === null || name === undefined) throw new Invalid(`the character class \\${next}`);
    this.at += [...found[0]].length;
    const known = unicodeClass(name, (next === 'P') !== (found[1] === '^'));
    if (known === undefined) throw new Invalid(`the character class \\${found[0]}`);
    return known;
  }

  private escapedCharacter(): string {
    const rest = this.text.slice(this.at, this.at + 14).join('');
    const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(rest);
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const whole = hex?.[0] ?? octal?.[0];
    if (whole !== undefined) {
      const code = hex === null ? parseInt(whole, 8) : parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (code > 0x10ffff) throw new Invalid(`the escape \\${whole}`);
      this.at += whole.length;
      return String.fromCodePoint(code);
    }
    const [character = ''] = [...rest];
    const control: Readonly<Record<string, string>> = {
      a: '\x07',
      f: '\f',
      n: '\n',
      r: '\r',
      t: '\t',
      v: '\v',
    };
    const known =
      control[character] ?? (/^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e ]$/.test(character) ? character : '');
    if (known === '')
      throw new Invalid(character === '' ? 'a backslash at its end' : `the escape \\${character}`);
    this.at += 1;
    return known;
  }

  private group(): { readonly source: string; readonly repeats: number } {
    const before = this.flags;
    let opening = '(';
    if (this.text[this.at] === '?') {
      const rest = this.text.slice(this.at).join('');
      const name = /^\?P?<(\w+)>/.exec(rest);
      const flags = /^\?([imsU]*)(-[imsU]+)?([:)])/.exec(rest);
      if (name !== null) {
        const [whole, word = ''] = name;
        if (/^\d/.test(word)) throw new Unportable(`the group name ${word}`);
        // Of two groups of one name Go finds the first; JavaScript takes no second.
        opening = this.names.has(word) ? '(' : `(?<${word}>`;
        this.names.add(word);
        this.at += whole.length;
      } else if (flags !== null) {
        this.at += flags[0].length;
        this.flags = withFlags(before, flags[1] ?? '', flags[2] ?? '');
        // Flags alone hold up to the end of the group they stand in.
        if (flags[3] === ')') return { source: '', repeats: 1 };
        opening = '(?:';
      } else {
        throw new Invalid(`the group ${rest.slice(0, 4)}`);
      }
    }
    const inner = this.alternatives();
    if (this.text[this.at] !== ')') throw new Invalid('a missing )');
    this.at += 1;
    this.flags = before;
    return { source: `${opening}${inner.source})`, repeats: inner.repeats };
  }

  private characterClass(): string {
    const negated = this.text[this.at] === '^';
    if (negated) this.at += 1;
    let inside = '';
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      if (this.at >= this.text.length) throw new Invalid('a missing ]');
      inside += this.classItem();
    }
    this.at += 1;
    return `[${negated ? '^' : ''}${inside}]`;
  }

  private classItem(): string {
    const rest = this.text.slice(this.at).join('');
    const named = /^\[:(\^?)(\w*):\]/.exec(rest);
    if (named !== null) {
      const known = namedClass(named[2] ?? '', named[1] === '^');
      if (known === undefined) throw new Invalid(`the character class ${named[0]}`);
      this.at += named[0].length;
      return known;
    }
    if (this.text[this.at] === '\\') {
      this.at += 1;
      const ready = this.escapedClass();
      if (ready !== undefined) return ready;
      this.at -= 1;
    }
    const low = this.classCharacter();
    const next = this.text[this.at + 1];
    if (this.text[this.at] !== '-' || next === ']' || next === undefined) return escaped(low);
    this.at += 1;
    const high = this.classCharacter();
    if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) throw new Invalid(`the range ${low}-${high}`);
    return `${escaped(low)}-${escaped(high)}`;
  }

  private classCharacter(): string {
    const character = this.text[this.at++];
    if (character === undefined) throw new Invalid('a missing ]');
    return character === '\\' ? this.escapedCharacter() : character;
  }

  private cased(source: string): string {
    return this.flags.ignoreCase && source !== '' ? `(?i:${source})` : source;
  }
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || before;
  return {
    ignoreCase: value('i', flags.ignoreCase),
    lines: value('m', flags.lines),
    dotAll: value('s', flags.dotAll),
    lazy: value('U', flags.lazy),
  };
}
