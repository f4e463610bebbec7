import { LiteralError, stringOf } from '../../promql/index.ts';
import type { Literal } from './ast.ts';
import { TemplateFault } from './lexer.ts';

const digits = (of: string): string => `${of}(?:_?${of})*`;
const whole = new RegExp(
  `^[+-]?(?:0[xX]_?${digits('[\\da-fA-F]')}|0[oO]_?${digits('[0-7]')}|0[bB]_?${digits('[01]')}|0(?:_?[0-7])*|[1-9](?:_?\\d)*)$`,
);
const decimal = new RegExp(
  `^[+-]?(?:${digits('\\d')}\\.?(?:${digits('\\d')})?|\\.${digits('\\d')})(?:[eE][+-]?${digits('\\d')})?$`,
);
const hexadecimalFloat = new RegExp(
  `^[+-]?0[xX]_?(?:${digits('[\\da-fA-F]')}\\.?(?:${digits('[\\da-fA-F]')})?|\\.${digits('[\\da-fA-F]')})[pP][+-]?\\d+$`,
);
const imaginary = /^[+-]?[\d._]+(?:[eE][+-]?[\d_]+)?(?:[+-][\d._]+)?i$/;

/** As Go reads constants: an int where nothing says float. */
export function numberIn(text: string): Literal {
  if (imaginary.test(text) || hexadecimalFloat.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  if (whole.test(text)) return wholeNumber(plain);
  const value = Number(plain);
  if (!decimal.test(text) || !/[.eE]/.test(text) || !Number.isFinite(value))
    throw new TemplateFault(`${text} is no number`);
  return value;
}

function wholeNumber(text: string): Literal {
  const unsigned = text.replace(/^[+-]/, '');
  const octal = /^0[0-7]/.test(unsigned) ? `0o${unsigned.slice(1)}` : unsigned;
  const value = BigInt(octal) * (text.startsWith('-') ? -1n : 1n);
  if (value >= 2n ** 64n || value < -(2n ** 63n))
    throw new TemplateFault(`the number ${text} does not fit 64 bits`);
  return value < 2n ** 63n ? value : undefined;
}

/** Valid for Go, and no character. */
const bareByte = /\\(?:(x[89a-fA-F][\da-fA-F]|[23][0-7]{2})|[^])/g;

export function textIn(quoted: string): Literal {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  try {
    return stringOf(quoted);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    const portable = quoted.replace(bareByte, (escape, byte?: string) => (byte === undefined ? escape : '?'));
    if (portable !== quoted) {
      textIn(portable);
      return undefined;
    }
    throw new TemplateFault(error.message);
  }
}

/** `'a'`: the character's code. */
export function characterIn(quoted: string): Literal {
  const inner = quoted.slice(1, -1);
  const text = textIn(`"${inner === '"' ? '\\"' : inner === "\\'" ? "'" : inner}"`);
  if (text === undefined) return undefined;
  const [character, ...others] = Array.from(String(text));
  if (character === undefined || others.length > 0) throw new TemplateFault(`${quoted} is no character`);
  return BigInt(character.codePointAt(0) ?? 0);
}
