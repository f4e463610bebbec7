import { parser } from '@prometheus-io/lezer-promql';
import type { Expression } from '../ast.ts';
import { childrenOf } from '../ast.ts';
import { check } from './check.ts';
import { defaultEdition } from '../edition.ts';
import type { Edition } from '../edition.ts';
import { childNodes } from './items.ts';
import { deepestNesting, longestText } from './limits.ts';
import { PromqlError, problemAt } from './problem.ts';
import type { Problem } from './problem.ts';
import { read } from './read.ts';
import { faultOf, strangeCharacter } from './syntax-faults.ts';

export type Parsed =
  | { readonly ast: Expression; readonly problem?: never }
  | { readonly problem: Problem; readonly ast?: never };

const grammar = parser.configure({ strict: true });

/**
 * Reads a PromQL expression as promtool does: what promtool rejects is a problem here. Refused beyond that: texts
 * longer or deeper than the limits above, bare bytes in strings, and the few spellings that the grammar lacks
 * (`5.`, `0X1F`, a metric named `offset`). The type of a rule's expression must be asked for: promtool lets
 * a string or a range vector through.
 */
export function parse(text: string, edition: Edition = defaultEdition): Parsed {
  try {
    if (text.length > longestText) {
      throw new PromqlError(`the expression has ${text.length} characters, more than ${longestText}`, {
        from: 0,
        to: text.length,
      });
    }
    const strange = strangeCharacter(text);
    if (strange !== undefined) throw strange;
    const ast = read(topOf(text), text, edition);
    limitDepth(ast);
    check(ast);
    return { ast };
  } catch (error) {
    if (error instanceof PromqlError) return { problem: problemAt(text, error.message, error.place) };
    if (error instanceof RangeError) {
      return {
        problem: problemAt(text, `the expression nests deeper than ${deepestNesting}`, { from: 0, to: 0 }),
      };
    }
    throw error;
  }
}

/** A function that the grammar lacks, and one that it has of the same length: it asks for no arguments in particular. */
const lacking = /(?<![\w:])holt_winters(?=(?:\s|#[^\n]*\n)*\()/g;
const known = 'day_of_month';

/** A carriage return ends a comment for Prometheus, and not for the grammar. */
function topOf(text: string): Parameters<typeof read>[0] {
  try {
    const readable = text.replaceAll(/\r(?!\n)/g, '\n').replaceAll(lacking, known);
    const [top] = childNodes(grammar.parse(readable).topNode);
    if (top !== undefined) return top;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw faultOf(text, Number(/\d+/.exec(error.message)?.[0] ?? 0));
  }
  throw new PromqlError('the expression is empty', { from: 0, to: text.length });
}

function limitDepth(ast: Expression): void {
  let level: readonly Expression[] = [ast];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= deepestNesting)
      throw new PromqlError(`the expression nests deeper than ${deepestNesting}`, ast);
    level = level.flatMap(childrenOf);
  }
}
