import type { PagingSeverity } from '../../cloudwatch/alarm-spec.ts';
import { firstCharacters, pieceOfHash } from '../text.ts';

/**
 * `nats/CLUSTER/ID/SERVER/critical` has at most 255 characters; names of clusters and servers have at most 64.
 * CloudWatch asks the same of a dimension's value but for its length.
 */
const longestId = 100;
const unfit = /[^A-Za-z0-9 _.=+@()-]/g;

type Named = {
  readonly alert: string;
  readonly severity: PagingSeverity;
  /** What tells it from another of the same name and severity: its group and labels. */
  readonly apart: string;
};

export type RuleNames = {
  /** The label `rule` of its series, and what findings call it. */
  readonly id: string;
  /** What its alarms are called before server and severity. */
  readonly alarm: string;
};

/**
 * Names for each alert: those of ids are all different, those of alarms with their severities. Neither is one of the `reserved`
 * ones. Both are the alert's own name where they can be. Of several alerts of one name the ids of all but the first have the
 * severity too, and alarms that would have one name a piece of a hash, so that no rule or level that is added behind others
 * renames an alarm of theirs. What a metric's dimension does not take becomes `-`, and a piece of the name's hash keeps apart
 * what looks the same then.
 */
export function ruleNames(alerts: readonly Named[], reserved: readonly string[]): readonly RuleNames[] {
  const words = alerts.map(({ alert }) => safeName(alert));
  const ids = new Set([...reserved, ...words]);
  const alarms = new Set<string>();
  const alarmOf = (word: string, { severity, apart }: Named): string => {
    const own = reserved.includes(word) ? `${word}-${severity}` : word;
    return free(own, `${own}-${pieceOfHash(apart)}`, (name) => !alarms.has(`${name}/${severity}`));
  };
  return alerts.map((named, i) => {
    const word = words[i] ?? '';
    const isFirst = words.indexOf(word) === i && !reserved.includes(word);
    const withSeverity = `${word}-${named.severity}`;
    const id = isFirst ? word : free(withSeverity, withSeverity, (name) => !ids.has(name));
    const alarm = alarmOf(word, named);
    ids.add(id);
    alarms.add(`${alarm}/${named.severity}`);
    return { id, alarm };
  });
}

/** The first of these that is free: `own`, `other`, and that with a number. */
function free(own: string, other: string, isFree: (name: string) => boolean): string {
  if (isFree(own)) return own;
  let name = other;
  for (let n = 2; !isFree(name); n += 1) name = `${other}-${n}`;
  return name;
}

/** Room for what may follow: a severity and a number. */
const longestWord = longestId - '-critical-9999'.length;

function safeName(name: string): string {
  const clean = name.trim().replaceAll(unfit, '-');
  if (clean === name && clean !== '' && clean.length <= longestWord) return clean;
  const hash = pieceOfHash(name);
  return `${firstCharacters(clean, longestWord - hash.length - 1)}-${hash}`;
}
