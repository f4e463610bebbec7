/** Thrown for a text that Go's text/template would not parse; the message has no place in it. */
export class TemplateFault extends Error {}

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'string'
  | 'number'
  | 'character'
  | 'identifier'
  | 'keyword'
  | 'bool'
  | 'field'
  | 'dot'
  | 'variable'
  | ':='
  | '='
  | '|'
  | ','
  | '('
  | ')'
  | 'end';

/** `from` and `to` are offsets in the template's text; `text` is what is between, trimmed where kind is text. */
export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
};

const keywords = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
]);
const word = String.raw`[\p{L}\p{Nd}_]`;

/** What may stand within braces, the first that fits being taken. A sign belongs to the number behind it. */
const pieces: readonly (readonly [kind: TokenKind, pattern: RegExp])[] = [
  ['close', /(?:[ \t\r\n]-)?\}\}/y],
  ['space', /[ \t\r\n]+(?=[ \t\r\n]-\}\})|[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\[^\n])*'/y],
  [':=', /:=/y],
  ['=', /=/y],
  ['|', /\|/y],
  [',', /,/y],
  ['(', /\(/y],
  [')', /\)/y],
  ['variable', new RegExp(String.raw`\$${word}*`, 'uy')],
  ['field', new RegExp(String.raw`\.(?!\d)${word}+`, 'uy')],
  ['dot', /\.(?!\d)/y],
  [
    'number',
    /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*|0[bB][01_]*|\.[\d_]+(?:[eE][+-]?[\d_]*)?|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?(?:[+-][\d._]+i)?/y,
  ],
  ['identifier', new RegExp(`${word}+`, 'uy')],
];

/** Behind a word nothing else may follow directly. */
const terminator = /[ \t\r\n.,|:)(]|\}\}|$/y;
const wordCharacter = new RegExp(word, 'uy');

/** The parts of a template. Runs in proportion to the text's length. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trim = false;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    const end = open === -1 ? text.length : open;
    const trimsLeft = open !== -1 && /^-[ \t\r\n]/.test(text.slice(open + 2, open + 4));
    const whole = text.slice(at, end);
    const left = trim ? whole.replace(/^[ \t\r\n]+/, '') : whole;
    const kept = trimsLeft ? trimmedEnd(left) : left;
    if (kept !== '') tokens.push({ kind: 'text', text: kept, from: at, to: end });
    if (open === -1) break;
    const inner = open + (trimsLeft ? 4 : 2);
    const closed = text.startsWith('/*', inner)
      ? commentIn(text, inner)
      : actionIn(text, open, inner, tokens);
    at = closed.to;
    trim = closed.trims;
  }
  tokens.push({ kind: 'end', text: '', from: text.length, to: text.length });
  return tokens;
}

type Closed = { readonly to: number; readonly trims: boolean };

/** As `/[ \t\r\n]+$/` would, which takes time in the square of the blanks' number. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function commentIn(text: string, from: number): Closed {
  const end = text.indexOf('*/', from + 2);
  if (end === -1) throw new TemplateFault('a comment has no */');
  const close = /(?:[ \t\r\n]-)?\}\}/y;
  close.lastIndex = end + 2;
  const found = close.exec(text);
  if (found === null) throw new TemplateFault('}} must stand right behind a comment');
  return { to: close.lastIndex, trims: found[0].length > 2 };
}

function actionIn(text: string, open: number, inner: number, tokens: Token[]): Closed {
  tokens.push({ kind: 'open', text: '{{', from: open, to: inner });
  let depth = 0;
  for (let at = inner; at < text.length;) {
    const token = tokenAt(text, at);
    if (token.kind === 'close' && depth > 0) throw new TemplateFault('a ( has no )');
    if (token.kind === '(') depth += 1;
    if (token.kind === ')') depth -= 1;
    if (depth < 0) throw new TemplateFault('a ) has no (');
    tokens.push(token);
    at = token.to;
    if (token.kind === 'close') return { to: at, trims: token.text.length > 2 };
  }
  throw new TemplateFault('{{ has no }}');
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of pieces) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return checked(text, { kind, text: found, from: at, to: at + found.length });
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw new TemplateFault(
    '"\'`'.includes(character) ? `a ${character} is not closed` : `${character} cannot stand within {{ }}`,
  );
}

function checked(text: string, token: Token): Token {
  const { kind, text: written, to } = token;
  if (kind === 'number') {
    if (matchesAt(wordCharacter, text, to) || /[+-]/.test(text.charAt(to)))
      throw new TemplateFault(`${written}${text.charAt(to)} is no number`);
  } else if (['identifier', 'field', 'dot', 'variable'].includes(kind) && !matchesAt(terminator, text, to)) {
    throw new TemplateFault(`${text.charAt(to)} cannot stand right behind ${written}`);
  }
  if (kind !== 'identifier') return token;
  if (keywords.has(written)) return { ...token, kind: 'keyword' };
  return written === 'true' || written === 'false' ? { ...token, kind: 'bool' } : token;
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
