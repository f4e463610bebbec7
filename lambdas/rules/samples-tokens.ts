/*
 * Lists of numbers as text that gzips well and needs no escapes in JSON. A number is written in digits of five bits,
 * lowest first, its sign lowest of all, as source maps have them. `*` and a number without sign: that many more of
 * what stands before it. What else a list may hold begins with a sign that is no digit.
 */
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digitOf = new Int8Array(128).fill(-1);
for (let value = 0; value < digits.length; value += 1) digitOf[digits.charCodeAt(value)] = value;
/** Of 52 bits, five in each. */
const mostDigits = 11;
const digitCodes = Uint8Array.from(digits, (digit) => digit.charCodeAt(0));
const ascii = new TextDecoder();

/** Beyond it, a number with its sign would not be exact. */
export const mostWritten = 2 ** 51;

export type TokenWriter = {
  /** A whole number of at most `mostWritten`, behind a sign if there is one. */
  readonly put: (number: number, sign?: string) => void;
  /** A token that is no number, as it is. */
  readonly putText: (token: string) => void;
  readonly end: () => string;
};

/** Writes codes, not texts: one that is put together of thousands is copied again by whoever reads it first. */
export function tokenWriter(): TokenWriter {
  let codes = new Uint8Array(256);
  let length = 0;
  let last: number | string = '';
  let lastSign = '';
  let times = 0;
  const makeRoom = (count: number): void => {
    if (length + count <= codes.length) return;
    const larger = new Uint8Array(4 * (length + count));
    larger.set(codes);
    codes = larger;
  };
  const writeText = (text: string): void => {
    makeRoom(text.length);
    for (let i = 0; i < text.length; i += 1) codes[length + i] = text.charCodeAt(i);
    length += text.length;
  };
  const writeUnsigned = (value: number): void => {
    makeRoom(mostDigits);
    let rest = value;
    for (; rest >= 32; rest = Math.floor(rest / 32)) {
      codes[length] = digitCodes[(rest % 32) + 32] ?? 0;
      length += 1;
    }
    codes[length] = digitCodes[rest] ?? 0;
    length += 1;
  };
  const flush = (): void => {
    for (let i = times > 3 ? 1 : times; i > 0; i -= 1) {
      if (lastSign !== '') writeText(lastSign);
      if (typeof last === 'string') writeText(last);
      else writeUnsigned(last < 0 ? -2 * last - 1 : 2 * last);
    }
    if (times <= 3) return;
    writeText(repetitionSign);
    writeUnsigned(times - 1);
  };
  const put = (token: number | string, sign: string): void => {
    if (token === last && sign === lastSign) {
      times += 1;
      return;
    }
    flush();
    last = token;
    lastSign = sign;
    times = 1;
  };
  return {
    put: (number, sign = '') => put(number, sign),
    putText: (token) => put(token, ''),
    end: () => {
      flush();
      return ascii.decode(codes.subarray(0, length));
    },
  };
}

/** Where reading stands in a text. */
export type TokenReader = { readonly text: string; at: number };

const repetitionSign = '*';
const repetition = repetitionSign.charCodeAt(0);

/** @throws Error if no number stands there */
export function takeUnsigned(reader: TokenReader): number {
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
