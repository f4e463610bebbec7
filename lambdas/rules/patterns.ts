import { isNative, loadEngine, parse, patternsIn, type Edition } from '../promql/index.ts';
import type { RulePlan } from './plan.ts';
import type { Rule } from './rule.ts';
import { patternsOfTemplate } from './template/patterns.ts';

/** Brings what it takes to match by all patterns of a plan, before anything is matched by them. */
export async function loadPatterns({ groups, edition }: RulePlan): Promise<void> {
  if (groups.some(({ rules }) => rules.some((rule) => needsEngine(rule, edition)))) await loadEngine();
}

function needsEngine(rule: Rule, edition: Edition): boolean {
  const texts = rule.kind === 'alert' ? [rule.labels, rule.annotations].flatMap(Object.values<string>) : [];
  return needsForExpression(rule.expr, edition) || texts.some(needsForTemplate);
}

/** Most expressions name no pattern, and are parsed but once, later. */
function needsForExpression(expr: string, edition: Edition): boolean {
  if (!/=~|!~|label_replace/.test(expr)) return false;
  const { ast } = parse(expr, edition);
  return ast !== undefined && !patternsIn(ast).every((pattern) => isNative(pattern, edition, 'whole'));
}

const needsForTemplate = (text: string): boolean =>
  !patternsOfTemplate(text).every((pattern) => pattern !== null && isNative(pattern, 2, 'part'));
