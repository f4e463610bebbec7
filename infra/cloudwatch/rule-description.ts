import type { Texts } from '../../lambdas/rules/rule.ts';
import { oneLine } from './alarm-spec.ts';
import { cut, mostCharacters } from './description.ts';
import { opens, runbookText } from '../../lambdas/engine/links.ts';

type Described = {
  /** What is wrong, where, and since when. */
  readonly headline: string;
  /** The annotation that the headline has whole; null for none. */
  readonly said: string | null;
  /** Without templates. */
  readonly annotations: Texts;
  /** What to do first where no annotation says. */
  readonly steps: string;
  readonly finding: string;
  /** The rule's name and expression. */
  readonly facts: string;
  /** For a rule without a runbook that opens. */
  readonly link: string;
};

/** Annotations that say what is wrong, the best first; they need no name before them. */
export const sentences = ['summary', 'title', 'message', 'description'] as const;
/** Annotations that say what to do. */
const advice = ['action', 'actions', 'first_steps', 'steps', 'remediation', 'resolution', 'fix'];
export const runbook = 'runbook_url';
/** An address that was cut leads nowhere, so that a longer one is left out. */
export const longestRunbook = 700;
const longest = { headline: 300, steps: 350, facts: 300 } as const;
/** Less of a sentence than this says nothing. */
const shortest = 40;

export type Shortened = {
  readonly text: string;
  /** What is not in it whole: names of annotations, `expr`. */
  readonly cut: readonly string[];
};

/**
 * What a pager shows of a rule: what is wrong, the sentences of its annotations, what to do first, where the finding is, its
 * runbook, its expression and other annotations as far as they fit. Sentences are cut where all of it is too long for CloudWatch.
 */
export function ruleDescription(described: Described): Shortened {
  const { headline, said, finding, facts } = described;
  const texts = new Map(Object.entries(described.annotations).map(([name, text]) => [name, oneLine(text)]));
  const has = (name: string) => (texts.get(name) ?? '') !== '';
  const advising = advice.find(has);
  const links = linksOf(texts.get(runbook) ?? '', described.link);
  const roomBeside = (...lines: readonly string[]) => mostCharacters - lines.join('\n').length - 1;
  const least = `First: ${'x'.repeat(shortest)}`;
  const first = cut(
    oneLine(headline),
    Math.min(longest.headline, roomBeside(least, oneLine(finding), ...links)),
  );
  const steps = oneLine(advising === undefined ? described.steps : (texts.get(advising) ?? ''));
  const roomForSteps = roomBeside(first, oneLine(finding), ...links) - 'First: '.length;
  const shortSteps = cut(steps, Math.min(longest.steps, roomForSteps));
  const fixed = [`First: ${shortSteps}`, oneLine(finding)];

  const short = steps === shortSteps || advising === undefined ? [] : [advising];
  const names = [...texts.keys()].filter((name) => ![runbook, said, advising].includes(name) && has(name));
  const meaning: string[] = [];
  for (const name of sentences.filter((each) => names.includes(each))) {
    const text = texts.get(name) ?? '';
    const room = roomBeside(first, ...meaning, ...fixed, ...links);
    if (text.length <= room) meaning.push(text);
    else {
      short.push(name);
      if (room >= shortest) meaning.push(cut(text, room));
    }
  }
  const others: string[] = [];
  const add = (name: string, text: string, most: number): void => {
    const room = Math.min(most, roomBeside(first, ...meaning, ...fixed, ...others, ...links));
    if (text.length <= room) others.push(text);
    else {
      short.push(name);
      if (name === 'expr' && room >= shortest) others.push(cut(text, room));
    }
  };
  add('expr', oneLine(facts), longest.facts);
  for (const name of names.filter((each) => !sentences.some((sentence) => sentence === each)))
    add(name, `${name}: ${texts.get(name) ?? ''}`, mostCharacters);
  return { text: [first, ...meaning, ...fixed, ...others, ...links].join('\n'), cut: short };
}

/** The rule's own runbook, and what opens where that does not. */
function linksOf(runbookUrl: string, link: string): readonly string[] {
  if (runbookUrl === '' || runbookUrl.length > longestRunbook) return [`Read on: ${link}`];
  return [runbookText(runbookUrl), ...(opens(runbookUrl) ? [] : [`Read on: ${link}`])];
}
