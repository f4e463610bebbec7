import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { formatDuration } from '../../lambdas/durations.ts';
import { formatTime, wrap } from '../../lambdas/engine/format.ts';
import { outcomesByWeight, type Outcome } from '../../lambdas/engine/findings/outcome.ts';
import type { Notice } from '../../lambdas/engine/findings/report.ts';
import { measuredText, type Entry, type Finding } from '../../lambdas/engine/findings/report.ts';
import { severities } from '../../lambdas/limits.ts';
import type { RunDocument } from './document.ts';

type Style = Parameters<typeof styleText>[0];

const textWidth = 100;

const styles: Record<Outcome | 'info', Style> = {
  critical: ['bold', 'red'],
  warning: 'yellow',
  unknown: 'magenta',
  ok: 'green',
  'not-applicable': 'dim',
  info: 'cyan',
};

/** Shows runs on a terminal: colours, progress and clearing only where the stream is a TTY. */
export function terminal(out: WriteStream | NodeJS.WriteStream, err: NodeJS.WriteStream) {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: out });
  const width = out.isTTY ? out.columns : Infinity;
  return {
    /** Says what is going on until the function returned is called. */
    progress(text: string): () => void {
      if (!err.isTTY) return () => {};
      err.write(`${text} ...`);
      return () => void err.write('\r\x1b[K');
    },
    /** @param alarms of a watch, which clears the screen; null for a single look */
    show(document: RunDocument, notices: readonly Notice[], alarms: readonly ShownAlarm[] | null): void {
      if (alarms !== null && out.isTTY) out.write('\x1b[2J\x1b[H');
      const findings = document.checks.flatMap((entry) => entry.findings);
      const places = placesAmong(document.checks);
      const parts = [
        alarms === null ? '' : `${formatTime(Date.parse(document.takenAt))}\n`,
        table(document.checks, places, paint, width),
        ...sorted(findings).map(
          (finding) => `\n${details(finding, places, Date.parse(document.takenAt), paint)}`,
        ),
        alarms === null ? '' : `${changes(notices, places)}${alarmTable(alarms, paint, width)}`,
      ];
      out.write(parts.join(''));
    },
  };
}

/** A CloudWatch alarm as it would stand; `since` in epoch ms. */
export type ShownAlarm = {
  readonly name: string;
  readonly state: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';
  readonly since: number;
};

type Paint = (style: Style, text: string) => string;

type Place = { readonly cluster: string; readonly target: string | null };

/** How to name what is reported; the cluster with it where there are several. */
type Places = {
  readonly row: (of: Place) => string;
  readonly heading: (of: Place) => string;
  /** What stands behind a name that says nothing of its cluster. */
  readonly suffix: (of: Place) => string;
};

function placesAmong(entries: readonly Entry[]): Places {
  const isOne = new Set(entries.map(({ cluster }) => cluster)).size < 2;
  const server = (cluster: string, target: string) => (isOne ? target : `${cluster}/${target}`);
  return {
    row: ({ cluster, target }) =>
      target === null ? (isOne ? '(cluster)' : `(cluster ${cluster})`) : server(cluster, target),
    heading: ({ cluster, target }) => (target === null ? `cluster ${cluster}` : server(cluster, target)),
    suffix: ({ cluster }) => (isOne ? '' : ` (cluster ${cluster})`),
  };
}

/** One row a check and server: outcome, check, target, what was seen. */
function table(entries: readonly Entry[], places: Places, paint: Paint, width: number): string {
  const asked = entries
    .filter(({ diagnoses }) => diagnoses.length > 0)
    .sort((a, b) => outcomesByWeight.indexOf(a.outcome) - outcomesByWeight.indexOf(b.outcome));
  const rows = asked.map((entry) => [entry.outcome, entry.check, places.row(entry), seen(entry)] as const);
  return columns(['OUTCOME', 'CHECK', 'TARGET', 'SEEN'], rows, {
    paint,
    width,
    style: (outcome) => styles[outcome],
  });
}

const alarmStyles: Record<ShownAlarm['state'], Style> = {
  ALARM: ['bold', 'red'],
  INSUFFICIENT_DATA: 'dim',
  OK: 'green',
};

/** One row an alarm, as CloudWatch would have it from what this process saw. */
function alarmTable(alarms: readonly ShownAlarm[], paint: Paint, width: number): string {
  if (alarms.length === 0) return '';
  const rows = alarms.map(({ state, name, since }) => [state, formatTime(since), name] as const);
  return `\n${columns(['ALARM STATE', 'SINCE', 'ALARM'], rows, { paint, width, style: (state) => alarmStyles[state] })}`;
}

type Layout<First> = {
  readonly paint: Paint;
  readonly width: number;
  /** Of the first column. */
  readonly style: (first: First) => Style;
};

/** Rows below a head, each column as wide as its widest cell, lines cut at the terminal's edge. */
function columns<First extends string>(
  head: readonly string[],
  rows: readonly (readonly [First, ...string[]])[],
  { paint, width, style }: Layout<First>,
): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const cut = (text: string) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
  const line = (cells: readonly string[]) =>
    cut(cells.map((cell, i) => (i < head.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join('  '));
  const body = rows.map((row) => {
    const [first] = row;
    const text = line(row);
    return `${paint(style(first), text.slice(0, first.length))}${text.slice(first.length)}`;
  });
  return `${[paint('bold', line(head)), ...body].join('\n')}\n`;
}

/** What is behind the outcome, and any warning beside it, each sentence once; where all is well, what the check is mainly about. */
function seen({ outcome, diagnoses }: Entry): string {
  const decisive = diagnoses.filter(
    (diagnosis) => diagnosis.outcome === outcome || diagnosis.outcome === 'warning',
  );
  const said = outcome === 'ok' ? decisive.slice(0, 1) : decisive;
  return [...new Set(said.map((diagnosis) => diagnosis.seen))].join('; ');
}

const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));

function details(finding: Finding, places: Places, at: number, paint: Paint): string {
  const { severity, diagnosis, title } = finding;
  const since = Date.parse(finding.since);
  const duration = finding.durationKnown
    ? `since ${formatTime(since)} (${formatDuration(at - since)})`
    : 'duration unknown';
  const lines = [
    `${paint(styles[severity], severity.toUpperCase())} ${paint('bold', `${diagnosis} ${title}`)} (${places.heading(finding)})`,
    ...wrap(finding.summary, textWidth),
    paint('dim', `${measuredText(finding)}; ${duration}`),
    ...finding.evidence.map((row) => `  - ${row}`),
  ];
  const advice = [
    ...hanging('  why  ', finding.why),
    ...hanging('  do   ', finding.remedy),
    ...finding.commands.map((command) => `  $ ${paint('cyan', command)}`),
  ];
  return `${[...lines, ...(severity === 'info' ? [] : advice)].join('\n')}\n`;
}

/** A text in lines that can be read, behind its label. */
const hanging = (label: string, text: string): readonly string[] =>
  wrap(text, textWidth).map((line, i) => `${i === 0 ? label : ' '.repeat(label.length)}${line}`);

function changes(notices: readonly Notice[], places: Places): string {
  const changed = notices.filter(({ kind }) => kind !== 'opened' && kind !== 'reminded');
  return changed
    .map(
      ({ kind, finding }) =>
        `\n${kind}: ${finding.diagnosis} ${finding.entity.name}${places.suffix(finding)}\n`,
    )
    .join('');
}
