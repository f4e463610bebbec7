import type { Pipeline, TemplateNode } from './ast.ts';
import type { Frame, Manner } from './evaluate.ts';
import { evaluate, valueOf } from './evaluate.ts';
import type { Value } from './values.ts';
import {
  byBytes,
  EndlessError,
  ExpandError,
  isMapping,
  isTrue,
  isVague,
  JumpError,
  longest,
  printed,
  typeOf,
  whole,
} from './values.ts';

/**
 * The text of a template's nodes.
 * @throws EndlessError where it is longer than a million characters
 */
export function run(nodes: readonly TemplateNode[], manner: Manner): string {
  const { data } = manner;
  const field = (name: string): Value => data.fields[name] ?? null;
  const variables = [
    { name: '$', value: data },
    { name: '$labels', value: field('Labels') },
    { name: '$externalLabels', value: field('ExternalLabels') },
    { name: '$externalURL', value: field('ExternalURL') },
    { name: '$value', value: field('Value') },
  ];
  return runList(nodes, { manner, dot: data, variables, made: { length: 0 } });
}

function runList(nodes: readonly TemplateNode[], frame: Frame): string {
  let text = '';
  for (const node of nodes) {
    const part = runNode(node, frame);
    frame.made.length += 1 + (node.kind === 'text' || node.kind === 'action' ? part.length : 0);
    if (frame.made.length > longest) throw new EndlessError(`it gives more than ${longest} characters`);
    text += part;
  }
  return text;
}

function runNode(node: TemplateNode, frame: Frame): string {
  const outer = frame.variables.length;
  try {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'action': {
        const value = whole(evaluate(node.pipeline, frame));
        return node.pipeline.names.length > 0 ? '' : value === null ? '<no value>' : printed(value);
      }
      case 'if':
      case 'with':
        return runChosen(node, frame);
      case 'range':
        return runRange(node, frame);
      case 'unsupported':
        throw new (isJump(node.word) ? JumpError : ExpandError)(`${node.word} is not expanded here`);
    }
  } catch (error) {
    if (!(error instanceof ExpandError) || (error instanceof JumpError && node.kind !== 'range')) throw error;
    frame.variables.length = outer;
    if (node.kind === 'action') declareFailed(node.pipeline, frame);
    return frame.manner.failed(node, error);
  }
}

const isJump = (word: string): boolean => word === 'break' || word === 'continue';

type ControlNode = Extract<TemplateNode, { readonly kind: 'if' | 'with' | 'range' }>;

/** What hangs on something unknown is taken to hold. */
function runChosen({ kind, pipeline, body, otherwise }: ControlNode, frame: Frame): string {
  const outer = frame.variables.length;
  const value = whole(evaluate(pipeline, frame));
  const holds = isVague(value) || isTrue(value);
  const inner = kind === 'with' && holds ? { ...frame, dot: value } : frame;
  const text = runList(holds ? body : otherwise, inner);
  frame.variables.length = outer;
  return text;
}

function runRange({ pipeline, body, otherwise }: ControlNode, frame: Frame): string {
  const [first, second] = pipeline.names;
  const value = whole(valueOf(pipeline, frame));
  if (pipeline.assigns || (!isVague(value) && !isMapping(value)))
    throw new ExpandError(`this range over a ${typeOf(value)} is not expanded here`);
  const pass = (key: Value, element: Value): string => {
    const variables = [...frame.variables];
    if (first !== undefined) variables.push({ name: first, value: second === undefined ? element : key });
    if (second !== undefined) variables.push({ name: second, value: element });
    return runList(body, { ...frame, variables, dot: element });
  };
  if (isVague(value)) return value.words;
  const keys = Object.keys(value.entries).sort(byBytes);
  if (keys.length === 0) return runList(otherwise, frame);
  return keys.map((key) => pass(key, value.entries[key] ?? '')).join('');
}

/** What uses a variable that could not be made fails as well. */
function declareFailed({ names, assigns }: Pipeline, { variables }: Frame): void {
  for (const name of names) {
    const set = assigns ? variables.findLast((variable) => variable.name === name) : undefined;
    const lost: Value = { kind: 'vague', words: 'a value' };
    if (set === undefined) variables.push({ name, value: lost });
    else set.value = lost;
  }
}
