import type { Check } from '../../../../lambdas/define.ts';
import { formatDuration } from '../../../../lambdas/durations.ts';
import { formatValue } from '../../../../lambdas/engine/format.ts';
import type { Direction } from '../../../../lambdas/limits.ts';
import { ruleCheck, type PlannedAlert } from '../../../../lambdas/rules/plan.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';
import type { Shape } from '../../../../lambdas/rules/shape.ts';
import { oneLine } from '../../../cloudwatch/alarm-spec.ts';
import { alarmDescription } from '../../../cloudwatch/description.ts';
import { ruleDescription, type Shortened } from '../../../cloudwatch/rule-description.ts';
import type { Limited } from '../limits.ts';
import { harmless } from '../../text.ts';

const words: Readonly<Record<Direction, string>> = {
  above: 'above',
  atLeast: 'at least',
  below: 'below',
  atMost: 'at most',
};

type Description = {
  readonly limited: Limited | null;
  readonly annotations: Texts;
  readonly where: string;
  readonly readme: string;
  readonly checks: readonly Check[];
  /** What the alarm's graph is of. */
  readonly shows: Shape['kind'] | 'query';
};

/** The texts of the diagnosis that has the limit, else those of the rule. */
export function describe(rule: PlannedAlert, about: Description): Shortened {
  const { limited, annotations, where, readme, checks, shows } = about;
  const pending = rule.forMs > 0 ? ` for ${formatDuration(rule.forMs)}` : '';
  if (limited === null) {
    const facts = `${rule.alert}, ${where}: ${withoutComments(rule.expr)}${pending}.${shows === 'boolean' ? graphNote(rule) : ''}`;
    return ruleDescription({
      facts: harmless(facts),
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([name, text]) => [harmless(name), harmless(text)]),
      ),
      anchor: `${readme}#${ruleCheck}`,
    });
  }
  const { diagnosis, limit } = limited;
  const check = checks.find(({ diagnoses }) => diagnoses.some(({ id }) => id === diagnosis.id));
  const level = formatValue(limit.levels[rule.severity] ?? Number.NaN, limit.unit);
  const text = alarmDescription({
    title: `${diagnosis.title} (${diagnosis.id}, ${rule.alert}), ${where}: ${limit.of} ${words[limit.direction]} ${level}${pending}.`,
    why: diagnosis.why,
    remedy: diagnosis.remedy,
    anchor: `${readme}#${check?.id ?? ruleCheck}`,
  });
  return { text, cut: [] };
}

/** An alert that goes on is published as it fires, all others wait for their `for` in the alarm. */
const graphNote = ({ keepFiringForMs }: PlannedAlert): string =>
  ` Its graph is 1 while ${keepFiringForMs > 0 ? 'it fires' : 'the expression has a result'}, else 0.`;

/** On one line a comment would take the rest with it. */
const withoutComments = (expr: string): string => oneLine(expr.replaceAll(/(^|\s)#[^\n]*/g, ' '));
