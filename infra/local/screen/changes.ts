import { inline } from '../../../lambdas/engine/format.ts';
import type { Finding, Notice } from '../../../lambdas/engine/findings/report.ts';
import type { RunDocument } from '../document.ts';
import type { ShownAlarm } from './alarms.ts';
import { placesAmong, type Places } from './places.ts';
import { styles, type Style } from './styles.ts';
import { troublesOf, type Trouble } from './troubles.ts';

/** A line of what became other than it was at the look before. */
export type Change = {
  readonly at: number;
  readonly word: string;
  readonly style: Style;
  readonly text: string;
};

/** A trouble, and since when it is one, epoch ms. */
export type Standing = Trouble & {
  readonly since: number;
  /** False where it may have been so before the first look. */
  readonly isKnown: boolean;
  /** Whether the look before had it not. */
  readonly isNew: boolean;
};

type Watched = { readonly troubles: readonly Standing[]; readonly changes: readonly Change[] };

/** What changes from look to look of one watch. */
export function changesOf() {
  let before: ReadonlyMap<string, Standing> | null = null;
  let alarmsBefore: ReadonlyMap<string, ShownAlarm['state']> | null = null;

  return {
    /** @param alarms as they stand after the look */
    after(document: RunDocument, notices: readonly Notice[], alarms: readonly ShownAlarm[]): Watched {
      const at = Date.parse(document.takenAt);
      const places = placesAmong(document);
      const findings = document.checks.flatMap((entry) => entry.findings);
      const troubles = troublesOf(document, places).map((trouble): Standing => {
        const last = before?.get(keyOf(trouble));
        const lasting = longest(trouble, findings);
        const isNew = before !== null && last === undefined;
        return {
          ...trouble,
          since: Math.min(lasting ?? at, last?.since ?? at),
          isKnown: lasting !== null || last?.isKnown === true || isNew,
          isNew,
        };
      });
      const changes = [
        ...(before === null ? [] : [...told(notices, places, at), ...becameUnknown(troubles, at)]),
        ...(before === null ? [] : becameKnown([...before.values()], troubles, at)),
        ...(alarmsBefore === null ? [] : moved(alarmsBefore, alarms, at)),
      ];
      before = new Map(troubles.map((trouble) => [keyOf(trouble), trouble]));
      alarmsBefore = new Map(alarms.map(({ name, state }) => [name, state]));
      return { troubles, changes };
    },
  };
}

const keyOf = ({ subject, outcome }: Trouble): string => `${subject} ${outcome}`;

/** Since when a finding behind it is known to hold, epoch ms; null where none is. */
function longest({ cluster, target, outcome }: Trouble, findings: readonly Finding[]): number | null {
  const known = findings.filter(
    (finding) =>
      finding.durationKnown &&
      finding.severity === outcome &&
      finding.cluster === cluster &&
      finding.target === target,
  );
  return known.length === 0 ? null : Math.min(...known.map(({ since }) => Date.parse(since)));
}

/** What findings say of their change, those of one diagnosis together. */
function told(notices: readonly Notice[], places: Places, at: number): readonly Change[] {
  const worth = notices.filter(({ kind, finding }) => kind !== 'reminded' && finding.severity !== 'info');
  const alike = Map.groupBy(
    worth,
    ({ kind, finding }) => `${kind} ${finding.severity} ${finding.diagnosis} ${finding.title}`,
  );
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const { kind, finding } = first;
    const names = inline([first, ...more].map((each) => places.entity(each.finding)));
    const severity = kind === 'resolved' ? '' : ` to ${finding.severity}`;
    return [
      {
        at,
        word: kind === 'opened' ? finding.severity : kind,
        style: kind === 'resolved' ? styles.ok : styles[finding.severity],
        text: `${finding.diagnosis} ${finding.title}${kind === 'opened' ? '' : severity}: ${names}`,
      },
    ];
  });
}

const becameUnknown = (troubles: readonly Standing[], at: number): readonly Change[] =>
  troubles
    .filter(({ isNew, outcome }) => isNew && outcome === 'unknown')
    .map(({ where, text }) => ({ at, word: 'unknown', style: styles.unknown, text: `${where}  ${text}` }));

/** What was unknown and no longer is; a server that is not read takes its checks' rows with it. */
function becameKnown(before: readonly Standing[], now: readonly Standing[], at: number): readonly Change[] {
  const isHidden = ({ cluster, target }: Trouble) =>
    now.some((each) => each.isUnread && each.cluster === cluster && each.target === target);
  const stands = ({ subject }: Trouble) => now.some((each) => each.subject === subject);
  return before
    .filter((each) => (each.isUnread || each.outcome === 'unknown') && !stands(each) && !isHidden(each))
    .map(({ where, isUnread, checks }) => ({
      at,
      word: 'known',
      style: styles.ok,
      text: isUnread ? `${where}  answers again` : `${where}  ${checks.join(', ')}`,
    }));
}

const moved = (
  before: ReadonlyMap<string, ShownAlarm['state']>,
  alarms: readonly ShownAlarm[],
  at: number,
): readonly Change[] =>
  alarms.flatMap(({ name, state }) => {
    const last = before.get(name);
    // With its first datapoints every alarm becomes OK.
    const isFirst = last === 'INSUFFICIENT_DATA' && state === 'OK';
    if (last === undefined || last === state || isFirst) return [];
    const style = state === 'ALARM' ? styles.critical : state === 'OK' ? styles.ok : styles.unknown;
    return [{ at, word: state, style, text: `${name} (was ${last})` }];
  });
