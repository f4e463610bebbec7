import type { Texts } from '../../lambdas/rules/rule.ts';
import { oneLine } from './alarm-spec.ts';
import { cut, mostCharacters } from './description.ts';

type Described = {
  /** What the alarm itself is about: rule, server or cluster, expression. */
  readonly facts: string;
  /** Without templates. */
  readonly annotations: Texts;
  /** Where the manual stands. */
  readonly anchor: string;
};

/** Annotations that say what is wrong; they need no name before them. */
const sentences = ['summary', 'description', 'message', 'title'];
const runbook = 'runbook_url';
/** An address that was cut leads nowhere, so that a longer one is left out. */
export const longestRunbook = 850;
const longestFacts = 400;
/** Less of a sentence than this says nothing. */
const shortest = 40;

export type Shortened = {
  readonly text: string;
  /** What is not in it whole: names of annotations, `expr`. */
  readonly cut: readonly string[];
};

/**
 * What a pager shows of a rule: the alarm's facts, the sentences of its annotations, its runbook, other annotations as far
 * as they fit, the manual. Sentences are cut where all of it is too long for CloudWatch.
 */
export function ruleDescription({ facts, annotations, anchor }: Described): Shortened {
  const texts = new Map(Object.entries(annotations).map(([name, text]) => [name, oneLine(text)]));
  const address = texts.get(runbook) ?? '';
  const runbookLine = address === '' || address.length > longestRunbook ? [] : [`Runbook: ${address}`];
  const roomBeside = (...lines: readonly string[]) => mostCharacters - lines.join('\n').length - 1;
  const first = cut(oneLine(facts), Math.min(longestFacts, roomBeside(...runbookLine)));
  const manual = `Manual: ${anchor}`;
  const isManualShort = manual.length <= roomBeside(first, ...runbookLine);
  const last = [...runbookLine, ...(isManualShort ? [manual] : [])];

  const names = [...texts.keys()].filter((name) => name !== runbook && texts.get(name) !== '');
  const ordered = [
    ...sentences.filter((name) => names.includes(name)),
    ...names.filter((name) => !sentences.includes(name)),
  ];
  const shown: string[] = [];
  const short: string[] = first === oneLine(facts) ? [] : ['expr'];
  for (const name of ordered) {
    const isSentence = sentences.includes(name);
    const line = `${isSentence ? '' : `${name}: `}${texts.get(name) ?? ''}`;
    const room = roomBeside(first, ...shown, ...last);
    if (line.length <= room) shown.push(line);
    else {
      short.push(name);
      if (isSentence && room >= shortest) shown.push(cut(line, room));
    }
  }
  return { text: [first, ...shown, ...last].join('\n'), cut: short };
}
