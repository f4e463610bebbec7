import type { Operand, Pipeline } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { unexpected } from './cursor.ts';
import type { Token, TokenKind } from './lexer.ts';
import { TemplateFault } from './lexer.ts';
import { characterIn, numberIn, textIn } from './literals.ts';

/** Functions that a template may call, those of text/template first. */
const known = new Set(
  (
    'and call eq ge gt html index js le len lt ne not or print printf println slice urlquery ' +
    'args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp ' +
    'label match parseDuration pathPrefix query reReplaceAll safeHtml sortByLabel stripDomain stripPort strvalue ' +
    'tableLink title toLower toTime toUpper value'
  ).split(' '),
);

/** Reads up to and with the end. Variables that it declares are known from then on. */
export function readPipeline(cursor: Cursor, where: string, end: 'close' | ')'): Pipeline {
  const declared = readDeclared(cursor, where);
  const commands: (readonly Operand[])[] = [];
  while (cursor.solid.kind !== end) {
    if (!startsOperand(cursor.solid)) throw unexpected(cursor.solid, where);
    commands.push(readCommand(cursor));
  }
  cursor.skip();
  if (commands.length === 0) throw new TemplateFault(`${where} lacks a value`);
  if (commands.slice(1).some(([first]) => first !== undefined && isIdle(first)))
    throw new TemplateFault('behind | stands what is no function');
  return { ...declared, commands };
}

const isIdle = ({ kind }: Operand): boolean => kind === 'literal' || kind === 'nil' || kind === 'dot';

function readDeclared(cursor: Cursor, where: string): Pick<Pipeline, 'names' | 'assigns'> {
  const names: string[] = [];
  while (cursor.solid.kind === 'variable') {
    const { text } = cursor.next;
    let ahead = 1;
    while (cursor.ahead(ahead).kind === 'space') ahead += 1;
    const sign = cursor.ahead(ahead).kind;
    if (sign !== ':=' && sign !== '=' && sign !== ',') break;
    cursor.skip(ahead + 1);
    names.push(text);
    cursor.variables.push(text);
    if (sign !== ',') return { names, assigns: sign === '=' };
    if (where !== 'range' || names.length > 1)
      throw new TemplateFault(`${where} declares too many variables`);
    if (!['variable', 'close', ')'].includes(cursor.solid.kind))
      throw new TemplateFault('range can only declare variables');
  }
  return { names, assigns: false };
}

function readCommand(cursor: Cursor): readonly Operand[] {
  const operands: Operand[] = [];
  for (;;) {
    if (startsOperand(cursor.solid)) operands.push(readOperand(cursor));
    const { kind } = cursor.next;
    if (kind === 'close' || kind === ')') return operands;
    if (kind !== '|' && kind !== 'space') throw unexpected(cursor.next, 'a command');
    cursor.skip();
    if (kind === '|') return operands;
  }
}

function readOperand(cursor: Cursor): Operand {
  const term = readTerm(cursor);
  const path: string[] = [];
  while (cursor.next.kind === 'field') path.push(cursor.take().text.slice(1));
  if (path.length === 0) return term;
  if (term.kind === 'variable') return { ...term, path };
  if (term.kind === 'field' && term.of === null) return { ...term, path: [...term.path, ...path] };
  if (isIdle(term)) throw new TemplateFault(`.${path.join('.')} stands behind what has no fields`);
  return { kind: 'field', of: term, path };
}

function readTerm(cursor: Cursor): Operand {
  const token = cursor.take();
  const { kind, text } = token;
  switch (kind) {
    case 'identifier':
      if (!known.has(text)) throw new TemplateFault(`there is no function ${text}`);
      return { kind: 'function', name: text };
    case 'variable':
      if (!cursor.variables.includes(text)) throw new TemplateFault(`there is no variable ${text}`);
      return { kind: 'variable', name: text, path: [] };
    case 'field':
      return { kind: 'field', of: null, path: [text.slice(1)] };
    case 'dot':
      return { kind: 'dot' };
    case 'keyword':
      return { kind: 'nil' };
    case 'bool':
      return { kind: 'literal', value: text === 'true' };
    case 'number':
      return { kind: 'literal', value: numberIn(text) };
    case 'character':
      return { kind: 'literal', value: characterIn(text) };
    case 'string':
      return { kind: 'literal', value: textIn(text) };
    case '(':
      return {
        kind: 'pipeline',
        pipeline: cursor.deeper(() => readPipeline(cursor, '( )', ')')),
      };
    default:
      throw unexpected(token, 'an action');
  }
}

const operandKinds: readonly TokenKind[] = [
  'identifier',
  'variable',
  'field',
  'dot',
  'bool',
  'number',
  'character',
  'string',
  '(',
];

const startsOperand = ({ kind, text }: Token): boolean =>
  operandKinds.includes(kind) || (kind === 'keyword' && text === 'nil');
