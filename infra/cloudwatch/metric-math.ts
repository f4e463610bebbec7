import { AlarmError } from './alarm-spec.ts';

type Operand = number | undefined;
const operators = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => (right === 0 ? undefined : left / right),
} as const satisfies Record<string, (left: number, right: number) => Operand>;

const METRIC = '[a-z]\\w*';
/** A metric, or `FILL(metric, 0)`: a number in the place of a datapoint that is missing. */
const OPERAND = `(?:(${METRIC})|FILL\\(\\s*(${METRIC})\\s*,\\s*(-?[\\d.]+)\\s*\\))`;
const ONE_OR_TWO_METRICS = new RegExp(`^\\s*${OPERAND}(?:\\s*([-+*/])\\s*${OPERAND})?\\s*$`);

export type Expression = {
  /** The value at one timestamp, by metric id; undefined is no datapoint. */
  readonly at: (valueOf: (id: string) => Operand) => Operand;
};

/**
 * A metric, or CloudWatch's arithmetic between two, which is all that specs use. One missing side counts as 0, both as no
 * datapoint, and a division by zero drops the point (user guide, page using-metric-math).
 * @throws AlarmError for any other expression
 */
export function metricMath(expression: string): Expression {
  const [, left, leftFilled, leftFill, operator, right, rightFilled, rightFill] =
    ONE_OR_TWO_METRICS.exec(expression) ?? [];
  const [first, second] = [left ?? leftFilled, right ?? rightFilled];
  if (first === undefined) {
    throw new AlarmError(
      `"${expression}" cannot be evaluated here: expected a metric, filled or not, or two and one of + - * /, as in ` +
        '"FILL(a, 1)", "a - b" or "FILL(a, 0) - FILL(b, 0)"',
    );
  }
  const filled = (value: Operand, fill: string | undefined): Operand =>
    value ?? (fill === undefined ? undefined : Number(fill));
  if (operator === undefined || second === undefined)
    return { at: (valueOf) => filled(valueOf(first), leftFill) };
  const apply = operators[operator as keyof typeof operators];
  return {
    at: (valueOf) => {
      const [one, other] = [filled(valueOf(first), leftFill), filled(valueOf(second), rightFill)];
      return one === undefined && other === undefined ? undefined : apply(one ?? 0, other ?? 0);
    },
  };
}
