/** Up to so many characters a name is its own key. */
const longest = 200;

/** A key that two names never share: the name itself, or the beginning of a long one with a hash of it all. */
export const nameKey = (name: string): string =>
  name.length <= longest ? name : `${name.slice(0, longest)}#${hash(name, 1)}${hash(name, 2)}`;

/** 53 bits of a text, as hexadecimal digits: cyrb53, which needs neither Node nor a wait. */
function hash(text: string, seed: number): string {
  let [high, low] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  const mixed = (a: number, b: number) =>
    Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  const [one, other] = [mixed(high, low), mixed(low, high)];
  return (4_294_967_296 * (2_097_151 & other) + (one >>> 0)).toString(16).padStart(14, '0');
}
