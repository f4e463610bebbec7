/** The types of PromQL's values. A rule's expression must be a scalar or a vector. */
export type ValueType = 'scalar' | 'vector' | 'range' | 'string';

/** Where a node stands in the text, as offsets of JavaScript's string. */
export type Place = { readonly from: number; readonly to: number };

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export type Matcher = {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
};

/** `@ 1609746000` in milliseconds, or `@ start()`, `@ end()`: both the evaluation's own time in a rule. */
export type At = number | 'start' | 'end';

export type NumberLiteral = Place & {
  readonly kind: 'number';
  readonly type: 'scalar';
  readonly value: number;
};
export type StringLiteral = Place & {
  readonly kind: 'string';
  readonly type: 'string';
  readonly value: string;
};

export type Selector = Place & {
  readonly kind: 'selector';
  readonly type: 'vector';
  /** The name written before the braces or bare within them; it is among the matchers too. */
  readonly name?: string;
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
  readonly at?: At;
};

export type RangeSelector = Place & {
  readonly kind: 'range';
  readonly type: 'range';
  readonly selector: Selector;
  readonly rangeMs: number;
};

export type Subquery = Place & {
  readonly kind: 'subquery';
  readonly type: 'range';
  readonly expression: Expression;
  readonly rangeMs: number;
  /** Left out in `[1h:]`: then it is the evaluation interval. */
  readonly stepMs?: number;
  readonly offsetMs: number;
  readonly at?: At;
};

export type Call = Place & {
  readonly kind: 'call';
  readonly type: ValueType;
  readonly name: string;
  readonly arguments: readonly Expression[];
};

export type AggregationOperator =
  | 'avg'
  | 'bottomk'
  | 'count'
  | 'count_values'
  | 'group'
  | 'max'
  | 'min'
  | 'quantile'
  | 'stddev'
  | 'stdvar'
  | 'sum'
  | 'topk';

export type Aggregation = Place & {
  readonly kind: 'aggregation';
  readonly type: 'vector';
  readonly operator: AggregationOperator;
  readonly parameter?: Expression;
  readonly expression: Expression;
  /** `without` false and no labels: one group of everything. */
  readonly grouping: { readonly without: boolean; readonly labels: readonly string[] };
};

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

export type Matching = {
  /** `on` true: the labels to match by; false: the labels to ignore. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Which side may hold several series per match: `group_left` is left, `group_right` is right. */
  readonly many: 'neither' | 'left' | 'right';
  /** Labels that `group_left` or `group_right` copies from the one side. */
  readonly include: readonly string[];
};

export type Binary = Place & {
  readonly kind: 'binary';
  readonly type: 'scalar' | 'vector';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** The `bool` modifier: 0 or 1 in place of a filter. */
  readonly bool: boolean;
  readonly matching: Matching;
};

export type Unary = Place & {
  readonly kind: 'unary';
  readonly type: ValueType;
  readonly operator: '+' | '-';
  readonly expression: Expression;
};

export type Parentheses = Place & {
  readonly kind: 'parentheses';
  readonly type: ValueType;
  readonly expression: Expression;
};

export type Expression =
  | NumberLiteral
  | StringLiteral
  | Selector
  | RangeSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Parentheses;

/** The expression without the parentheses around it. */
export function unwrap(expression: Expression): Expression {
  return expression.kind === 'parentheses' ? unwrap(expression.expression) : expression;
}

/** The node's operands, in the order of the text. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'range':
      return [node.selector];
    case 'subquery':
    case 'unary':
    case 'parentheses':
      return [node.expression];
    case 'call':
      return node.arguments;
    case 'aggregation':
      return node.parameter === undefined ? [node.expression] : [node.parameter, node.expression];
    case 'binary':
      return [node.left, node.right];
  }
}

/** The node and all below it, outer ones first. */
export function* nodesOf(root: Expression): Generator<Expression, void> {
  const waiting: Expression[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    waiting.push(...[...childrenOf(node)].reverse());
  }
}
