import type { Edition } from './edition.ts';
import { escaped } from './regex-classes.ts';
import {
  Invalid,
  Unportable,
  cursorOf,
  mostRepeats,
  readClass,
  readEscapedCharacter,
  readEscapedClass,
  readRepetition,
} from './regex-tokens.ts';
import type { Cursor } from './regex-tokens.ts';

/**
 * A pattern of Go's RE2 (regexp/syntax with its Perl flags) as JavaScript's. `invalid`: Go refuses it.
 * `unportable`: Go takes it and JavaScript has nothing of that meaning.
 */
export type Translation =
  | { readonly source: string; readonly invalid?: never; readonly unportable?: never }
  | { readonly invalid: string; readonly source?: never; readonly unportable?: never }
  | { readonly unportable: string; readonly source?: never; readonly invalid?: never };

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
    return { unportable: error instanceof Error ? error.message : String(error) };
  }
}

type Flags = {
  readonly ignoreCase: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
};

/** What was read, and how often its counted repetitions multiply. */
type Piece = { readonly source: string; readonly repeats: number; readonly assertion?: boolean };

class Pattern {
  private readonly cursor: Cursor;
  private readonly names = new Set<string>();
  private flags: Flags;

  constructor(pattern: string, dotAll: boolean) {
    this.cursor = cursorOf(pattern);
    this.flags = { ignoreCase: false, lines: false, dotAll, lazy: false };
  }

  all(): string {
    const { source } = this.alternatives();
    if (this.next !== undefined) throw new Invalid('unexpected )');
    return source;
  }

  private get next(): string | undefined {
    return this.cursor.text[this.cursor.at];
  }

  private alternatives(): Piece {
    let source = '';
    let repeats = 1;
    while (this.next !== undefined && this.next !== ')') {
      const bar = this.next === '|';
      if (bar) this.cursor.at += 1;
      const piece = bar ? { source: '|', repeats: 1 } : this.repeated();
      source += piece.source;
      repeats = Math.max(repeats, piece.repeats);
    }
    return { source, repeats };
  }

  private repeated(): Piece {
    const lone = readRepetition(this.cursor);
    if (lone !== undefined) throw new Invalid(`nothing before the repetition ${lone.source}`);
    const atom = this.atom();
    const found = readRepetition(this.cursor);
    if (found === undefined) return atom;
    if (atom.source === '') throw new Invalid(`nothing before the repetition ${found.source}`);
    const repeats = found.counted ? Math.max(found.most, 1) * atom.repeats : atom.repeats;
    if (found.counted && repeats > mostRepeats) throw new Invalid(`a repetition of more than ${mostRepeats}`);
    const second = readRepetition(this.cursor);
    if (second !== undefined) throw new Invalid(`the nested repetition ${found.source}${second.source}`);
    // JavaScript repeats no assertion; repeating one changes nothing, unless it may be left out altogether.
    if (atom.assertion === true) return { source: found.least === 0 ? '' : atom.source, repeats: 1 };
    const lazy = found.lazy !== this.flags.lazy;
    return { source: `(?:${atom.source})${found.source}${lazy ? '?' : ''}`, repeats };
  }

  private atom(): Piece {
    const character = this.next ?? '';
    this.cursor.at += 1;
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.plain(readClass(this.cursor));
      case '.':
        return { source: this.flags.dotAll ? '[^]' : '[^\\n]', repeats: 1 };
      case '^':
        return assertion(this.flags.lines ? '(?<=^|\\n)' : '^');
      case '$':
        return assertion(this.flags.lines ? '(?=\\n|$)' : '$');
      case '\\':
        return this.escape();
      default:
        return this.plain(escaped(character));
    }
  }

  private plain(source: string): Piece {
    const cased = this.flags.ignoreCase && source !== '' ? `(?i:${source})` : source;
    return { source: cased, repeats: 1 };
  }

  private escape(): Piece {
    const assertions: Readonly<Record<string, string>> = { A: '^', z: '$', b: '\\b', B: '\\B' };
    const found = assertions[this.next ?? ''];
    if (found !== undefined) {
      this.cursor.at += 1;
      return assertion(found);
    }
    if (this.next === 'Q') return this.quotation();
    const ready = readEscapedClass(this.cursor);
    return this.plain(ready === undefined ? escaped(readEscapedCharacter(this.cursor)) : `[${ready}]`);
  }

  /** `\Q…\E`: a repetition behind it repeats its last character alone, so that the longer ones are left to Go. */
  private quotation(): Piece {
    const rest = this.cursor.text.slice(this.cursor.at + 1);
    const end = rest.findIndex((each, index) => each === '\\' && rest[index + 1] === 'E');
    const quoted = end === -1 ? rest : rest.slice(0, end);
    if (quoted.length > 1) throw new Unportable('\\Q…\\E');
    this.cursor.at += 1 + quoted.length + (end === -1 ? 0 : 2);
    return this.plain(quoted.map(escaped).join(''));
  }

  private group(): Piece {
    const before = this.flags;
    let opening = '(';
    if (this.next === '?') {
      const rest = this.cursor.text.slice(this.cursor.at).join('');
      const name = /^\?P?<(\w+)>/.exec(rest);
      const flags = /^\?([imsU]*)(-[imsU]+)?([:)])/.exec(rest);
      if (name !== null) {
        const [whole, word = ''] = name;
        if (/^\d/.test(word)) throw new Unportable(`the group name ${word}`);
        // Of two groups of one name Go finds the first; JavaScript takes no second.
        opening = this.names.has(word) ? '(' : `(?<${word}>`;
        this.names.add(word);
        this.cursor.at += whole.length;
      } else if (flags !== null) {
        this.cursor.at += flags[0].length;
        this.flags = withFlags(before, flags[1] ?? '', flags[2] ?? '');
        // Flags alone hold up to the end of the group they stand in.
        if (flags[3] === ')') return { source: '', repeats: 1 };
        opening = '(?:';
      } else {
        throw new Invalid(`the group (${rest.slice(0, 4)}`);
      }
    }
    const inner = this.alternatives();
    if (this.next !== ')') throw new Invalid('a missing )');
    this.cursor.at += 1;
    this.flags = before;
    return { source: `${opening}${inner.source})`, repeats: inner.repeats };
  }
}

const assertion = (source: string): Piece => ({ source, repeats: 1, assertion: true });

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean): boolean =>
    !off.includes(letter) && (on.includes(letter) || before);
  return {
    ignoreCase: value('i', flags.ignoreCase),
    lines: value('m', flags.lines),
    dotAll: value('s', flags.dotAll),
    lazy: value('U', flags.lazy),
  };
}
