import { parse } from '../../../lambdas/promql/index.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import type { Written } from './fields.ts';
import type { Reporter } from './problem.ts';
import { filledByGrafana, filledByHelm } from './filled-in.ts';
import { offsetInFile } from './scalar.ts';

/** What is wrong with an expression, and how many characters into it; null for nothing. */
export type Verdict = { readonly message: string; readonly from: number } | null;

/** promtool lets texts and range vectors through, which Prometheus refuses at every evaluation. */
export function verdictOf(expr: string, edition: Edition): Verdict {
  const { ast, problem } = parse(expr, edition);
  if (problem !== undefined) return { message: variableIn(expr) ?? problem.message, from: problem.from };
  if (ast.type !== 'range' && ast.type !== 'string') return null;
  const received = ast.type === 'range' ? 'a range vector' : 'a string';
  return { message: `a rule wants a number or an instant vector, not ${received}`, from: ast.from };
}

/** What an expression that does not parse has of Grafana's variables, or Helm's. */
function variableIn(expr: string): string | null {
  const found = filledByHelm(expr) ?? filledByGrafana(expr.replace(/"(?:[^"\\]|\\[^])*"/g, '""'));
  if (found === null) return null;
  const instead = /interval|range/.test(found.source) ? 'a duration such as 5m' : 'the value';
  return `${found.source} is filled in by ${found.by}, and Prometheus takes it as it stands: write ${instead}`;
}

/** Tells what is wrong with an expression where it stands in the file. */
export function reportVerdict(verdict: Verdict, { node }: Written, file: string, problems: Reporter): void {
  if (verdict !== null) problems.report(() => offsetInFile(node, file, verdict.from), verdict.message);
}
