import type { AlertRule } from '../../../lambdas/rules/rule.ts';
import type { PagingSeverity } from '../../cloudwatch/alarm-spec.ts';
import { edited } from '../inline/expression-text.ts';
import { severityOf } from '../severity.ts';
import { bandOf, contains, cutBefore, type Band } from './subject/band.ts';
import type { LintCode } from './codes.ts';
import { fingerprint } from './subject/fingerprint.ts';
import type { Subject } from './subject/subject.ts';

/** One alert among others. Without a band, alerts are compared as a whole. */
type Alert = {
  readonly subject: Subject;
  readonly rule: AlertRule;
  readonly band: Band | null;
  readonly compares: string;
  readonly named: string;
  readonly index: number;
};

/** Beyond so many alerts that compare the same, the first are enough to tell. */
const mostCompared = 100;

/** L16 and L17: what alerts say of each other. */
export function overlaps(
  subjects: readonly Subject[],
): ReadonlyMap<Subject, readonly { readonly code: LintCode; readonly message: string }[]> {
  const alerts = subjects.flatMap((subject, index) => alertOf(subject, index) ?? []);
  const byComparison = Map.groupBy(alerts, ({ compares }) => compares);
  const byName = Map.groupBy(alerts, ({ named }) => named);
  return new Map(
    alerts.map((alert) => {
      const rivals = (byComparison.get(alert.compares) ?? []).slice(0, mostCompared);
      const doubled = rivals.find((other) => makesNeedless(other, alert));
      const milder = rivals.find((other) => isOutdoneBy(alert, other));
      const [namesake] = byName.get(alert.named) ?? [];
      const found = [
        ...(doubled === undefined ? [] : [{ code: 'L16', message: doubledBy(doubled) } as const]),
        ...(doubled === undefined && namesake !== undefined && namesake !== alert
          ? [
              {
                code: 'L16',
                message: `${placeOf(namesake)} has the same name and labels: give one of them another`,
              } as const,
            ]
          : []),
        ...(milder === undefined ? [] : [{ code: 'L17', message: outdoneBy(alert, milder) } as const]),
      ];
      return [alert.subject, found];
    }),
  );
}

function alertOf(subject: Subject, index: number): Alert | undefined {
  const { rule } = subject;
  if (rule.kind !== 'alert') return undefined;
  const band = bandOf(subject);
  const compares = band?.key ?? `whole ${fingerprint(subject.ast, subject)}`;
  const named = JSON.stringify([rule.alert, Object.entries(rule.labels).toSorted()]);
  return { subject, rule, band, compares, named, index };
}

/** The topic that its alarms tell: several words of severity may be for one. */
const topicOf = ({ rule, subject: { context } }: Alert): PagingSeverity =>
  severityOf(rule.labels['severity'], context.severities ?? {}).severity;

const isSame = (a: Alert, b: Alert): boolean =>
  a.band === null || b.band === null || (contains(a.band, b.band) && contains(b.band, a.band));

const isOfGroups = ({ band }: Alert): boolean => band?.isOfGroups ?? false;

/** Whether the same one must be beyond the limit for so long; of a group one after another may. */
const waitsForOne = (alert: Alert): boolean => alert.rule.forMs > 0 && !isOfGroups(alert);

/** Whether the other fires whenever the alert does, and pages the same people. */
const firesWith = (other: Alert, alert: Alert): boolean =>
  topicOf(other) === topicOf(alert) &&
  other.rule.forMs <= alert.rule.forMs &&
  !(isOfGroups(alert) && waitsForOne(other)) &&
  (isSame(other, alert) || (other.band !== null && alert.band !== null && contains(other.band, alert.band)));

/** Whether the other makes the alert one too many: of two equal ones that is the later. */
const makesNeedless = (other: Alert, alert: Alert): boolean =>
  other !== alert && firesWith(other, alert) && (other.index < alert.index || !firesWith(alert, other));

/** Whether the other is for worse values of the same. */
const isOutdoneBy = (alert: Alert, other: Alert): boolean =>
  other !== alert &&
  topicOf(other) !== topicOf(alert) &&
  alert.band !== null &&
  other.band !== null &&
  !isSame(alert, other) &&
  contains(alert.band, other.band);

const placeOf = ({ rule, subject }: Alert): string =>
  `${rule.alert} (group ${subject.group.name} of ${subject.group.file})`;

const doubledBy = (other: Alert): string =>
  `${placeOf(other)} fires whenever this alert does, and both tell the topic ${topicOf(other)}: one of them is enough, or this one ` +
  `needs a severity of another topic (alarms.severities)`;

function outdoneBy({ subject, band }: Alert, other: Alert): string {
  const cut = band && other.band && cutBefore(band, other.band);
  const at = band?.comparison.to ?? subject.text.length;
  const fixed = edited(subject.text, [{ from: at, to: at, by: ` ${cut ?? ''}` }]);
  return `${placeOf(other)} fires for worse values, and this alert goes on beside it; to page once, write ${fixed}`;
}
