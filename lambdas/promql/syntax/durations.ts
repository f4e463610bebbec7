import type { Edition } from '../edition.ts';
import { childNodes } from './items.ts';
import type { SyntaxNode } from './items.ts';
import { LiteralError, durationMs, numberOf, secondsAsMs } from './literals.ts';
import { PromqlError } from './problem.ts';
import { endsClearly, literally } from './quoted.ts';

/**
 * The duration in brackets or behind `offset`, in milliseconds. Arithmetic on durations is refused, as Prometheus
 * does without a feature flag.
 */
export function durationOf(node: SyntaxNode, text: string, edition: Edition): number {
  const [first, second, third] = childNodes(node);
  if (first?.name === 'UnaryOp' && second !== undefined) {
    const negative = text.charAt(first.from) === '-';
    if (!negative && edition === 2)
      throw new PromqlError('Prometheus before 3 knows no + before a duration', node);
    if (edition === 2 && childNodes(second)[0]?.name === 'UnaryOp') {
      throw new PromqlError('Prometheus before 3 knows only one - before a duration', node);
    }
    return durationOf(second, text, edition) * (negative ? -1 : 1);
  }
  const alone =
    second === undefined && third === undefined && first?.from === node.from && first.to === node.to;
  if (!alone || first.name !== 'NumberDurationLiteralInDurationContext') {
    throw new PromqlError(
      'a duration must be one literal such as 5m or 1h30m: arithmetic on it is experimental',
      node,
    );
  }
  endsClearly(first, text);
  return milliseconds(text.slice(first.from, first.to), first, edition);
}

/** A range or a step: longer than nothing. */
export function positiveDurationOf(node: SyntaxNode, text: string, edition: Edition): number {
  const ms = durationOf(node, text, edition);
  if (ms <= 0) throw new PromqlError('the duration must be longer than 0', node);
  return ms;
}

function milliseconds(source: string, node: SyntaxNode, edition: Edition): number {
  return literally(node, () => {
    const duration = durationMs(source);
    if (duration !== undefined) return duration;
    if (edition === 2) throw new LiteralError(`the duration ${source} lacks a unit, such as s for seconds`);
    return secondsAsMs(numberOf(source), source);
  });
}
