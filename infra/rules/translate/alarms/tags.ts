import type { Texts } from '../../../../lambdas/rules/rule.ts';
import { ownTags } from '../../../cloudwatch/alarm-spec.ts';
import { firstCharacters, isTemplate, pieceOfHash } from '../../text.ts';
import type { Warning } from '../../warning.ts';

/** AWS' limits on the tags of a resource. */
const most = { tags: 50, key: 128, value: 256 } as const;
const unfit = /[^\p{L}\p{N} _.:/=+@-]/gu;

export type Tags = { readonly tags: Texts; readonly warnings: readonly Warning[] };

/**
 * A rule's labels as tags of its alarms, without `severity`, which chooses the topic. What a tag does not take is changed,
 * and reported.
 * @param room how many tags the deployment and the labels of clusters and servers leave
 * @param plain what a template's text becomes
 */
export function tagsOf(labels: Texts, room: number, plain: (text: string) => string): Tags {
  const problems: string[] = [];
  const tags = new Map<string, string>();
  for (const [label, value] of Object.entries(labels)) {
    if (label === 'severity' || value === '') continue;
    const own = keyOf(label);
    const key = tags.has(own) ? `${firstCharacters(own, most.key - 7)}-${pieceOfHash(label)}` : own;
    const fit = valueOf(isTemplate(value) ? plain(value) : value);
    if (key !== label) problems.push(`the label ${label} becomes the tag ${key}`);
    if (fit !== value) problems.push(`${key}="${value}" becomes "${fit}"`);
    tags.set(key, fit);
  }
  const kept = [...tags].slice(0, Math.max(0, room));
  const left = [...tags.keys()].slice(kept.length);
  if (left.length > 0)
    problems.push(`an alarm has at most ${most.tags} tags: ${left.join(', ')} are left out`);
  return {
    tags: Object.fromEntries(kept),
    warnings: problems.length === 0 ? [] : [{ code: 'tags', message: problems.join('; ') }],
  };
}

function keyOf(label: string): string {
  const clean = cleaned(label);
  const isOwn = (ownTags as readonly string[]).includes(clean);
  const free = isOwn || isReserved(clean) || clean === '' ? `rule_${clean}` : clean;
  if (free.length <= most.key) return free;
  return `${firstCharacters(free, most.key - 7)}-${pieceOfHash(label)}`;
}

function valueOf(text: string): string {
  const clean = cleaned(text);
  return firstCharacters(isReserved(clean) || clean === '' ? `_${clean}` : clean, most.value).trim();
}

const cleaned = (text: string): string => text.toWellFormed().replaceAll(unfit, '_').trim();
const isReserved = (text: string): boolean => /^aws:/i.test(text);
