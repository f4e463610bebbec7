import { Composer, isAlias, isCollection, isScalar, Lexer, LineCounter, Parser, visit } from 'yaml';
import type { Alias, CST, Document, Node, YAMLError } from 'yaml';
import type { Position } from '../../lambdas/rules/rule.ts';
import { deepestYaml, longestFile, mostLexemes } from './rule-file-limits.ts';
import type { Problems } from './rule-file-problem.ts';
import { collectProblems } from './rule-file-problem.ts';

/** A YAML file's only document, every scalar of it a text. */
export type Tree = {
  /** Null in a file without a document. */
  readonly root: Node | null;
  readonly text: string;
  readonly positionOf: (offset: number) => Position;
  /** What an alias stands for; undefined for one whose anchor is not above it. */
  readonly anchored: ReadonlyMap<Alias, Node | undefined>;
};

/** What is wrong with a text that is no YAML document, or that is more than one. */
class YamlFault extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = 'YamlFault';
    this.offset = offset;
  }
}

/**
 * Reads YAML as Prometheus does, and quickly whatever the text is. Refused beyond that: files above the limits, line
 * breaks other than LF and CR LF, tags that change a value's type, and several documents, of which Prometheus reads the
 * first.
 */
export function readTree(text: string, file: string): { readonly tree: Tree; readonly problems: Problems } {
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = collectProblems(file, positionOf);
  const none: Tree = { root: null, text, positionOf, anchored: new Map() };
  try {
    refuseSize(text);
    addLines(text, lines);
    refuseCharacters(text);
    const tokens = tokensOf(text);
    const ending = tokens.find(({ type }) => !ignored.includes(type));
    if (ending?.type === 'doc-end')
      throw new YamlFault(ending.offset, 'a document ends here that did not begin');
    const document = onlyDocument(compose(tokens, text.length));
    // Only the first: the others mostly follow from it.
    for (const fault of [...document.errors, ...document.warnings].slice(0, 1)) throw yamlFault(fault);
    return { tree: { ...none, root: document.contents, anchored: anchorsOf(document, problems) }, problems };
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    problems.tell(error.offset, error.message);
    return { tree: none, problems };
  }
}

const ignored: readonly CST.Token['type'][] = ['byte-order-mark', 'comment', 'newline', 'space'];

function yamlFault({ code, message, pos }: YAMLError): YamlFault {
  const quote = code === 'MISSING_CHAR' && message.includes('quote');
  const hint = quote ? ', or a line of the quoted text is not indented deeper than its key' : '';
  return new YamlFault(pos[0], `not YAML as rule files have it: ${message}${hint}`);
}

function refuseSize(text: string): void {
  if (text.length <= longestFile) return;
  throw new YamlFault(
    0,
    `the file has ${text.length} characters, more than ${longestFile}; split it into several`,
  );
}

function addLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
}

// What YAML 1.1 allows, less the line breaks that YAML 1.2 no longer has, and lone carriage returns.
const strange =
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]|(?!^)\ufeff|\r(?!\n)/u;

function refuseCharacters(text: string): void {
  const found = strange.exec(text);
  if (found === null) return;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new YamlFault(
    found.index,
    `the character U+${code} cannot stand in a rule file; write it as an escape in a quoted text`,
  );
}

function tokensOf(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    lexemes += 1;
    if (lexemes > mostLexemes) {
      throw new YamlFault(
        parser.offset,
        `the file has more than ${mostLexemes} parts; split it into several`,
      );
    }
    if (/^ *\t/.test(lexeme) && /^\x02?$|\n$/.test(before) && !parser.stack.some(isFlow))
      throw new YamlFault(parser.offset - lexeme.length, 'a line is indented by a tab; YAML wants spaces');
    before = lexeme;
    if (parser.stack.length > deepestYaml)
      throw new YamlFault(parser.offset, `the file nests deeper than ${deepestYaml}, and is no rule file`);
  }
  return [...tokens, ...parser.end()];
}

const isFlow = ({ type }: CST.Token): boolean => type === 'flow-collection';

/** Without stack traces, whose making costs ten times the reading where a file has a million errors. */
function compose(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const composer = new Composer({
      schema: 'failsafe',
      // Checked where keys are read: the library compares each with all others.
      uniqueKeys: false,
      prettyErrors: false,
    });
    return [...composer.compose(tokens, true, length)];
  } finally {
    Error.stackTraceLimit = depth;
  }
}

function onlyDocument(documents: readonly Document.Parsed[]): Document.Parsed {
  const [first, ...others] = documents;
  if (first === undefined) throw new YamlFault(0, 'the file holds no document');
  const other = others.find(({ contents, errors }) => errors.length > 0 || !isNothing(contents));
  if (other !== undefined && first.errors.length === 0) {
    throw new YamlFault(
      other.range[0],
      'the file holds several documents, of which Prometheus reads the first only; make it one, or several files',
    );
  }
  return first;
}

const isNothing = (contents: Node | null): boolean =>
  contents === null || (isScalar(contents) && contents.type === 'PLAIN' && contents.value === '');

function anchorsOf(document: Document.Parsed, problems: Problems): Tree['anchored'] {
  const anchors = new Map<string, Node>();
  const anchored = new Map<Alias, Node | undefined>();
  visit(document, {
    Node(_key, node) {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node)) {
        anchored.set(node, anchors.get(node.source));
        if (!anchors.has(node.source))
          problems.tell(offset, `no anchor &${node.source} stands above this alias`);
      } else if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) {
        if (!/^[\w-]+$/.test(node.anchor))
          problems.tell(offset, `&${node.anchor} is no anchor; it takes letters, digits, _ and -`);
        anchors.set(node.anchor, node);
      }
    },
  });
  return anchored;
}
