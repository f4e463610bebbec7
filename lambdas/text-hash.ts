/** 53 bits of a text as a whole number: cyrb53, which needs neither Node nor a wait. */
export const textHash = (text: string, seed: number): number => hashAfter('', seed)(text);

/** The same of texts that begin alike, as a function of what follows: what they have in common is read once. */
export function hashAfter(beginning: string, seed: number): (rest: string) => number {
  const [high, low] = folded(beginning, 0xdeadbeef ^ seed, 0x41c6ce57 ^ seed);
  return (rest) => {
    const [a, b] = folded(rest, high, low);
    const [one, other] = [mixed(a, b), mixed(b, a)];
    return 4_294_967_296 * (2_097_151 & other) + (one >>> 0);
  };
}

function folded(text: string, high: number, low: number): readonly [high: number, low: number] {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  return [high, low];
}

const mixed = (a: number, b: number): number =>
  Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
