import type { Notice } from '../../../lambdas/engine/findings/report.ts';
import { formatTime, plural } from '../../../lambdas/engine/format.ts';
import type { RunDocument } from '../document.ts';
import { alarmTable, type ShownAlarm } from './alarms.ts';
import { changesOf, type Change, type Standing } from './changes.ts';
import { clock } from './clock.ts';
import { findingBlocks } from './findings.ts';
import { frame } from './frame.ts';
import { hanging } from '../../lines.ts';
import { cut, table } from './layout.ts';
import { lookLines, quietRows } from './look.ts';
import { placesAmong } from './places.ts';
import { styles, type Page } from './styles.ts';
import { summary, totals } from './summary.ts';

/** What a watch is shown of a look. */
export type Seen = {
  readonly document: RunDocument;
  readonly notices: readonly Notice[];
  readonly alarms: readonly ShownAlarm[];
};

const mostChanges = 50;

/** A watch as lines that go by: the first look whole, of the next what changed. */
export function lineWatch() {
  const changes = changesOf();
  let isFirst = true;
  return (seen: Seen, page: Page, rows: number): readonly string[] => {
    const { document, notices, alarms } = seen;
    const changed = changes.after(document, notices, alarms).changes;
    if (!isFirst) return changed.flatMap((change) => changeLines(change, formatTime, page));
    isFirst = false;
    return [
      formatTime(Date.parse(document.takenAt)),
      ...lookLines(document, page, rows, alarmTable(alarms, formatTime, page)),
    ];
  };
}

/** A watch as a screen that is drawn anew: what is wrong and since when, what changed lately, alarms, and findings as far as they fit. */
export function screenWatch() {
  const changes = changesOf();
  let lately: readonly Change[] = [];
  let last: { readonly seen: Seen; readonly troubles: readonly Standing[] } | null = null;
  return {
    take(seen: Seen): void {
      const { troubles, changes: now } = changes.after(seen.document, seen.notices, seen.alarms);
      lately = [...now, ...lately].slice(0, mostChanges);
      last = { seen, troubles };
    },
    /** @param warnings what else is to be known, the latest last */
    draw(page: Page, rows: number, warnings: readonly string[]): readonly string[] {
      if (last === null) return [];
      const { seen, troubles } = last;
      const { document, alarms } = seen;
      const at = Date.parse(document.takenAt);
      const time = clock(at);
      const places = placesAmong(document);
      const findings = document.checks.flatMap((entry) => entry.findings);
      const rowsOfTroubles = troubles.map(({ outcome, since, isKnown, isNew, where, text }) => ({
        style: styles[outcome],
        cells: [outcome, `${isKnown ? '' : '≤'}${time(since)}${isNew ? ' new' : ''}`, where, text],
      }));
      const rowsOfWell = quietRows(document, ['ok']).map((row) => {
        const [outcome = '', ...rest] = row.cells;
        return { ...row, cells: [outcome, '', ...rest] };
      });
      const [rowsOfPending, rowsOfQuiet] = [false, true].map((is) =>
        rowsOfWell.filter(({ isOneLine }) => isOneLine === is),
      ) as [typeof rowsOfWell, typeof rowsOfWell];
      const first = [...rowsOfTroubles, ...rowsOfPending];
      const head = ['OUTCOME', 'SINCE', 'WHERE', 'SEEN'];
      const half = Math.floor(rows / 2);
      const tables = [false, true].map((isOneLine) =>
        table(head, [...first.map((row) => ({ ...row, isOneLine })), ...rowsOfQuiet], page),
      );
      const isShort = (lines: readonly string[]) => lines.length - rowsOfQuiet.length <= half;
      // Whole where there is room, else as many as there are.
      const shown = tables.find(isShort) ?? tables.at(-1) ?? [];
      const quietFrom = shown.length - rowsOfQuiet.length;
      return frame(
        [
          { lines: [totals(document, troubles, page, `${time(at)} UTC  `)], share: 1 },
          { lines: warnings.slice(-2).map((text) => cut(`warning: ${text}`, page.width)), share: 2 },
          { lines: shown.slice(0, quietFrom), share: half },
          {
            lines: shown.slice(quietFrom),
            share: 1,
            instead: `${page.paint(styles.ok, 'ok')}        ${plural(rowsOfQuiet.length, 'check')}`,
          },
          { lines: section(lately.map((change) => changeLine(change, time, page))), share: 5 },
          { lines: section(alarmTable(alarms, time, page, true)), share: 4 },
          {
            lines: findingBlocks(findings, places, at, page).flatMap((block) => ['', ...block]),
            share: 0,
          },
        ],
        { rows, width: page.width },
      );
    },
    /** What is left on the screen when the watch has ended. */
    farewell(page: Page, rows: number): readonly string[] {
      if (last === null) return [];
      const { seen, troubles } = last;
      return summary(seen.document, troubles, placesAmong(seen.document), page, rows);
    },
  };
}

/** Lines below an empty one. */
const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

function changeLine(
  { at, word, style, text }: Change,
  time: (at: number) => string,
  { paint, width }: Page,
): string {
  const lead = `${time(at)}  `;
  return `${lead}${paint(style, word)}${cut(`${' '.repeat(Math.max(0, 8 - word.length))}  ${text}`, width - lead.length - word.length)}`;
}

function changeLines(
  { at, word, style, text }: Change,
  time: (at: number) => string,
  { paint, width }: Page,
): readonly string[] {
  const lead = `${time(at)}  ${word.padEnd(8)}  `;
  const start = lead.indexOf(word, time(at).length);
  return hanging(lead, text, width).map((line, i) =>
    i === 0 ? `${line.slice(0, start)}${paint(style, word)}${line.slice(start + word.length)}` : line,
  );
}
