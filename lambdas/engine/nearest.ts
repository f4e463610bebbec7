/** How alike two texts must be, from 0 to 1, for one to be taken for the other misspelt. */
const alikeEnough = 0.5;

/** The word that `text` most resembles, letter case aside; null where none is like it. */
export function nearest(text: string, words: readonly string[]): string | null {
  const ranked = words
    .map((word) => ({ word, likeness: likeness(text, word) }))
    .sort((a, b) => b.likeness - a.likeness);
  const [best] = ranked;
  return best !== undefined && best.likeness >= alikeEnough ? best.word : null;
}

/**
 * Dice's coefficient: the share of pairs of neighbouring letters that both have. Letters in another order are all there. Short words
 * have few pairs: one letter may always be wrong.
 */
function likeness(a: string, b: string): number {
  if (sorted(a) === sorted(b)) return 1;
  const [pairsOfA, pairsOfB] = [pairs(a), pairs(b)];
  const common = [...pairsOfA].filter((pair) => pairsOfB.has(pair)).length;
  const share = (2 * common) / (pairsOfA.size + pairsOfB.size || 1);
  return isOneLetterOff(a.toLowerCase(), b.toLowerCase()) ? Math.max(share, alikeEnough) : share;
}

/** Of words of fewer letters one has too many neighbours. */
const fewestLetters = 3;

/** Whether one letter that is lacking, too many or another makes the one of the other. */
function isOneLetterOff(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < fewestLetters || long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = short.slice(short.length === long.length ? same + 1 : same);
  return rest === long.slice(same + 1);
}

const sorted = (text: string): string => Array.from(text.toLowerCase()).sort().join('');

const pairs = (text: string): ReadonlySet<string> => {
  const letters = text.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, i) => letters.slice(i, i + 2)));
};
