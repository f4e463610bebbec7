import type { Check } from '../../lambdas/define.ts';
import { parseSettings } from '../../lambdas/settings.ts';
import { editionOf } from '../../infra/settings/alarms.ts';
import { deploymentSettings, type DeploymentSettings } from '../../infra/settings/deployment.ts';
import { formatProblem, readRuleFile } from '../../infra/rules/rule-file/rule-file.ts';
import { translate, type RuleSource } from '../../infra/rules/translate/translate.ts';
import { checks as sampleChecks } from './catalogue.ts';

/** The groups of a rule file. @throws Error with the file's problems */
export function groupsIn(
  text: string,
  alarms: DeploymentSettings['alarms'],
  isBuiltIn = false,
): readonly RuleSource[] {
  const { groups, problems } = readRuleFile(text, 'rules.yaml', editionOf(alarms));
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return groups.map((group) => ({ ...group, isBuiltIn }));
}

/** Settings as a person writes them, and what becomes of the rules of a file with them. */
export function deployed(
  settings: object,
  text: string,
  { checks = sampleChecks, isBuiltIn = false }: { checks?: readonly Check[]; isBuiltIn?: boolean } = {},
) {
  const diagnoses = [...new Set(checks.flatMap((check) => check.diagnoses))];
  const parsed = parseSettings(deploymentSettings, settings, 'settings', diagnoses);
  const groups = groupsIn(text, parsed.settings.alarms, isBuiltIn);
  return { checks, ...parsed, translated: translate(groups, parsed.settings, parsed.book, checks) };
}
