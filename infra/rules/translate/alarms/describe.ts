import type { Check } from '../../../../lambdas/define.ts';
import { formatDuration, minutes } from '../../../../lambdas/durations.ts';
import type { CompiledAlert } from '../../../../lambdas/rules/compile.ts';
import { ruleCheck, type PlannedAlert } from '../../../../lambdas/rules/plan.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';
import { formatValue } from '../../../../lambdas/engine/format.ts';
import { oneLine } from '../../../cloudwatch/alarm-spec.ts';
import { alarmDescription, cut } from '../../../cloudwatch/description.ts';
import { linkTo, pages } from '../../../../lambdas/engine/links.ts';
import { ruleDescription, runbook, sentences, type Shortened } from '../../../cloudwatch/rule-description.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import type { Limited } from '../limits.ts';
import { harmless } from '../../text.ts';
import { headline, type Where } from './headline.ts';

type Description = {
  readonly rule: PlannedAlert;
  /** The diagnosis that has its limit, if one does. */
  readonly limited: Limited | null;
  readonly isBuiltIn: boolean;
  /** Without templates. */
  readonly annotations: Texts;
  readonly where: Where;
  /** Minutes that it must hold; null where one look is enough. */
  readonly held: number | null;
  /** What the alarm's graph is of. */
  readonly shows: CompiledAlert['shape']['kind'] | 'query';
};

/** Of a sentence that the first line has; a longer one stands below as well, as far as there is room. */
const longestSentence = 200;

/** The page of a rule's alarm: where a diagnosis has its limit with that one's advice. */
export function describe(
  { rule, limited, isBuiltIn, annotations, where, held, shows }: Description,
  { settings, checks }: { readonly settings: DeploymentSettings; readonly checks: readonly Check[] },
): Shortened {
  const texts = Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [harmless(name), harmless(text)]),
  );
  const said = sentences.find((name) => (texts[name] ?? '').trim() !== '') ?? null;
  const sentence = said === null ? null : oneLine(texts[said] ?? '');
  const short = sentence === null ? null : cut(sentence, longestSentence);
  const first = headline(
    {
      sentence: short,
      alert: harmless(rule.alert),
      expr: harmless(withoutComments(rule.expr)),
      held: held === null ? null : inMinutes(held),
    },
    where,
  );
  const topic = `SNS topic ${settings.name}-findings`;
  const { readme } = settings.alarms;
  const documented = isBuiltIn ? (annotations[runbook] ?? pages.monitoring) : pages.monitoring;
  if (limited !== null) {
    const { diagnosis, limit } = limited;
    const check = checks.find(({ diagnoses }) => diagnoses.some(({ id }) => id === diagnosis.id));
    const level = limit.levels[rule.severity];
    const evidence = `${diagnosis.id} of check ${check?.id ?? ruleCheck}, on ${topic}, has the evidence`;
    const isEarlier = diagnosis.rule.warnsEarlier === true && level !== undefined;
    const text = alarmDescription({
      headline: first,
      meaning: diagnosis.why,
      steps: diagnosis.remedy,
      finding: isEarlier
        ? `Finding: ${ownFinding(rule, shows)}; from ${formatValue(level, limit.unit)} on ${evidence}.`
        : `Finding: ${evidence}.`,
      link: linkTo(readme, check?.id ?? ruleCheck, documented),
    });
    return { text, cut: [] };
  }
  const link = linkTo(readme, ruleCheck, documented);
  const graph = shows === 'boolean' ? graphNote(rule) : '';
  return ruleDescription({
    headline: first,
    said: short === sentence ? said : null,
    annotations: isBuiltIn ? { ...texts, [runbook]: '' } : texts,
    steps: stepsAt(where),
    finding: {
      query: "Finding: none; the alarm's contributors in CloudWatch say of which server it is.",
      plain: 'Finding: none; the graph of this alarm in CloudWatch has the values.',
      value: `Finding: ${rule.id} of check ${ruleCheck}, on ${topic}, has the values.`,
      boolean: `Finding: ${rule.id} of check ${ruleCheck}, on ${topic}, has the values.`,
    }[shows],
    facts: harmless(`Rule ${rule.alert}: ${withoutComments(rule.expr)}${pendingOf(rule)}.${graph}`),
    link,
  });
}

/** Before its diagnosis finds something; what CloudWatch evaluates by itself the function finds nothing of. */
const ownFinding = (rule: PlannedAlert, shows: Description['shows']): string =>
  ({
    query: "none yet, the alarm's contributors name the server",
    plain: "none yet, the alarm's graph has the values",
    value: `${rule.id} of check ${ruleCheck}`,
    boolean: `${rule.id} of check ${ruleCheck}`,
  })[shows];

const stepsAt = (where: Where): string =>
  where.kind === 'server'
    ? `Look at the graph of this alarm, the log of ${where.name}, and http://${where.address}/varz from inside its network.`
    : "Look at the graph of this alarm, then at the servers' logs and monitoring ports.";

const inMinutes = (count: number): string =>
  count < 120 ? `${count} minute${count === 1 ? '' : 's'}` : formatDuration(minutes(count));

const pendingOf = ({ forMs }: PlannedAlert): string => (forMs > 0 ? `, for ${formatDuration(forMs)}` : '');

/** An alert that goes on is published as it fires, all others wait for their `for` in the alarm. */
const graphNote = ({ keepFiringForMs }: PlannedAlert): string =>
  ` Its graph is 1 while ${keepFiringForMs > 0 ? 'it fires' : 'the expression has a result'}, else 0.`;

/** On one line a comment would take the rest with it. */
const withoutComments = (expr: string): string => oneLine(expr.replaceAll(/(^|\s)#[^\n]*/g, ' '));
