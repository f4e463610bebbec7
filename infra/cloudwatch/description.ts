import { oneLine } from './alarm-spec.ts';

/** CloudWatch's limit on an alarm's description. */
export const mostCharacters = 1_024;

/** What somebody on call reads, who knows nothing else. */
export type Page = {
  /** What is wrong, where, and since when it must hold: a sentence. */
  readonly headline: string;
  readonly meaning: string;
  /** What to do first. */
  readonly steps: string;
  /** Where it is explained with evidence: a sentence. */
  readonly finding: string;
  /** Opens in a browser. */
  readonly link: string;
};

/** The least that is left of first steps. */
const leastSteps = 200;

const written = ({ headline, meaning, steps, finding, link }: Page): string =>
  [
    oneLine(headline),
    oneLine(meaning),
    `First: ${oneLine(steps)}`,
    oneLine(finding),
    `Read on: ${link}`,
  ].join('\n');

/** How many characters a page has beyond what CloudWatch takes; below 0 for one that fits. */
export const excessOf = (page: Page): number => written(page).length - mostCharacters;

/** A page as an alarm's description. Where that is too long for CloudWatch, `steps` is cut, then `meaning`. */
export function alarmDescription(page: Page): string {
  const excess = excessOf(page);
  if (excess <= 0) return written(page);
  const steps = oneLine(page.steps);
  const meaning = oneLine(page.meaning);
  const shorter = { ...page, steps: cut(steps, Math.max(steps.length - excess, leastSteps)) };
  const left = Math.max(excessOf(shorter), 0);
  return written({ ...shorter, meaning: cut(meaning, Math.max(meaning.length - left, 0)) });
}

/** At most `most` characters, ending after a whole word, or within one that would leave little before it. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const fits = text.slice(0, Math.max(most - 4, 0)).replace(/[\ud800-\udbff]$/, '');
  const words = fits.replace(/\s*\S*$/, '');
  return `${words.length >= fits.length / 2 ? `${words} ` : fits}...`.slice(0, Math.max(most, 0));
}
