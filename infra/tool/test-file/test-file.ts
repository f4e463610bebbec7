import type { Edition } from '../../../lambdas/promql/index.ts';
import { offsetOf, readerOf, TooManyValues } from '../../rules/rule-file/fields.ts';
import type { RuleFileProblem } from '../../rules/rule-file/problem.ts';
import { readTree } from '../../rules/rule-file/yaml.ts';
import type { TestFile } from './parts.ts';
import { readSuite } from './suite.ts';

/**
 * Reads a unit-test file as `promtool test rules` does; what promtool refuses is a problem here. An interval that a test
 * leaves out is evaluation_interval, as in Prometheus 3: promtool 2.42 takes all values for one time then. Refused beyond that:
 * native histograms, expressions that do not parse, a series that stands twice, and line breaks behind which promtool
 * would pass over series in silence.
 * @param edition the major version of Prometheus
 */
export function readTestFile(
  text: string,
  file: string,
  edition: Edition,
): { readonly suite: TestFile; readonly problems: readonly RuleFileProblem[] } {
  const { tree, problems } = readTree(text, file);
  const none = {
    file,
    ruleFiles: [],
    evaluationIntervalMs: 60_000,
    groupOrder: [],
    isFuzzy: false,
    tests: [],
  };
  let suite: TestFile = none;
  try {
    if (problems.list().length === 0)
      suite = readSuite({ tree, reader: readerOf(tree), edition, problems }, file);
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    problems.report(offsetOf(tree.root), error.message);
  }
  return { suite, problems: problems.list() };
}
