import type { Edition } from '../../promql/index.ts';
import type { TemplateNode } from './ast.ts';
import { Cursor, unexpected } from './cursor.ts';
import { TemplateFault, tokensOf } from './lexer.ts';
import { textIn } from './literals.ts';
import { readPipeline } from './pipeline.ts';

/** In characters; CloudWatch takes a thousand of a description. */
const longestTemplate = 100_000;

/** What Prometheus defines before each template of a rule, and the dot it begins with. */
const predefined = ['$', '$labels', '$externalLabels', '$externalURL', '$value'];

/**
 * Reads a template as promtool does.
 * @throws TemplateFault for what promtool rejects, and for templates that are too long or nest too deep
 */
export function parseTemplate(text: string, edition: Edition): readonly TemplateNode[] {
  if (text.length > longestTemplate)
    throw new TemplateFault(`it has ${text.length} characters, more than ${longestTemplate}`);
  const cursor = new Cursor(tokensOf(text), predefined);
  const reading: Reading = { cursor, edition, defined: new Set(), ranges: 0 };
  const { nodes, stop } = readList(reading, true);
  if (stop !== null) throw new TemplateFault(`{{${stop}}} ends nothing`);
  return nodes;
}

type Reading = {
  readonly cursor: Cursor;
  readonly edition: Edition;
  /** Names of templates that have been defined. */
  readonly defined: Set<string>;
  /** How many `range` are around. */
  readonly ranges: number;
};

type Stop = 'end' | 'else';
type Control = 'if' | 'with' | 'range';

function readList(
  reading: Reading,
  top = false,
): { readonly nodes: readonly TemplateNode[]; readonly stop: Stop | null } {
  const { cursor } = reading;
  const nodes: TemplateNode[] = [];
  for (;;) {
    const token = cursor.take();
    if (token.kind === 'end') {
      if (!top) throw new TemplateFault('an {{end}} is missing');
      return { nodes, stop: null };
    }
    if (token.kind === 'text') nodes.push({ ...token, kind: 'text' });
    else if (token.kind !== 'open') throw unexpected(token, 'the text');
    else if (top && cursor.isWord('define')) readDefinition(reading);
    else {
      const node = readAction(reading, token.from);
      if (typeof node === 'string') return { nodes, stop: node };
      nodes.push(node);
    }
  }
}

function readAction(reading: Reading, from: number): TemplateNode | Stop {
  const { cursor, edition } = reading;
  const { kind, text } = cursor.solid;
  if (kind !== 'keyword' || text === 'nil') {
    const pipeline = readPipeline(cursor, 'an action', 'close');
    return { kind: 'action', pipeline, from, to: cursor.passed };
  }
  cursor.skip();
  switch (text) {
    case 'if':
    case 'with':
    case 'range':
      return cursor.deeper(() => readControl(reading, text, from));
    case 'else':
      // `else if` leaves its if, `else with` from Go 1.23 its with, to be read as what is within the else.
      if (!cursor.isWord('if') && !(edition === 3 && cursor.isWord('with'))) cursor.expect('close', 'else');
      return 'else';
    case 'end':
      cursor.expect('close', 'end');
      return 'end';
    case 'break':
    case 'continue':
      if (reading.ranges === 0) throw new TemplateFault(`{{${text}}} stands outside of range`);
      cursor.expect('close', text);
      break;
    case 'template':
      readName(cursor, text);
      if (cursor.solid.kind === 'close') cursor.skip();
      else readPipeline(cursor, text, 'close');
      break;
    case 'block': {
      const name = readName(cursor, text);
      readPipeline(cursor, text, 'close');
      readDefined(reading, name);
      break;
    }
    default:
      throw new TemplateFault(`${text} cannot stand here`);
  }
  return { kind: 'unsupported', word: text, from, to: cursor.passed };
}

function readControl(reading: Reading, kind: Control, from: number): TemplateNode {
  const { cursor } = reading;
  const outer = cursor.variables.length;
  const pipeline = readPipeline(cursor, kind, 'close');
  const { nodes: body, stop } = readList(
    kind === 'range' ? { ...reading, ranges: reading.ranges + 1 } : reading,
  );
  const otherwise = stop === 'else' ? readOtherwise(reading, kind) : [];
  cursor.variables.length = outer;
  return { kind, pipeline, body, otherwise, from, to: cursor.passed };
}

function readOtherwise(reading: Reading, kind: Control): readonly TemplateNode[] {
  const { cursor } = reading;
  const { from } = cursor.solid;
  if (kind !== 'range' && cursor.isWord(kind)) {
    cursor.skip();
    return [cursor.deeper(() => readControl(reading, kind, from))];
  }
  const { nodes, stop } = readList(reading);
  if (stop !== 'end') throw new TemplateFault('{{else}} stands twice');
  return nodes;
}

const readName = (cursor: Cursor, where: string): string =>
  String(textIn(cursor.expect('string', where).text));

function readDefinition(reading: Reading): void {
  reading.cursor.skip();
  const name = readName(reading.cursor, 'define');
  reading.cursor.expect('close', 'define');
  readDefined(reading, name);
}

/** A template of its own, up to its end: it sees none of the variables around it. */
function readDefined(reading: Reading, name: string): void {
  const { cursor, defined } = reading;
  const outer = cursor.variables;
  cursor.variables = ['$'];
  const { nodes, stop } = cursor.deeper(() => readList({ ...reading, ranges: 0 }));
  cursor.variables = outer;
  if (stop !== 'end') throw new TemplateFault(`{{else}} cannot stand in the template ${name}`);
  if (nodes.every((node) => node.kind === 'text' && node.text.trim() === '')) return;
  if (defined.has(name)) throw new TemplateFault(`the template ${name} is defined twice`);
  defined.add(name);
}
