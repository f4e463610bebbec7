import type { Advice, Lint, Subject } from './subject.ts';

/** What is so for seconds is no alert. */
const shortest = { forMs: 120_000, written: '2m' };

/** Beyond this an expression is a list of cases, as for `waysOf`. */
const mostSteps = 64;

/**
 * What to write, with all that these lints would have written instead: whoever writes it is not told of the next fault then,
 * and whatever is reported of a rule says the same. Empty where they have no advice.
 */
export function settled(subject: Subject, lints: readonly Lint[], alerts: readonly Subject[]): string {
  const { rule } = subject;
  const firesAtOnce = rule.kind === 'alert' && rule.forMs === 0;
  let write = '';
  let wait: string | undefined;
  let at: Subject | undefined = subject;
  for (let step = 0; step < mostSteps && at !== undefined; step += 1) {
    const advice = firstAdvice(at, lints, alerts);
    if (advice === undefined) break;
    ({ write } = advice);
    wait ??= advice.wait;
    at = subject.rewritten(write, firesAtOnce && wait !== undefined ? { forMs: shortest.forMs } : {});
  }
  const waits = firesAtOnce && wait !== undefined ? `give it for: ${shortest.written}, as ${wait}, and ` : '';
  return `${waits}write ${write}`;
}

function firstAdvice(
  subject: Subject,
  lints: readonly Lint[],
  alerts: readonly Subject[],
): Advice | undefined {
  for (const lint of lints) {
    const found = lint(subject, alerts).find((each) => typeof each !== 'string');
    if (found !== undefined) return found;
  }
  return undefined;
}
