import { Lexer, Parser } from 'yaml';
import type { CST } from 'yaml';
import { YamlFault } from './fault.ts';
import { deepestYaml, longestFile, mostLexemes } from './limits.ts';
import { refuseLoose } from './strictness.ts';

/**
 * The parts of a YAML text.
 * @throws YamlFault for texts of too many parts, and for what Prometheus' library refuses and this one lets through:
 * control characters, tabs before a line's first word, a document's end without a beginning, what `refuseLoose` refuses
 */
export function tokensOf(text: string): readonly CST.Token[] {
  refuseCharacters(text);
  const tokens = parsed(text);
  const [first, second] = tokens.filter(({ type }) => !ignored.includes(type));
  const isEmpty = first?.type === 'document' && first.value === undefined && first.start.length === 0;
  if (isEmpty && second?.type === 'doc-end')
    throw new YamlFault(second.offset, 'a document ends here that did not begin');
  for (const token of tokens) refuseLoose(token);
  return tokens;
}

const ignored: readonly CST.Token['type'][] = ['byte-order-mark', 'comment', 'newline', 'space'];

/** @throws YamlFault */
export function refuseSize(text: string): void {
  if (text.length <= longestFile) return;
  throw new YamlFault(
    0,
    `the file has ${text.length} characters, more than ${longestFile}; split it into several`,
  );
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

function parsed(text: string): readonly CST.Token[] {
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
