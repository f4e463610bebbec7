import { formatDuration } from '../../../lambdas/durations.ts';
import { formatTime } from '../../../lambdas/engine/format.ts';
import { measuredText, type Finding } from '../../../lambdas/engine/findings/report.ts';
import { severities } from '../../../lambdas/limits.ts';
import { commandLines } from './command.ts';
import { fitted, hanging } from '../../lines.ts';
import type { Places } from './places.ts';
import { styles, type Page } from './styles.ts';

/** Of so many findings each is told in full; of more the first of each diagnosis. */
const mostInFull = 10;
/** Of one diagnosis, a sentence each. */
const mostInShort = 50;
/** Longer lines of prose are hard to read. */
const mostProse = 100;

/** What is of one diagnosis and severity, the worst first. */
export const byDiagnosis = (findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] =>
  [
    ...Map.groupBy(
      findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
      ({ severity, diagnosis, title }) => `${severity} ${diagnosis} ${title}`,
    ).values(),
  ].flatMap(([first, ...more]) => (first === undefined ? [] : [[first, ...more] as const]));

/** Findings as people read them, a block of lines each; of many, those that are alike by one example. */
export function findingBlocks(
  findings: readonly Finding[],
  places: Places,
  at: number,
  page: Page,
): readonly (readonly string[])[] {
  const narrow = { ...page, width: Math.min(page.width, mostProse) };
  const inFull = findings.length > mostInFull ? 1 : mostInFull;
  return byDiagnosis(findings).flatMap((alike) => [
    ...alike.slice(0, inFull).map((finding, i) => {
      const told = i > 0 && advice(finding) === advice(alike[0]);
      return block(finding, places, at, narrow, told);
    }),
    ...(alike.length > inFull ? [inShort(alike.slice(inFull), places, at, narrow)] : []),
  ]);
}

const advice = ({ why, remedy }: Finding): string => `${why}\n${remedy}`;

function lasting({ since, durationKnown }: Finding, at: number): string {
  const from = Date.parse(since);
  return durationKnown ? `since ${formatTime(from)} (${formatDuration(at - from)})` : 'duration unknown';
}

/** @param isTold whether the same advice stands above */
function block(
  finding: Finding,
  places: Places,
  at: number,
  { paint, width }: Page,
  isTold: boolean,
): readonly string[] {
  const { severity, diagnosis, title } = finding;
  const label = severity.toUpperCase();
  const heading = fitted(`${label} ${diagnosis} ${title}: ${places.heading(finding)}`, width);
  const helped = [
    ...(isTold
      ? []
      : [...hanging('  why  ', finding.why, width), ...hanging('  do   ', finding.remedy, width)]),
    ...finding.commands.flatMap((command) =>
      commandLines(command, width - 4).map((line, i) => `${i === 0 ? '  $ ' : '    '}${paint('cyan', line)}`),
    ),
  ];
  return [
    ...heading.map((line, i) =>
      i === 0
        ? `${paint(styles[severity], label)}${paint('bold', line.slice(label.length))}`
        : paint('bold', line),
    ),
    ...fitted(finding.summary, width),
    ...fitted(`${measuredText(finding)}; ${lasting(finding, at)}`, width).map((line) => paint('dim', line)),
    ...finding.evidence.flatMap((row) => hanging('  - ', row, width)),
    ...(severity === 'info' ? [] : helped),
  ];
}

/** A sentence each, for those of one diagnosis. */
function inShort(
  alike: readonly Finding[],
  places: Places,
  at: number,
  { paint, width }: Page,
): readonly string[] {
  const [{ severity, diagnosis } = { severity: 'info' as const, diagnosis: '' }] = alike;
  const label = severity.toUpperCase();
  const left = alike.length - mostInShort;
  return [
    `${paint(styles[severity], label)}${paint('bold', ` ${diagnosis}, ${alike.length} more`)} (evidence and commands: --json)`,
    ...alike.slice(0, mostInShort).flatMap((finding) => {
      const place = places.heading(finding);
      const named = finding.target === place || finding.target === null ? '' : `${place}: `;
      const since = finding.durationKnown ? ` (${lasting(finding, at)})` : '';
      return hanging('  - ', `${named}${finding.summary}${since}`, width);
    }),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}
