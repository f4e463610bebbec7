/** A float as Go writes it: `e` 1.5e+06, `f` 1500000, `g` the shorter of both. */
export type FloatVerb = 'e' | 'f' | 'g';

/** Rounded to so many decimals (`e`, `f`) or digits (`g`), half to even on the exact value; null for as many as tell it from others. */
export function formatFloat(value: number, verb: FloatVerb, precision: number | null): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (verb === 'f') return sign + (precision === null ? plain(shortest(size)) : fixed(size, precision));
  const digits = verb === 'g' ? Math.max(precision ?? 1, 1) : (precision ?? 0) + 1;
  const number = precision === null ? shortest(size) : rounded(size, digits);
  if (verb === 'e') return sign + scientific(number, precision);
  const trimmed = { ...number, digits: number.digits.replace(/0+$/, '') || '0' };
  // As if six digits were asked for: 1234567 is 1.234567e+06, while none of its digits is dropped.
  const most = precision === null ? 6 : digits;
  const isLong = trimmed.exponent < -4 || trimmed.exponent >= most;
  return sign + (isLong ? scientific(trimmed, null) : plain(trimmed));
}

/** `d.ddd` times ten to the power of `exponent`. */
type Decimal = { readonly digits: string; readonly exponent: number };

function shortest(size: number): Decimal {
  const [mantissa = '0', exponent = '0'] = size.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function rounded(size: number, count: number): Decimal {
  if (size === 0) return { digits: '0'.repeat(count), exponent: 0 };
  // With 21 digits no double is rounded up to the next power of ten.
  const exponent = Number(size.toExponential(20).split('e')[1]);
  const digits = String(timesTenTo(size, count - 1 - exponent));
  return digits.length > count
    ? { digits: digits.slice(0, count), exponent: exponent + 1 }
    : { digits, exponent };
}

function fixed(size: number, decimals: number): string {
  const digits = String(timesTenTo(size, decimals)).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The number times a power of ten, rounded half to even, exactly. */
function timesTenTo(size: number, power: number): bigint {
  const [mantissa, twos] = binary(size);
  let above = mantissa * 10n ** BigInt(Math.max(power, 0));
  let below = 10n ** BigInt(Math.max(-power, 0));
  if (twos >= 0) above <<= BigInt(twos);
  else below <<= BigInt(-twos);
  const whole = above / below;
  const rest = (above % below) * 2n;
  return rest > below || (rest === below && whole % 2n === 1n) ? whole + 1n : whole;
}

/** The double as a whole number times a power of two. */
function binary(size: number): readonly [mantissa: bigint, twos: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  return exponent === 0 ? [fraction, -1074] : [fraction | (1n << 52n), exponent - 1075];
}

function scientific({ digits, exponent }: Decimal, decimals: number | null): string {
  const [first, rest] = [digits.slice(0, 1), digits.slice(1)];
  const shown = decimals === null ? rest : rest.padEnd(decimals, '0');
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${first}${shown === '' ? '' : `.${shown}`}e${exponent < 0 ? '-' : '+'}${power}`;
}

function plain({ digits, exponent }: Decimal): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = digits.slice(exponent + 1);
  return rest === '' ? whole : `${whole}.${rest}`;
}
