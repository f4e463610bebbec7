import { formatCount, inline, plural } from '../../../lambdas/engine/format.ts';
import { worst } from '../../../lambdas/engine/findings/outcome.ts';
import type { Finding } from '../../../lambdas/engine/findings/report.ts';
import type { RunDocument } from '../document.ts';
import { byDiagnosis } from './findings.ts';
import { cut } from './layout.ts';
import type { Places } from './places.ts';
import { styles, type Page } from './styles.ts';
import type { Trouble } from './troubles.ts';

/** What is wrong, a line each, and how much is watched: what stays on the screen when all else has gone by. */
export function summary(
  document: RunDocument,
  troubles: readonly Trouble[],
  places: Places,
  page: Page,
  /** Lines of what is wrong. */
  most: number,
): readonly string[] {
  const { paint, width } = page;
  const findings = document.checks.flatMap((entry) => entry.findings);
  const groups = (severity: Finding['severity']) =>
    byDiagnosis(findings.filter((each) => each.severity === severity)).map(
      (alike) => [severity, groupText(alike, places)] as const,
    );
  const unknown = troubles.filter(({ outcome }) => outcome === 'unknown');
  const silent = unknown.filter(({ isUnread }) => isUnread).map(({ where }) => where);
  const lines = [
    ...groups('critical'),
    ...(silent.length === 0 ? [] : [['unknown', `cannot be read: ${inline(silent)}`] as const]),
    ...unknown
      .filter(({ isUnread }) => !isUnread)
      .map(({ where, text }) => ['unknown', `${where}  ${text}`] as const),
    ...groups('warning'),
  ].map(([outcome, text]) => {
    const line = cut(`${outcome.padEnd(8)}  ${text}`, width);
    return `${paint(styles[outcome], line.slice(0, outcome.length))}${line.slice(outcome.length)}`;
  });
  const shown = lines.length > most ? lines.slice(0, most - 1) : lines;
  const left = lines.length - shown.length;
  return [
    ...shown,
    ...(left > 0 ? [`${' '.repeat(10)}and ${left} more above`] : []),
    totals(document, troubles, page),
  ];
}

const mostNames = 3;

/** Of more than a line names their number comes first, where no end of the line can hide it. */
function groupText(alike: readonly [Finding, ...Finding[]], places: Places): string {
  const [{ diagnosis, title }] = alike;
  const names = alike.slice(0, mostNames).map(places.entity).join(', ');
  return alike.length > mostNames
    ? `${alike.length} × ${diagnosis} ${title}: ${names}, …`
    : `${diagnosis} ${title}: ${names}`;
}

/**
 * `1 critical, 2 warnings: 7 checks, 4 servers, 1 not read`
 * @param lead what stands before it
 */
export function totals(
  { checks, targets }: RunDocument,
  troubles: readonly Trouble[],
  { paint, width }: Page,
  lead = '',
): string {
  const findings = checks.flatMap((entry) => entry.findings);
  const of = (severity: Finding['severity']) => findings.filter((each) => each.severity === severity).length;
  const unknown = troubles.filter(({ outcome }) => outcome === 'unknown').length;
  const counts = [
    [of('critical'), 'critical'],
    [unknown, 'unknown'],
    [of('warning'), of('warning') === 1 ? 'warning' : 'warnings'],
  ] as const;
  const wrong = counts.filter(([n]) => n > 0).map(([n, word]) => `${formatCount(n)} ${word}`);
  const unread = targets.filter(({ reachable }) => !reachable).length;
  const watched = [
    plural(new Set(checks.map(({ check }) => check)).size, 'check'),
    plural(targets.length, 'server'),
    ...(unread > 0 ? [`${formatCount(unread)} not read`] : []),
  ];
  const outcome = worst(checks.map((entry) => entry.outcome));
  const verdict = wrong.join(', ') || outcome;
  const line = cut(`${lead}${verdict}: ${watched.join(', ')}`, width);
  const end = lead.length + verdict.length;
  return `${lead}${paint(styles[outcome], line.slice(lead.length, end))}${line.slice(end)}`;
}
