import { editDistance } from './edit-distance.ts';

/**
 * The names nearest to one that nobody knows, nearest first. Compared word by word, each with the word most like it by
 * edit distance: invented names mostly have the right words in another order, or one too many. A word that the candidate
 * has and the name has not counts less than one that it lacks.
 */
export function nearest(name: string, candidates: readonly string[], most: number): readonly string[] {
  const asked = wordsOf(name);
  const seen = new Map<string, readonly number[]>();
  const unlikeness = (word: string): readonly number[] => {
    const known = seen.get(word) ?? asked.map((each) => unlike(each, word));
    seen.set(word, known);
    return known;
  };
  const distance = (candidate: string): number => {
    const rows = wordsOf(candidate).map(unlikeness);
    const lacking = asked.map((_, index) => Math.min(1, ...rows.map((row) => row[index] ?? 1)));
    const added = rows.map((row) => Math.min(1, ...row));
    return sum(lacking) + addedWeight * sum(added);
  };
  const whole = (candidate: string): number => editDistance(name, candidate);
  return candidates
    .map((candidate) => ({ candidate, distance: distance(candidate) }))
    .toSorted((a, b) => a.distance - b.distance || whole(a.candidate) - whole(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

const addedWeight = 0.3;
const wordsOf = (name: string): readonly string[] => name.split('_').filter(Boolean);
const unlike = (a: string, b: string): number => editDistance(a, b) / Math.max(a.length, b.length);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
