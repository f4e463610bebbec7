/*
 * Lists of numbers as text that gzips well and needs no escapes in JSON. A number is written in digits of five bits,
 * lowest first, its sign lowest of all, as source maps have them. `*` and a number without sign: that many more of
 * what stands before it. What else a list may hold begins with a sign that is no digit.
 */
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digitOf = new Int8Array(128).fill(-1);
for (let value = 0; value < digits.length; value += 1) digitOf[digits.charCodeAt(value)] = value;

/** Beyond it, a number with its sign would not be exact. */
export const mostWritten = 2 ** 51;

function unsigned(value: number): string {
  let text = '';
  let rest = value;
  for (; rest >= 32; rest = Math.floor(rest / 32)) text += digits.charAt((rest % 32) + 32);
  return text + digits.charAt(rest);
}

/** A whole number of at most `mostWritten`. */
export const signed = (value: number): string => unsigned(value < 0 ? -2 * value - 1 : 2 * value);

export type TokenWriter = {
  /** A whole number of at most `mostWritten`, or a text as it is. */
  readonly put: (token: number | string) => void;
  readonly end: () => string;
};

export function tokenWriter(): TokenWriter {
  let text = '';
  let last: number | string = '';
  let times = 0;
  const flush = (): void => {
    const token = typeof last === 'number' ? signed(last) : last;
    if (times > 3) text += `${token}*${unsigned(times - 1)}`;
    else for (let i = 0; i < times; i += 1) text += token;
  };
  return {
    put: (token) => {
      if (token === last) {
        times += 1;
        return;
      }
      flush();
      last = token;
      times = 1;
    },
    end: () => {
      flush();
      return text;
    },
  };
}

/** Where reading stands in a text. */
export type TokenReader = { readonly text: string; at: number };

const repetition = 42;

/** @throws Error if no number stands there */
function takeUnsigned(reader: TokenReader): number {
  const { text } = reader;
  let value = 0;
  for (let factor = 1; factor <= mostWritten; factor *= 32) {
    const digit = digitOf[text.charCodeAt(reader.at)] ?? -1;
    if (digit < 0) throw new Error(`no number at ${reader.at} of "${text.slice(0, 40)}"`);
    reader.at += 1;
    value += (digit % 32) * factor;
    if (digit < 32) return value;
  }
  throw new Error(`too long a number before ${reader.at} of "${text.slice(0, 40)}"`);
}

/** @throws Error if no number stands there */
export function takeSigned(reader: TokenReader): number {
  const value = takeUnsigned(reader);
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

/** How many times what stood before counts: 1 unless a repetition follows. @throws Error if that has no number */
export function takeTimes(reader: TokenReader): number {
  if (reader.text.charCodeAt(reader.at) !== repetition) return 1;
  reader.at += 1;
  return takeUnsigned(reader) + 1;
}

/** A list of whole numbers, each as its difference to the one before. */
export function writeNumbers(numbers: readonly number[]): string {
  const writer = tokenWriter();
  let before = 0;
  for (const number of numbers) {
    writer.put(number - before);
    before = number;
  }
  return writer.end();
}

/** @throws Error if the text is no list of `count` whole numbers from 0 to below `limit` */
export function readNumbers(text: string, count: number, limit: number): number[] {
  const reader = { text, at: 0 };
  const numbers: number[] = [];
  let number = 0;
  while (reader.at < text.length) {
    const difference = takeSigned(reader);
    const times = takeTimes(reader);
    if (numbers.length + times > count) throw new Error(`more than ${count} numbers`);
    for (let i = 0; i < times; i += 1) {
      number += difference;
      if (!(number >= 0 && number < limit)) throw new Error(`${number} is not below ${limit}`);
      numbers.push(number);
    }
  }
  if (numbers.length !== count) throw new Error(`${numbers.length} numbers, not ${count}`);
  return numbers;
}
