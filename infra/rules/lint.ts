import { truncateRows } from '../../lambdas/engine/format.ts';
import { parse } from '../../lambdas/promql/index.ts';
import { everyMs } from '../../lambdas/rules/compile.ts';
import { nameOf } from '../../lambdas/rules/identity.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';
import { inliner, type Inlined } from './inline/inline.ts';
import { absentOverFleet } from './lints/absent.ts';
import { lagOfBroken, neverConnected } from './lints/broken-origin.ts';
import { burst } from './lints/burst.ts';
import {
  alwaysFires,
  cpuOfOneCore,
  keepFiring,
  limited,
  numberAlone,
  otherInterval,
  queryOffset,
} from './lints/cloudwatch.ts';
import { clusterSize } from './lints/cluster-size.ts';
import { lintCodes, type LintCode } from './lints/codes.ts';
import { configuration } from './lints/configuration.ts';
import { counterOnGauge } from './lints/counter-on-gauge.ts';
import { denominator } from './lints/denominator.ts';
import { filledIn } from './lints/filled-in.ts';
import { idle } from './lints/idle.ts';
import { leaderChange } from './lints/leader-change.ts';
import { lostLabel } from './lints/lost-label.ts';
import { misnamed } from './lints/misnamed.ts';
import { noChange } from './lints/no-change.ts';
import { overlaps } from './lints/overlaps.ts';
import { pageSum } from './lints/page-sum.ts';
import { partialHealth } from './lints/partial-health.ts';
import { redelivered } from './lints/redelivered.ts';
import { replicas } from './lints/replicas.ts';
import { routes } from './lints/routes.ts';
import { runningTotal } from './lints/running-total.ts';
import { subjectOf, type Lint, type LintContext, type Subject } from './lints/subject/subject.ts';
import { units } from './lints/units.ts';
import { unknownLabel } from './lints/unknown-label.ts';
import { settled } from './lints/subject/settled.ts';
import { shortWindow } from './lints/window.ts';
import type { PlacedRule, RuleFileGroup } from './rule-file/rule-file.ts';
import './patterns.ts';

export { lintCodes } from './lints/codes.ts';
export type { LintCode } from './lints/codes.ts';
export { misplacedOffset } from './lints/misplaced-offset.ts';
export type { LintContext } from './lints/subject/subject.ts';
export { unknownSeries } from './lints/unknown-series.ts';

export type LintWarning = { readonly code: LintCode; readonly message: string };

type Coded = readonly (readonly [LintCode, Lint])[];

/** What may be wrong with any expression. */
const ofExpressions: Coded = [
  ['L3', counterOnGauge],
  ['L5', units],
  ['L7', unknownLabel],
  ['L26', filledIn],
  ['C3', shortWindow],
];

/** What only an alert's expression may be wrong in: others decide what becomes of a recorded value. */
const ofAlerts: Coded = [
  ['L1', runningTotal],
  ['L2', configuration],
  ['L4', noChange],
  ['L8', replicas],
  ['L9', pageSum],
  ['L10', denominator],
  ['L11', routes],
  ['L12', burst],
  ['L13', absentOverFleet],
  ['L14', lostLabel],
  ['L15', misnamed],
  ['L18', leaderChange],
  ['L20', idle],
  ['L21', lagOfBroken],
  ['L22', neverConnected],
  ['L23', clusterSize],
  ['L24', redelivered],
  ['L25', partialHealth],
  ['C1', cpuOfOneCore],
  ['C2', otherInterval],
  ['C4', queryOffset],
  ['C5', limited],
  ['C6', keepFiring],
  ['C7', alwaysFires],
  ['C8', numberAlone],
];

/**
 * What is likely not meant in these rules, by rule; rules without a warning, and those that do not parse, are not in it.
 * An alert that reads recorded names is looked at with their expressions written out.
 */
export function lint(
  groups: readonly RuleFileGroup[],
  context: LintContext,
): ReadonlyMap<PlacedRule, readonly LintWarning[]> {
  const recordings = recordingsIn(groups);
  const recorded: Recorded = {
    has: (name) => recordings.has(name),
    inline: inliner(recordings, { edition: context.edition, intervalMs: everyMs }),
  };
  const subjects = groups.flatMap((group) =>
    group.rules.flatMap((rule) => subjectsOf(rule, group, recorded, context) ?? []),
  );
  const amongOthers = overlaps(subjects.map(({ asIs }) => asIs));
  const alerts = subjects.flatMap(({ asIs, writtenOut }) => (asIs.rule.kind === 'alert' ? [writtenOut] : []));
  const advice = new Map<Subject, string>();
  const warnings = subjects.map(({ asIs, writtenOut }) => {
    const found = [
      ...warningsOf(ofExpressions, asIs, alerts, advice),
      ...(asIs.rule.kind === 'alert' ? warningsOf(ofAlerts, writtenOut, alerts, advice) : []),
      ...(amongOthers.get(asIs) ?? []),
    ];
    return [asIs.rule, found.toSorted((a, b) => order(a) - order(b))] as const;
  });
  return new Map(warnings.filter(([, found]) => found.length > 0));
}

/** @param advice what each rule is told to write, where that is known already */
function warningsOf(
  lints: Coded,
  subject: Subject,
  alerts: readonly Subject[],
  advice: Map<Subject, string>,
): readonly LintWarning[] {
  return lints.flatMap(([code, find]) => {
    const found = find(subject, alerts).map((each) => {
      if (typeof each === 'string') return each;
      const write = advice.get(subject) ?? settled(subject, lintsOf(subject), alerts);
      advice.set(subject, write);
      return `${each.reason}${write}`;
    });
    return truncateRows([...new Set(found)], mostOfOne).map((message) => ({ code, message }));
  });
}

const lintsOf = ({ rule }: Subject): readonly Lint[] =>
  [...ofExpressions, ...(rule.kind === 'alert' ? ofAlerts : [])].map(([, find]) => find);

/** Of one code in one rule: an expression of many selectors makes the same mistake many times. */
const mostOfOne = 5;

const order = ({ code }: LintWarning): number => lintCodes.findIndex((each) => each.code === code);

type Recordings = ReadonlyMap<string, readonly RecordingRule[]>;

const recordingsIn = (groups: readonly RuleFileGroup[]): Recordings =>
  Map.groupBy(
    groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === 'record')),
    ({ record }) => record,
  );

type Recorded = {
  readonly has: (name: string) => boolean;
  readonly inline: (text: string) => Inlined;
};

/** A rule as it stands, and with recorded names written out where it reads some. */
type RuleSubjects = { readonly asIs: Subject; readonly writtenOut: Subject };

function subjectsOf(
  rule: PlacedRule,
  group: RuleFileGroup,
  { has: isRecorded, inline }: Recorded,
  context: LintContext,
): RuleSubjects | undefined {
  const { edition } = context;
  const subject = (text: string): Subject | undefined => {
    const { ast } = parse(text, edition);
    return ast && subjectOf(rule, group, { text, ast }, context, isRecorded);
  };
  const asIs = subject(rule.expr);
  if (asIs === undefined) return undefined;
  const reads = asIs.selectors.some((selector) => isRecorded(nameOf(selector) ?? ''));
  if (!reads) return { asIs, writtenOut: asIs };
  const inlined = inline(rule.expr);
  return { asIs, writtenOut: ('text' in inlined ? subject(inlined.text) : undefined) ?? asIs };
}
