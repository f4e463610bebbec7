import { AlarmError } from './alarm-spec.ts';

type Operand = number | undefined;
const operators = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => (right === 0 ? undefined : left / right),
} as const satisfies Record<string, (left: number, right: number) => Operand>;

const TWO_METRICS = /^\s*([a-z]\w*)\s*([-+*/])\s*([a-z]\w*)\s*$/;

export type Expression = {
  /** The value at one timestamp, by metric id; undefined is no datapoint. */
  readonly at: (valueOf: (id: string) => Operand) => Operand;
};

/**
 * CloudWatch's arithmetic between two metrics, which is all that specs use. One missing side counts as 0, both as no
 * datapoint, and a division by zero drops the point (user guide, page using-metric-math).
 * @throws AlarmError for any other expression
 */
export function metricMath(expression: string): Expression {
  const [, left, operator, right] = TWO_METRICS.exec(expression) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    throw new AlarmError(
      `"${expression}" cannot be evaluated here: expected two metrics and one of + - * /, as in "a - b"`,
    );
  }
  const apply = operators[operator as keyof typeof operators];
  return {
    at: (valueOf) => {
      const [first, second] = [valueOf(left), valueOf(right)];
      return first === undefined && second === undefined ? undefined : apply(first ?? 0, second ?? 0);
    },
  };
}
