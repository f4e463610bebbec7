import type { Direction } from '../../../../lambdas/limits.ts';
import type { Labels } from '../../../../lambdas/promql/index.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';
import type { Shape } from '../../../../lambdas/rules/shape.ts';
import { reword, type Words } from '../../../../lambdas/rules/template/template.ts';

const comparisons: Readonly<Record<Direction, string>> = {
  above: 'more than ',
  atLeast: 'at least ',
  below: 'less than ',
  atMost: 'at most ',
};

/**
 * Annotations as an alarm says them before anything has fired: labels that are known by their values, others by what they
 * are, and the value by what it is compared with: `more than 80%`.
 */
export const plainTexts = (annotations: Texts, known: Labels, shape: Shape): Texts =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      withoutDoubles(reword(text, known, wordsFor(shape))),
    ]),
  );

const wordsFor = (shape: Shape): Words => ({ value: valueOf(shape), label: nounOf });

function valueOf(shape: Shape): Words['value'] {
  if (shape.kind === 'boolean') return '…';
  const isDown = shape.kind === 'plain' && shape.series.collector === 'up' && shape.direction === 'below';
  return isDown ? { as: '', to: 0 } : { as: comparisons[shape.direction], to: shape.threshold };
}

/** What a label's value is the name of: `a stream` of `stream_name`. */
function nounOf(label: string): string {
  if (['server_id', 'server_name', 'instance'].includes(label)) return 'a NATS server';
  const noun = label.replace(/_(?:name|id)$/, '').replaceAll('_', ' ');
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** `Stream a stream` is a stream. */
const withoutDoubles = (text: string): string =>
  text
    .replaceAll(
      /\b(\w+)(?:[:=]? )?["'`(\[]*(an?) ((?:NATS )?\1)\b["'`)\]]*/gi,
      (_, before: string, article: string, noun: string) =>
        `${/^[A-Z]/.test(before) ? article.replace('a', 'A') : article} ${noun}`,
    )
    .replaceAll(/(^|[.!?] )a(n?) (?=\w)/g, (_, start: string, n: string) => `${start}A${n} `);
