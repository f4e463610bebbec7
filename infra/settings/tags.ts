import * as z from 'zod';
import { ownTags } from '../cloudwatch/alarm-spec.ts';

/** A resource has at most 50 tags, of these characters; some of an alarm's are our own. */
const most = { all: 50, deployment: 20, key: 128 } as const;
const reserved: readonly string[] = ownTags;
const isOfAws = (text: string): boolean => /^aws:/i.test(text);
export const tagValue = /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u;
const tagKey = /^[\p{L}\p{N} _.:/=+@-]+$/u;
const ofTags = 'letters, digits, spaces and _.:/=+@-';

/** Why a label cannot be a tag of an alarm; null where it can. */
export function labelProblem(name: string, value: string): string | null {
  if (reserved.includes(name)) return 'this label is set by the deployment itself';
  if (name.length > most.key) return `expected a name of at most ${most.key} characters, as AWS tags have`;
  return tagValue.test(value) ? null : `expected what an AWS tag takes: ${ofTags}, at most 256`;
}

function tagProblem(key: string, value: string): string | null {
  if (reserved.includes(key)) return 'alarms have a tag of this name of their own: choose another one';
  if (isOfAws(key)) return 'tags whose names begin with aws: are set by AWS alone';
  if (!tagKey.test(key) || key.length > most.key)
    return `expected a name that AWS takes: ${ofTags}, at most ${most.key} characters`;
  return tagValue.test(value) ? null : `expected what an AWS tag takes: ${ofTags}, at most 256`;
}

/** Of all that is deployed. */
export const tagSettings = z.record(z.string(), z.string()).superRefine((tags, context) => {
  const entries = Object.entries(tags);
  if (entries.length > most.deployment)
    context.addIssue({
      code: 'custom',
      message: `expected at most ${most.deployment} tags, received ${entries.length}`,
    });
  for (const [key, value] of entries) {
    const message = tagProblem(key, value);
    if (message !== null) context.addIssue({ code: 'custom', path: [key], message });
  }
});

/** How many tags of the deployment an alarm has room for, beside so many labels. */
export const roomBeside = (labels: number): number => most.all - ownTags.length - labels;
