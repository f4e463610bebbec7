import type { At, Expression, Place, RangeSelector, Selector, Subquery } from '../ast.ts';
import { PromqlError } from './problem.ts';

const timed = 'must stand right behind a selector, a range in brackets or a subquery';

/** `selector[5m]` */
export function withRange(target: Expression, rangeMs: number, place: Place): RangeSelector {
  if (target.kind !== 'selector') {
    throw new PromqlError('a range in brackets must stand right behind a selector', place);
  }
  if (target.offsetMs !== 0)
    throw new PromqlError('offset must stand behind the range, not before it', place);
  if (typeof target.at === 'number')
    throw new PromqlError('@ must stand behind the range, not before it', place);
  return { kind: 'range', type: 'range', selector: target, rangeMs, from: target.from, to: place.to };
}

/** `expression[1h:5m]` */
export function withSubquery(
  expression: Expression,
  rangeMs: number,
  stepMs: number | undefined,
  place: Place,
): Subquery {
  return {
    kind: 'subquery',
    type: 'range',
    expression,
    rangeMs,
    ...(stepMs === undefined ? {} : { stepMs }),
    offsetMs: 0,
    from: expression.from,
    to: place.to,
  };
}

/** `selector offset 5m` */
export function withOffset(target: Expression, offsetMs: number, place: Place): Expression {
  return change(target, 'offset', place, (old) => {
    if (old.offsetMs !== 0) throw new PromqlError('offset may be given only once', place);
    return { offsetMs };
  });
}

/** `selector @ 1609746000` */
export function withAt(target: Expression, at: At, place: Place): Expression {
  return change(target, '@', place, (old) => {
    if (old.at !== undefined) throw new PromqlError('@ may be given only once', place);
    return { at };
  });
}

function change(
  target: Expression,
  word: string,
  place: Place,
  by: (old: Selector | Subquery) => { offsetMs: number } | { at: At },
): Expression {
  if (target.kind === 'range') {
    return { ...target, selector: { ...target.selector, ...by(target.selector) }, to: place.to };
  }
  if (target.kind !== 'selector' && target.kind !== 'subquery') {
    throw new PromqlError(`${word} ${timed}`, place);
  }
  return { ...target, ...by(target), to: place.to };
}
