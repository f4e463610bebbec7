import { oneLine } from './alarm-spec.ts';

/** CloudWatch's limit on an alarm's description. */
export const mostCharacters = 1_024;

type Texts = {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly anchor: string;
};

/**
 * What a pager shows: what is wrong, why it matters, what to do, and where the manual stands.
 * Where that is too long for CloudWatch, `remedy` is cut, then `why`; the manual has them whole.
 */
export function alarmDescription({ title, why, remedy, anchor }: Texts): string {
  const whole = (first: string, second: string) =>
    [oneLine(title), `Why: ${first}`, `What to do: ${second}`, `Manual: ${anchor}`].join('\n');
  const [whyLine, remedyLine] = [oneLine(why), oneLine(remedy)];
  const excess = whole(whyLine, remedyLine).length - mostCharacters;
  if (excess <= 0) return whole(whyLine, remedyLine);
  const shortRemedy = cut(remedyLine, Math.max(remedyLine.length - excess, 200));
  const left = whole(whyLine, shortRemedy).length - mostCharacters;
  return left <= 0
    ? whole(whyLine, shortRemedy)
    : whole(cut(whyLine, Math.max(whyLine.length - left, 0)), shortRemedy);
}

/** At most `most` characters, ending after a whole word, or within one that would leave little before it. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const fits = text.slice(0, Math.max(most - 4, 0)).replace(/[\ud800-\udbff]$/, '');
  const words = fits.replace(/\s*\S*$/, '');
  return `${words.length >= fits.length / 2 ? `${words} ` : fits}...`.slice(0, Math.max(most, 0));
}
