import type { PagingSeverity } from '../../cloudwatch/alarm-spec.ts';
import { firstCharacters, pieceOfHash } from '../text.ts';

/**
 * `nats/CLUSTER/ID/SERVER/critical` has at most 255 characters; names of clusters and servers have at most 64.
 * CloudWatch asks the same of a dimension's value but for its length.
 */
const longestId = 100;
const unfit = /[^A-Za-z0-9 _.=+@()-]/g;

type Named = { readonly alert: string; readonly severity: PagingSeverity };

/**
 * An id for each alert, all different, and none of the `reserved` ones: its name, where others have the same name its name and severity, where that is not
 * enough a number. What a metric's dimension does not take becomes `-`, and a piece of the name's hash keeps apart what
 * looks the same then.
 */
export function ruleIds(alerts: readonly Named[], reserved: readonly string[]): readonly string[] {
  const words = alerts.map(({ alert }) => safeName(alert));
  const count = Map.groupBy(words, (word) => word);
  const isAlone = (word: string) => count.get(word)?.length === 1 && !reserved.includes(word);
  const taken = new Set([...reserved, ...words.filter(isAlone)]);
  return alerts.map(({ severity }, i) => {
    const word = words[i] ?? '';
    if (isAlone(word)) return word;
    let id = `${word}-${severity}`;
    for (let n = 2; taken.has(id); n += 1) id = `${word}-${severity}-${n}`;
    taken.add(id);
    return id;
  });
}

/** Room for what may follow: a severity and a number. */
const longestWord = longestId - '-critical-9999'.length;

function safeName(name: string): string {
  const clean = name.trim().replaceAll(unfit, '-');
  if (clean === name && clean !== '' && clean.length <= longestWord) return clean;
  const hash = pieceOfHash(name);
  return `${firstCharacters(clean, longestWord - hash.length - 1)}-${hash}`;
}
