import { globSync } from 'node:fs';
import path from 'node:path';
import type { Edition } from '../../lambdas/promql/index.ts';
import {
  formatProblem,
  readRuleFile,
  type RuleFileGroup,
  type RuleFileOptions,
} from '../rules/rule-file/rule-file.ts';
import { readText } from './read-text.ts';
import type { TestFile } from './test-file/parts.ts';

export type ReadFile = {
  readonly file: string;
  readonly groups: readonly RuleFileGroup[];
  /** In words, with their places; where there are any, there are no groups. */
  readonly problems: readonly string[];
  /** Fields that were passed over as they were asked to be. */
  readonly passedOver: readonly string[];
};

/**
 * A rule file as promtool reads it.
 * @param file as messages and tables name it: relative to the working folder
 * @throws ToolError if there is no such file
 */
export function readRules(file: string, edition: Edition, options: RuleFileOptions = {}): ReadFile {
  const { groups, problems, passedOver = [] } = readRuleFile(readText(file, file), file, edition, options);
  return { file, groups, problems: problems.map(formatProblem), passedOver };
}

/** The rule files that a test file names, each once, and the patterns that name none. */
export function ruleFilesOf({ file, ruleFiles }: TestFile): {
  readonly files: readonly string[];
  readonly unmatched: readonly string[];
} {
  const folder = path.dirname(file);
  const found = ruleFiles.map(({ pattern, at }) => {
    const named = path.isAbsolute(pattern) ? pattern : path.join(folder, pattern);
    const files = pattern === '' ? [] : globSync(named).toSorted();
    return {
      files,
      place: `${file}:${at.line}:${at.column}: no rule file is named ${JSON.stringify(pattern)}`,
    };
  });
  return {
    files: [...new Set(found.flatMap(({ files }) => files))],
    unmatched: found.filter(({ files }) => files.length === 0).map(({ place }) => place),
  };
}
