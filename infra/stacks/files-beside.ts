import { planFile, settingsFile } from '../../lambdas/environment.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';

/** What stands beside the handler, by its name: the settings as they were written, and the rules. */
export const filesBeside = (watch: unknown, plan: RulePlan): Readonly<Record<string, string>> => ({
  [settingsFile]: textOf(watch),
  [planFile]: textOf(plan),
});

const textOf = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;
