import { lint } from '../../../../infra/rules/lint.ts';
import type { LintContext, LintWarning } from '../../../../infra/rules/lint.ts';
import type { RuleFileGroup } from '../../../../infra/rules/rule-file/rule-file.ts';
import { durationMs } from '../../../../lambdas/promql/index.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';

export type Given = {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keepFiringFor?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
};

const position = { line: 1, column: 1 };

export function groupOf(rules: readonly Given[], rest: Partial<RuleFileGroup> = {}): RuleFileGroup {
  return {
    name: 'nats',
    file: 'rules.yaml',
    intervalMs: null,
    limit: null,
    queryOffsetMs: null,
    ...rest,
    rules: rules.map((rule) => {
      const { expr, labels = {} } = rule;
      const placed = { expr, labels, at: position, exprAt: position };
      return rule.record === undefined
        ? {
            ...placed,
            kind: 'alert',
            alert: rule.alert ?? 'NatsAlert',
            forMs: durationMs(rule.for ?? '0s') ?? 0,
            keepFiringForMs: durationMs(rule.keepFiringFor ?? '0s') ?? 0,
            annotations: rule.annotations ?? {},
          }
        : { ...placed, kind: 'record', record: rule.record };
    }),
  };
}

const context: LintContext = { engine: 'classic', edition: 2, prefixes: [], targets: 3 };

/** What each rule of the groups is warned of, in their order. */
export function warningsOf(
  groups: readonly RuleFileGroup[],
  rest: Partial<LintContext> = {},
): readonly (readonly LintWarning[])[] {
  const found = lint(groups, { ...context, ...rest });
  return groups.flatMap(({ rules }) => rules.map((rule) => found.get(rule) ?? []));
}

/** What an expression is warned of as the only alert. */
export function warnings(
  given: string | Given,
  rest: Partial<LintContext> = {},
  group: Partial<RuleFileGroup> = {},
): readonly LintWarning[] {
  const rule = typeof given === 'string' ? { expr: given } : given;
  return warningsOf([groupOf([rule], group)], rest)[0] ?? [];
}

export const codes = (...given: Parameters<typeof warnings>): readonly string[] =>
  warnings(...given).map(({ code }) => code);
