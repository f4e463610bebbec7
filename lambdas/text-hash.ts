/** 53 bits of a text as a whole number: cyrb53, which needs neither Node nor a wait. */
export function textHash(text: string, seed: number): number {
  let [high, low] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  const mixed = (a: number, b: number) =>
    Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  const [one, other] = [mixed(high, low), mixed(low, high)];
  return 4_294_967_296 * (2_097_151 & other) + (one >>> 0);
}
