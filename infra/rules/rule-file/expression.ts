import { parse } from '../../../lambdas/promql/index.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import type { Written } from './fields.ts';
import type { Reporter } from './problem.ts';
import { offsetInFile } from './scalar.ts';

/** What is wrong with an expression, and how many characters into it; null for nothing. */
export type Verdict = { readonly message: string; readonly from: number } | null;

/** promtool lets texts and range vectors through, which Prometheus refuses at every evaluation. */
export function verdictOf(expr: string, edition: Edition): Verdict {
  const { ast, problem } = parse(expr, edition);
  if (problem !== undefined) return { message: problem.message, from: problem.from };
  if (ast.type !== 'range' && ast.type !== 'string') return null;
  const received = ast.type === 'range' ? 'a range vector' : 'a string';
  return { message: `a rule wants a number or an instant vector, not ${received}`, from: ast.from };
}

/** Tells what is wrong with an expression where it stands in the file. */
export function tellVerdict(verdict: Verdict, { node }: Written, file: string, problems: Reporter): void {
  if (verdict !== null) problems.tell(() => offsetInFile(node, file, verdict.from), verdict.message);
}
