import type { Operand, Pipeline, TemplateNode } from './ast.ts';
import { callFunction } from './functions.ts';
import type { Data, Value, Vague } from './values.ts';
import { entryOf, ExpandError, isMapping, isTrue, isVague, ownOf, typeOf, whole } from './values.ts';

/** How a template is run: on what, and what becomes of parts that cannot be made. */
export type Manner = {
  readonly data: Data;
  /** What stands in the text in place of the node. */
  readonly failed: (node: TemplateNode, error: ExpandError) => string;
  /** What is taken for something of which only words are known; or throws ExpandError. */
  readonly unknown: (value: Vague) => Value;
};

export type Frame = {
  readonly manner: Manner;
  readonly dot: Value;
  /** The latest last. */
  readonly variables: { readonly name: string; value: Value }[];
  /** How much text there is so far. */
  readonly made: { length: number };
};

/** The pipeline's value, which its variables have from then on. */
export function evaluate(pipeline: Pipeline, frame: Frame): Value {
  const value = valueOf(pipeline, frame);
  for (const name of pipeline.names) {
    if (!pipeline.assigns) {
      frame.variables.push({ name, value });
      continue;
    }
    const variable = frame.variables.findLast((each) => each.name === name);
    if (variable === undefined) throw new ExpandError(`there is no variable ${name} to be set`);
    variable.value = value;
  }
  return value;
}

export function valueOf({ commands }: Pipeline, frame: Frame): Value {
  let result: Value | undefined;
  for (const command of commands) result = commandValue(command, frame, result);
  return result ?? null;
}

/** `last` is what the command before gave: one more argument. */
function commandValue(
  [first, ...operands]: readonly Operand[],
  frame: Frame,
  last: Value | undefined,
): Value {
  if (first === undefined) throw new ExpandError('a command is empty');
  if (first.kind !== 'function') {
    if (operands.length > 0 || last !== undefined) throw new ExpandError('what is no function has arguments');
    if (first.kind === 'nil') throw new ExpandError('nil is no command');
    return operandValue(first, frame);
  }
  const lasts = last === undefined ? [] : [last];
  if (first.name === 'and' || first.name === 'or') return chosen(first.name, operands, lasts, frame);
  return callFunction(first.name, [...operands.map((operand) => operandValue(operand, frame)), ...lasts]);
}

/** The first value that decides, or the last; the ones behind it are not asked for. */
function chosen(
  name: 'and' | 'or',
  operands: readonly Operand[],
  lasts: readonly Value[],
  frame: Frame,
): Value {
  let value: Value | undefined;
  for (const operand of [...operands, ...lasts.map(() => null)]) {
    value = whole(operand === null ? (lasts[0] ?? null) : operandValue(operand, frame));
    if (isVague(value) || isTrue(value) === (name === 'or')) return value;
  }
  if (value === undefined) throw new ExpandError(`${name} wants arguments`);
  return value;
}

function operandValue(operand: Operand, frame: Frame): Value {
  switch (operand.kind) {
    case 'literal':
      if (operand.value === undefined)
        throw new ExpandError('a number or text is of a kind that is not expanded here');
      return operand.value;
    case 'nil':
      return null;
    case 'dot':
      return known(frame.dot, frame);
    case 'function':
      return callFunction(operand.name, []);
    case 'pipeline':
      return evaluate(operand.pipeline, frame);
    case 'variable': {
      const variable = frame.variables.findLast(({ name }) => name === operand.name);
      if (variable === undefined) throw new ExpandError(`there is no variable ${operand.name}`);
      return fieldOf(known(variable.value, frame), operand.path, frame);
    }
    case 'field':
      return fieldOf(operand.of === null ? frame.dot : operandValue(operand.of, frame), operand.path, frame);
  }
}

const known = (value: Value, { manner }: Frame): Value => (isVague(value) ? manner.unknown(value) : value);

function fieldOf(from: Value, path: readonly string[], frame: Frame): Value {
  let value = from;
  for (const name of path) value = known(oneField(value, name), frame);
  return value;
}

function oneField(value: Value, name: string): Value {
  if (isMapping(value)) return entryOf(value, name);
  if (isVague(value)) return { kind: 'vague', words: `its ${name}` };
  const fields = typeof value === 'object' && value !== null ? value.fields : {};
  const found = ownOf(fields, name);
  if (found === undefined) throw new ExpandError(`a ${typeOf(value)} has no field ${name}`);
  return found;
}
