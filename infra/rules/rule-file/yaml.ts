import { Composer, isMap, isScalar, LineCounter } from 'yaml';
import type { Alias, CST, Document, Node, YAMLError } from 'yaml';
import type { Position } from '../../../lambdas/rules/rule.ts';
import { anchorsOf } from './anchors.ts';
import { YamlFault } from './fault.ts';
import type { Problems } from './problem.ts';
import { collectProblems } from './problem.ts';
import { refuseSize, tokensOf } from './tokens.ts';

/** A YAML file's only document, every scalar of it a text. */
export type Tree = {
  /** Null in a file without a document. */
  readonly root: Node | null;
  readonly text: string;
  readonly positionOf: (offset: number) => Position;
  /** What an alias stands for; undefined for one whose anchor is not above it. */
  readonly anchored: ReadonlyMap<Alias, Node | undefined>;
};

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
    const document = onlyDocument(compose(tokensOf(text), text.length));
    // Only the first: the others mostly follow from it.
    const [fault] = [...document.errors, ...document.warnings.filter(({ code }) => code !== 'BAD_INDENT')];
    if (fault !== undefined) throw yamlFault(fault);
    const { explicit, version } = document.directives.yaml;
    if (explicit === true && version !== '1.1')
      throw new YamlFault(0, `%YAML ${version}: Prometheus reads YAML 1.1 only; leave the line out`);
    return {
      tree: { ...none, root: document.contents, anchored: anchorsOf(document, text, problems) },
      problems,
    };
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    problems.report(error.offset, error.message);
    return { tree: none, problems };
  }
}

function yamlFault({ code, message, pos }: YAMLError): YamlFault {
  const quote = code === 'MISSING_CHAR' && message.includes('quote');
  const hint = quote ? ', or a line of the quoted text is not indented deeper than its key' : '';
  return new YamlFault(pos[0], `not YAML as rule files have it: ${message}${hint}`);
}

function addLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
}

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
      `the file holds several documents, of which Prometheus reads the first only; make it one, or several files${ofKubernetes(first)}`,
    );
  }
  return first;
}

/** Manifests mostly stand in one file. */
const ofKubernetes = ({ contents }: Document.Parsed): string =>
  isMap(contents) && contents.has('kind') && contents.has('apiVersion')
    ? ' (of a manifest of Kubernetes, give what stands under spec.groups)'
    : '';

const isNothing = (contents: Node | null): boolean =>
  contents === null || (isScalar(contents) && contents.type === 'PLAIN' && contents.value === '');
