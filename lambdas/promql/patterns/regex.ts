import type { Edition } from '../edition.ts';
import { escaped, foldsOf } from './regex-classes.ts';
import { either, endless, inTurn, isLinear, nothing, repeated, type Effort } from './regex-effort.ts';
import {
  Invalid,
  cursorOf,
  mostRepeats,
  readClass,
  readEscapedCharacter,
  readEscapedClass,
  readRepetition,
} from './regex-tokens.ts';
import type { Cursor, Repetition } from './regex-tokens.ts';

/** Whether a pattern is to meet a whole text, or is looked for in it. */
export type Extent = 'whole' | 'part';

/** A pattern of Go's RE2 (regexp/syntax with its Perl flags). */
export type Translated = {
  /** As JavaScript's, with the flag `u`. */
  readonly source: string;
  /** As Go's, without the names of groups. */
  readonly unnamed: string;
  /** Of its groups, the first being 1; null for one without. */
  readonly names: readonly (string | null)[];
  /** Whether it meets the empty text. */
  readonly takesNothing: boolean;
  /** Whether JavaScript's own engine will do: it finds what Go finds, in time that is in proportion to the text. */
  readonly isNative: boolean;
};

/** `invalid`: why Go refuses the pattern. */
export type Translation =
  | (Translated & { readonly invalid?: never })
  | { readonly invalid: string; readonly source?: never; readonly isNative?: never };

export function translate(pattern: string, edition: Edition = 3, extent: Extent = 'whole'): Translation {
  try {
    return new Pattern(pattern, edition === 3, extent).all();
  } catch (error) {
    if (error instanceof Invalid) return { invalid: error.message };
    throw error;
  }
}

type Flags = {
  readonly ignoreCase: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly lazy: boolean;
};

/** What was read. */
type Piece = {
  readonly source: string;
  /** How often its counted repetitions multiply. */
  readonly repeats: number;
  /** Whether it meets the empty text. */
  readonly takesNothing: boolean;
  /** Whether it may be empty anywhere. */
  readonly mayBeEmpty: boolean;
  readonly effort: Effort;
  /** The same where nothing of the pattern follows: `.*` at the end never fails. */
  readonly effortAtEnd: Effort;
  readonly assertion?: 'start' | 'end' | 'other';
  /** It is one character: any, or one of some. */
  readonly one?: 'any' | 'some' | undefined;
  /** It is this character. */
  readonly character?: string;
  /** What it is characters of, as many as there are. */
  readonly manyOf?: string | undefined;
};

class Pattern {
  private readonly cursor: Cursor;
  private readonly names: (string | null)[] = [];
  /** Where names of groups stand, from and to. */
  private readonly named: (readonly [from: number, to: number])[] = [];
  /** A `\Q` has no `\E`, which must not take in what is written around the pattern. */
  private isQuoted = false;
  private readonly extent: Extent;
  private flags: Flags;

  constructor(pattern: string, dotAll: boolean, extent: Extent) {
    this.cursor = cursorOf(pattern);
    this.extent = extent;
    this.flags = { ignoreCase: false, lines: false, dotAll, lazy: false };
  }

  all(): Translated {
    const { source, takesNothing, effortAtEnd, assertion } = this.alternatives();
    if (this.next !== undefined) throw new Invalid('unexpected )');
    const isSearch = this.extent === 'part' && assertion !== 'start';
    const search: Effort = isSearch ? { choices: 1, degree: 1, time: 1 } : nothing;
    const { text } = this.cursor;
    const isName = (at: number): boolean => this.named.some(([from, to]) => at >= from && at < to);
    return {
      source,
      unnamed: text.filter((_each, at) => !isName(at)).join('') + (this.isQuoted ? '\\E' : ''),
      names: this.names,
      takesNothing,
      isNative: isLinear(inTurn(search, effortAtEnd)) && isTaken(source),
    };
  }

  private get next(): string | undefined {
    return this.cursor.text[this.cursor.at];
  }

  private alternatives(): Piece {
    let all = this.sequence();
    while (this.next === '|') {
      this.cursor.at += 1;
      const other = this.sequence();
      all = {
        source: `${all.source}|${other.source}`,
        repeats: Math.max(all.repeats, other.repeats),
        takesNothing: all.takesNothing || other.takesNothing,
        mayBeEmpty: all.mayBeEmpty || other.mayBeEmpty,
        effort: either(all.effort, other.effort),
        effortAtEnd: either(all.effortAtEnd, other.effortAtEnd),
      };
    }
    return all;
  }

  /** A repetition is of the last piece before it, wherever that was written: `a(?i)*`, `\Qab\E+`. */
  private sequence(): Piece {
    const pieces: Piece[] = [];
    let before: Repetition | undefined;
    while (this.next !== undefined && this.next !== '|' && this.next !== ')') {
      const found = readRepetition(this.cursor);
      if (found === undefined) pieces.push(...this.atoms());
      else {
        if (before !== undefined) throw new Invalid(`the nested repetition ${before.source}${found.source}`);
        const last = pieces.pop();
        if (last === undefined) throw new Invalid(`nothing before the repetition ${found.source}`);
        pieces.push(this.repeated(last, found));
      }
      before = found;
    }
    return joined(pieces, this.extent);
  }

  private repeated(piece: Piece, found: Repetition): Piece {
    const { counted, least, most, source } = found;
    const times = most === Infinity ? least : most;
    // What is left out altogether multiplies nothing.
    const repeats = most === 0 ? 1 : counted ? Math.max(times, 1) * piece.repeats : piece.repeats;
    if (counted && repeats > mostRepeats) throw new Invalid(`a repetition of more than ${mostRepeats}`);
    // JavaScript repeats no assertion; repeating one changes nothing, unless it may be left out altogether.
    if (piece.assertion !== undefined) return { ...(least === 0 ? plain('', true) : piece), repeats };
    const lazy = found.lazy !== this.flags.lazy;
    const isAlike = isRepeatedAlike(piece, most);
    const effortOf = (each: Effort): Effort => (isAlike ? repeated(each, found) : endless);
    const effort = effortOf(piece.effort);
    const isMany = most === Infinity && piece.one !== undefined;
    const neverFails = isMany && (this.extent === 'part' || piece.one === 'any');
    return {
      source: `(?:${piece.source})${source}${lazy ? '?' : ''}`,
      repeats,
      takesNothing: least === 0 || piece.takesNothing,
      mayBeEmpty: least === 0 || piece.mayBeEmpty,
      effort,
      effortAtEnd: neverFails ? nothing : most > 1 ? effort : effortOf(piece.effortAtEnd),
      manyOf: isMany ? piece.source : undefined,
    };
  }

  private atoms(): readonly Piece[] {
    const character = this.next ?? '';
    this.cursor.at += 1;
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return [this.one(readClass(this.cursor))];
      case '.':
        return [{ ...this.one(this.flags.dotAll ? '[^]' : '[^\\n]'), one: 'any' }];
      case '^':
        return [this.flags.lines ? assertion('(?<=^|\\n)', 'other') : assertion('^', 'start')];
      case '$':
        return [this.flags.lines ? assertion('(?=\\n|$)', 'other') : assertion('$', 'end')];
      case '\\':
        return this.escape();
      default:
        return [this.literal(character)];
    }
  }

  /** A class, of which one character is taken. */
  private one(source: string): Piece {
    const cased = this.flags.ignoreCase ? `(?i:${source})` : source;
    return { ...plain(cased, false), one: 'some' };
  }

  private literal(character: string): Piece {
    return this.flags.ignoreCase
      ? this.one(foldsOf(character))
      : { ...this.one(escaped(character)), character };
  }

  private escape(): readonly Piece[] {
    const found = assertions[this.next ?? ''];
    if (found !== undefined) {
      this.cursor.at += 1;
      return [found];
    }
    if (this.next === 'Q') return this.quotation();
    const ready = readEscapedClass(this.cursor);
    return [ready === undefined ? this.literal(readEscapedCharacter(this.cursor)) : this.one(`[${ready}]`)];
  }

  /** `\Q…\E`, or up to the end. */
  private quotation(): readonly Piece[] {
    const rest = this.cursor.text.slice(this.cursor.at + 1);
    const end = rest.findIndex((each, index) => each === '\\' && rest[index + 1] === 'E');
    const quoted = end === -1 ? rest : rest.slice(0, end);
    this.cursor.at += 1 + quoted.length + (end === -1 ? 0 : 2);
    this.isQuoted = end === -1;
    return quoted.map((character) => this.literal(character));
  }

  private group(): readonly Piece[] {
    const before = this.flags;
    let opening = '(';
    if (this.next === '?') {
      const rest = this.cursor.text.slice(this.cursor.at).join('');
      const name = /^\?P?<(\w+)>/.exec(rest);
      const flags = /^\?([imsU]*)(-[imsU]+)?([:)])/.exec(rest);
      if (name !== null) {
        const [whole, word = ''] = name;
        this.names.push(word);
        this.named.push([this.cursor.at, this.cursor.at + whole.length]);
        this.cursor.at += whole.length;
      } else if (flags !== null) {
        this.cursor.at += flags[0].length;
        this.flags = withFlags(before, flags[1] ?? '', flags[2] ?? '');
        // Flags alone hold up to the end of the group they stand in.
        if (flags[3] === ')') return [];
        opening = '(?:';
      } else {
        throw new Invalid(`the group (${rest.slice(0, 4)}`);
      }
    } else {
      this.names.push(null);
    }
    const inner = this.alternatives();
    if (this.next !== ')') throw new Invalid('a missing )');
    this.cursor.at += 1;
    this.flags = before;
    const { repeats, takesNothing, mayBeEmpty, effort, effortAtEnd, one } = inner;
    const source = `${opening}${inner.source})`;
    return [{ source, repeats, takesNothing, mayBeEmpty, effort, effortAtEnd, one }];
  }
}

const plain = (source: string, isEmpty: boolean): Piece => ({
  ...{
    source,
    takesNothing: isEmpty,
    mayBeEmpty: isEmpty,
    repeats: 1,
    effort: nothing,
    effortAtEnd: nothing,
  },
});

const assertion = (source: string, kind: NonNullable<Piece['assertion']>, takesNothing = true): Piece => ({
  ...plain(source, true),
  takesNothing,
  assertion: kind,
});

const assertions: Readonly<Record<string, Piece>> = {
  A: assertion('^', 'start'),
  z: assertion('$', 'end'),
  b: assertion('\\b', 'other', false),
  B: assertion('\\B', 'other'),
};

/** False where JavaScript ends a repetition at the empty text, or forgets a group's text that Go keeps from another round. */
const isRepeatedAlike = ({ mayBeEmpty, effort, source }: Piece, most: number): boolean =>
  !mayBeEmpty && (most <= 1 || effort.choices === 1 || !/\((?!\?)/.test(source));

/** Pieces one behind the other. */
function joined(pieces: readonly Piece[], extent: Extent): Piece {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const efforts = pieces.map((piece, index) => effortBefore(piece, pieces[index + 1]));
  // A whole text ends where it must, whether the pattern says so or not.
  const last = pieces.findLastIndex(({ assertion: kind }) => extent === 'part' || kind !== 'end');
  return {
    source: pieces.map(({ source }) => source).join(''),
    repeats: Math.max(1, ...pieces.map(({ repeats }) => repeats)),
    takesNothing: pieces.every(({ takesNothing }) => takesNothing),
    mayBeEmpty: pieces.every(({ mayBeEmpty }) => mayBeEmpty),
    effort: efforts.reduce(inTurn, nothing),
    effortAtEnd: [...efforts.slice(0, Math.max(last, 0)), pieces[last]?.effortAtEnd ?? nothing].reduce(
      inTurn,
      nothing,
    ),
    ...(first?.assertion === 'start' ? { assertion: 'start' } : {}),
  };
}

/** Characters of a kind end for certain before one that is not of the kind. */
function effortBefore({ effort, manyOf }: Piece, next: Piece | undefined): Effort {
  if (manyOf === undefined || next?.character === undefined) return effort;
  const isOfKind = new RegExp(`^${manyOf}$`, 'u').test(next.character);
  return isOfKind ? effort : { ...effort, degree: 0 };
}

/** V8 has limits of its own on the size of what it makes of a pattern. */
function isTaken(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

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
