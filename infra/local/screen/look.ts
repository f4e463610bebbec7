import type { RunDocument } from '../document.ts';
import { findingBlocks } from './findings.ts';
import { hanging } from '../../lines.ts';
import { table, type Row } from './layout.ts';
import { placesAmong } from './places.ts';
import { quietOf, type Quiet } from './quiet.ts';
import { styles, type Page } from './styles.ts';
import { summary } from './summary.ts';
import { troublesOf } from './troubles.ts';

const head = ['OUTCOME', 'WHERE', 'SEEN'];

/**
 * One look, line by line: what is wrong, what is well, each finding, and at the end again what is wrong.
 * @param rows of the end
 * @param more what comes before the end
 */
export function lookLines(
  document: RunDocument,
  page: Page,
  rows: number,
  more: readonly string[] = [],
): readonly string[] {
  const places = placesAmong(document);
  const troubles = troublesOf(document, places);
  const findings = document.checks.flatMap((entry) => entry.findings);
  const shown: readonly Row[] = [
    ...troubles.map(({ outcome, where, text, isUnread }) => ({
      style: styles[outcome],
      cells: [outcome, where, text],
      isOneLine: isUnread,
    })),
    ...quietRows(document, ['ok', 'not-applicable']),
  ];
  const blocks = [...findingBlocks(findings, places, Date.parse(document.takenAt), page), more];
  const called = places.called([
    ...troubles.map(({ text }) => text),
    ...findings.flatMap(({ summary: sentence, evidence }) => [sentence, ...evidence]),
  ]);
  return [
    ...table(head, shown, page),
    ...(called.length === 0
      ? []
      : ['', ...hanging('names    ', `in sentences ${called.join(', ')}`, page.width)]),
    ...blocks.flatMap((block) => (block.length === 0 ? [] : ['', ...block])),
    '',
    ...summary(document, troubles, places, page, rows),
  ];
}

/** Whole lines for what is pending, then a line a check that is well, or a reason not to apply. */
export const quietRows = (document: RunDocument, outcomes: readonly Quiet['outcome'][]): readonly Row[] =>
  quietOf(document, placesAmong(document))
    .filter(({ outcome }) => outcomes.includes(outcome))
    .map(({ outcome, where, text, isPending }) => ({
      style: styles[outcome],
      cells: [outcome, where, text],
      isOneLine: !isPending,
    }));
