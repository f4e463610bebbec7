import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../../lambdas/engine/nearest.ts';
import type { Edition } from '../../lambdas/promql/index.ts';
import { SettingsError, type SettingsProblem } from '../../lambdas/settings.ts';
import { builtIn, type DeploymentSettings } from '../settings/deployment.ts';
import { builtInGroups } from './built-in.ts';
import { formatProblem, readRuleFile, recursions, type RuleFile } from './rule-file/rule-file.ts';
import type { RuleSource } from './translate/entries.ts';

/**
 * The rules that settings name, in that order: files relative to the settings file, and built-in ones.
 * @param file the settings file
 * @throws SettingsError naming each rule file that cannot be read, and what is wrong in it and where
 */
export function ruleSources(
  { rules, mirror }: Pick<DeploymentSettings, 'rules' | 'mirror'>,
  edition: Edition,
  file: string,
): readonly RuleSource[] {
  const folder = path.dirname(path.resolve(file));
  const problems: { readonly path: readonly PropertyKey[]; readonly message: string }[] = [];
  const groups = rules.flatMap((name, i): readonly RuleSource[] => {
    if (name === builtIn) {
      return builtInGroups(mirror, edition).map((group) => ({ ...group, isBuiltIn: true }));
    }
    const read = readFile(folder, name, edition);
    if (typeof read === 'string') problems.push({ path: ['rules', i], message: read });
    else {
      const found = read.problems.map((problem) => ({ path: ['rules', i], message: formatProblem(problem) }));
      problems.push(...found);
    }
    return typeof read === 'string' ? [] : read.groups;
  });
  if (problems.length === 0) {
    const circles = recursions(groups, edition);
    problems.push(...circles.map((problem) => ({ path: ['rules'], message: formatProblem(problem) })));
  }
  if (problems.length > 0) throw new SettingsError(file, problems);
  return groups;
}

/** Of the files that settings name, what is wrong with those that cannot be read, whatever is in the others. */
export const unreadRuleFiles = (
  rules: DeploymentSettings['rules'],
  file: string,
): readonly SettingsProblem[] =>
  rules.flatMap((name, i) => {
    const text = name === builtIn ? '' : textOf(path.dirname(path.resolve(file)), name);
    return typeof text === 'string' ? [] : [{ path: ['rules', i], message: text.problem }];
  });

/** What a rule file holds, or why it cannot be read. */
function readFile(folder: string, name: string, edition: Edition): RuleFile | string {
  const text = textOf(folder, name);
  return typeof text === 'string' ? readRuleFile(text, name, edition) : text.problem;
}

function textOf(folder: string, name: string): string | { readonly problem: string } {
  const file = path.resolve(folder, name);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code !== 'ENOENT') return { problem: `${file} cannot be read (${code})` };
    const hint = nearest(name, [builtIn]) === null ? '' : `; did you mean "${builtIn}"?`;
    return { problem: `no such file: ${file}${hint}` };
  }
}
