import { matches, type Edition, type Matcher } from '../../../lambdas/promql/index.ts';

/** Values that may meet the matcher, the plainest first; some do not, as a pattern is read only so far as people write them. */
export function sampleValues({ operator, value }: Matcher): readonly string[] {
  if (operator === '=') return [value];
  if (operator === '!=' || operator === '!~') return ['x', ''];
  const read = (rest: string): readonly string[] => {
    const text = sampler(value, rest);
    return text === null ? [] : [text];
  };
  return [...read(''), ...read('x'), ...read('1')];
}

/** One that meets all of them. */
export const sampleOf = (matchers: readonly Matcher[], edition: Edition): string | undefined =>
  matchers
    .flatMap(sampleValues)
    .find((value) => matchers.every((matcher) => matches(matcher, value, edition)));

/**
 * A text that a pattern takes: the first of alternatives, the least of repetitions.
 * @param anything what stands for `.*`
 */
function sampler(pattern: string, anything: string): string | null {
  let at = 0;
  const alternatives = (): string => {
    let made = '';
    let chosen: string | undefined;
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        chosen ??= made;
        made = '';
      } else made += repeated();
    }
    return chosen ?? made;
  };
  const repeated = (): string => {
    const isDot = pattern[at] === '.';
    const one = atom();
    const [source = '', least] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(pattern.slice(at)) ?? [];
    at += source.length;
    if (source === '') return one;
    if (isDot && source.startsWith('*')) return anything;
    if (source.startsWith('+')) return isDot && anything !== '' ? anything : one;
    return one.repeat(Math.min(Number(least ?? 0), 100));
  };
  const atom = (): string => {
    const character = pattern[at] ?? '';
    at += 1;
    if (character === '(') return group();
    if (character === '[') return ofClass();
    if (character === '\\') return escape();
    if (character === '.') return 'x';
    return character === '^' || character === '$' ? '' : character;
  };
  const group = (): string => {
    const flags = /^\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+(?=\)))/.exec(pattern.slice(at))?.[0] ?? '';
    at += flags.length;
    const inner = alternatives();
    at += 1;
    return inner;
  };
  const ofClass = (): string => {
    const [source = '', negated = '', first = ''] =
      /^(\^?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/s.exec(pattern.slice(at)) ?? [];
    at += source.length;
    const candidates = Array.from(`a0A-_.x1zZ9:/ ${first}`);
    const escaped = `[${negated}${first}]`;
    return candidates.find((each) => matches({ label: '', operator: '=~', value: escaped }, each)) ?? '';
  };
  const escape = (): string => {
    const letter = pattern[at] ?? '';
    at += 1;
    const classes: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };
    return classes[letter] ?? (/[bBAz]/.test(letter) ? '' : letter);
  };
  const made = alternatives();
  return at === pattern.length ? made : null;
}
