import type { Severity } from '../../define.ts';
import { formatDuration } from '../../durations.ts';
import type { Message, NoticeKind } from '../../ports.ts';
import { levels } from './finding-state.ts';
import { formatTime, formatValue, wrap } from '../format.ts';
import type { Finding, Notice } from './report.ts';

export type MessageContext = { readonly check: string; readonly cluster: string; readonly at: number };

/** SNS takes 262,144 bytes, body and attributes together; the rest is room for attributes and JSON's own quoting. */
const mostBytes = 200_000;
const bytesOf = (text: string) => Buffer.byteLength(JSON.stringify(text));

/** The messages of one run: one a severity, the worst first, more only where one would be too large for SNS. */
export function messages(notices: readonly Notice[], context: MessageContext): readonly Message[] {
  return levels.flatMap((severity) => {
    const own = notices.filter((notice) => notice.severity === severity);
    const parts = split(own, (some) => size(some, severity, context) <= mostBytes);
    return parts.map((part, i) => message(part, severity, context, parts.length > 1 ? `/${i + 1}` : ''));
  });
}

function split<T>(items: readonly T[], fits: (items: readonly T[]) => boolean): readonly (readonly T[])[] {
  if (items.length === 0) return [];
  if (items.length === 1 || fits(items)) return [items];
  const middle = Math.ceil(items.length / 2);
  return [...split(items.slice(0, middle), fits), ...split(items.slice(middle), fits)];
}

function size(notices: readonly Notice[], severity: Severity, context: MessageContext): number {
  const { json, text, short } = message(notices, severity, context, '');
  return bytesOf(json) + bytesOf(text) + bytesOf(short);
}

function message(
  notices: readonly Notice[],
  severity: Severity,
  { check, cluster, at }: MessageContext,
  part: string,
): Message {
  const time = new Date(at).toISOString();
  const [first] = notices;
  const { headline, others } = headlineOf(notices);
  return {
    id: `${check}/${cluster}/${severity}/${time}${part}`,
    check,
    cluster,
    severity,
    statuses: [...new Set(notices.map(({ kind }) => kind))],
    subject: subjectOf(notices, severity, { check, cluster }),
    json: JSON.stringify({ version: 1, at: time, check, cluster, severity, notices }),
    text: notices.map((notice) => noticeText(notice, at)).join(`\n${'-'.repeat(72)}\n\n`),
    short:
      oneLine(`${severity} ${cluster} ${headline}: ${first ? summaryOf(first) : ''}`, 300 - others.length) +
      others,
  };
}

function headlineOf(notices: readonly Notice[]) {
  const [first] = notices;
  return {
    headline:
      first === undefined ? '' : `${first.kind} ${first.finding.diagnosis} ${first.finding.entity.name}`,
    others: notices.length > 1 ? ` and ${notices.length - 1} more` : '',
  };
}

export function subjectOf(
  notices: readonly Notice[],
  severity: Severity,
  { check, cluster }: Pick<MessageContext, 'check' | 'cluster'>,
): string {
  const { headline, others } = headlineOf(notices);
  return ascii(`[${severity}] ${cluster} ${check}: ${headline}`, 99 - others.length) + others;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}
const oneLine = (text: string, most: number) => cut(text.replace(/\s+/g, ' '), most);
/** An SNS subject takes ASCII without control characters. */
const ascii = (text: string, most: number) => cut(text.replace(/[^\x20-\x7e]/g, '?'), most);

/** What holds now; of a resolved finding, what was seen when it still held. */
export const summaryOf = ({ kind, finding }: Pick<Notice, 'kind' | 'finding'>): string =>
  kind === 'resolved' ? `Last seen: ${finding.summary}` : finding.summary;

export const kindWords: Record<NoticeKind, string> = {
  opened: 'opened',
  raised: 'raised: it got worse',
  lowered: 'lowered: it is no longer as bad',
  reminded: 'reminder: it is still open',
  resolved: 'resolved: two runs in a row looked and did not find it, or nothing asks for it any more',
};

export const whereOf = ({ cluster, target }: Pick<Finding, 'cluster' | 'target'>): string =>
  target === null ? `cluster ${cluster}` : `server ${target}, cluster ${cluster}`;

export function sinceOf(
  { since, durationKnown }: Pick<Finding, 'since' | 'durationKnown'>,
  at: number,
): string {
  const from = Date.parse(since);
  return durationKnown
    ? `${formatTime(from)} (${formatDuration(at - from)})`
    : `duration unknown: first looked at ${formatTime(from)}`;
}

/** Of e-mail's lines. */
const textWidth = 76;

/** One notice as an e-mail has it. */
function noticeText({ kind, finding }: Notice, at: number): string {
  const { diagnosis, title, cluster, target, entity, unit, limit, evidence, commands, manual, alarm } =
    finding;
  const labels = Object.entries(finding.labels).map(([name, value]) => `${name}=${value}`);
  const facts: [string, string | null][] = [
    ['Where', [whereOf({ cluster, target }), ...labels].join(', ')],
    // A server that the finding is about stands above already.
    ['What', entity.kind === 'server' && entity.name === target ? null : `${entity.kind} ${entity.name}`],
    [
      'Observed',
      formatValue(finding.observed, unit) +
        (limit === null ? '' : ` (limit ${formatValue(limit, unit)})`) +
        (finding.trend === null ? '' : `, ${finding.trend}`),
    ],
    ['Since', sinceOf(finding, at)],
    ['Alarm', alarm],
    ['Read on', manual],
  ];
  const lines = [
    `${kind === 'resolved' ? 'RESOLVED' : finding.severity.toUpperCase()} ${diagnosis}: ${title}`,
    `(${kindWords[kind]})`,
    '',
    ...wrap(summaryOf({ kind, finding }), textWidth),
    '',
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])),
    ...(evidence.length > 0 ? ['', 'Evidence', ...evidence.map((row) => `  ${row}`)] : []),
    ...(kind === 'resolved'
      ? []
      : ['', 'Why it matters', indent(finding.why), '', 'What to do', indent(finding.remedy)]),
    ...(commands.length > 0 ? ['', 'Look closer', ...commands.map((command) => `  ${command}`)] : []),
    '',
  ];
  return lines.join('\n');
}

const indent = (text: string): string =>
  wrap(text, textWidth)
    .map((line) => `  ${line}`)
    .join('\n');
