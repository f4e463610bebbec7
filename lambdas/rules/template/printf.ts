import { formatFloat } from './numbers.ts';
import type { Value } from './values.ts';
import { ExpandError, isMapping, isVague, printed, typeOf } from './values.ts';

const directive = /%(?<flags>[-+ 0]*)(?<width>\d+)?(?:\.(?<precision>\d*))?(?<verb>[^]?)/gu;
/** Wider texts are mistakes, and could be made as wide as memory. */
const widest = 100;

type Directive = {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly verb: string;
};

/** Go's Sprintf, for texts, numbers and bools; what it marks as a mistake (`%!d(float64=1)`) is marked here too. */
export function sprintf(format: string, values: readonly Value[]): string {
  let used = 0;
  const text = format.replace(directive, (whole, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const { flags = '', width, precision, verb = '' } = groups;
    if (verb === '%') return '%';
    if (verb === '') return '%!(NOVERB)';
    const wanted = precision === undefined ? null : Number(precision);
    const wide = Math.max(Number(width ?? 0), wanted ?? 0) > widest;
    if (wide || '*[#'.includes(verb)) throw new ExpandError(`printf's ${whole} is not expanded here`);
    const value = values[used];
    used += 1;
    if (value === undefined) return `%!${verb}(MISSING)`;
    if (isVague(value) && value.compared === undefined) return value.words;
    // %+v asks for the names of fields, not for a sign.
    const own = verb === 'v' ? flags.replaceAll('+', '') : flags;
    const asked = { flags: own, width: Number(width ?? 0), precision: wanted, verb };
    return isVague(value) && value.compared !== undefined
      ? `${value.compared.as}${written(value.compared.to, asked)}`
      : written(value, asked);
  });
  if (used >= values.length) return text;
  const extra = values.slice(used).map((value) => `${typeOf(value)}=${printed(value)}`);
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function written(value: Value, asked: Directive): string {
  const text = body(value, asked);
  if (text !== null) return padded(text, value, asked);
  return `%!${asked.verb}(${typeOf(value)}=${written(value, { ...asked, verb: 'v' })})`;
}

/** Without padding; null where the verb is not for such a value. */
function body(value: Value, asked: Directive): string | null {
  const { verb, precision } = asked;
  switch (typeof value) {
    case 'string':
      return textBody(precision === null ? value : Array.from(value).slice(0, precision).join(''), verb);
    case 'number':
      return floatBody(value, asked);
    case 'bigint':
      if (precision !== null || /[bcoOqUxX]/.test(verb))
        throw new ExpandError(`printf's %${verb} of an int is not expanded here`);
      return verb === 'd' || verb === 'v' ? signed(String(value), asked) : null;
    case 'boolean':
      return verb === 't' || verb === 'v' ? String(value) : null;
    default:
      if (asked.width > 0 || (verb !== 'v' && !(verb === 's' && isMapping(value))))
        throw new ExpandError(`printf's %${verb} of a ${typeOf(value)} is not expanded here`);
      return printed(value);
  }
}

function textBody(text: string, verb: string): string | null {
  if (verb === 'x' || verb === 'X') throw new ExpandError(`printf's %${verb} of a text is not expanded here`);
  if (verb === 'q') return quoted(text);
  return verb === 's' || verb === 'v' ? text : null;
}

function floatBody(value: number, asked: Directive): string | null {
  const { verb, precision } = asked;
  const kind = { v: 'g', e: 'e', E: 'e', f: 'f', F: 'f', g: 'g', G: 'g' }[verb];
  if (kind === undefined) {
    if (/[bxX]/.test(verb)) throw new ExpandError(`printf's %${verb} of a float is not expanded here`);
    return null;
  }
  const text =
    kind === 'g'
      ? formatFloat(value, 'g', precision)
      : formatFloat(value, kind === 'e' ? 'e' : 'f', precision ?? 6);
  return signed(verb === 'E' || verb === 'G' ? text.replace('e', 'E') : text, asked);
}

function signed(text: string, { flags }: Directive): string {
  if (text.startsWith('-')) return text;
  if (text === '+Inf') return flags.includes(' ') && !flags.includes('+') ? ' Inf' : text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function padded(text: string, value: Value, { flags, width }: Directive): string {
  const lacking = width - Array.from(text).length;
  if (lacking <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(lacking);
  if (!flags.includes('0')) return ' '.repeat(lacking) + text;
  if (typeof value === 'string' || typeof value === 'boolean')
    throw new ExpandError('printf with a text behind noughts is not expanded here');
  if (/Inf|NaN/.test(text)) return ' '.repeat(lacking) + text;
  const sign = /^[-+ ]?/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(lacking) + text.slice(sign.length);
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quoted = (text: string): string =>
  `"${text.replace(/["\\]|[\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ') return character;
    const code = (character.codePointAt(0) ?? 0).toString(16);
    const hexadecimal =
      code.length <= 2 && code < '80'
        ? `\\x${code.padStart(2, '0')}`
        : code.length <= 4
          ? `\\u${code.padStart(4, '0')}`
          : `\\U${code.padStart(8, '0')}`;
    return escapes[character] ?? hexadecimal;
  })}"`;
