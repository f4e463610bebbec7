import type { Message } from '../../ports.ts';
import { kindWords, sinceOf, subjectOf, summaryOf, whereOf, type MessageContext } from './messages.ts';
import { levels } from './finding-state.ts';
import type { Notice } from './report.ts';

/** Slack's limit of a text is 3,000 characters. */
const mostCharacters = 2_900;
const mostRows = 3;

/**
 * The notices of one run for chat channels, one message a severity, the worst first: a custom notification of Amazon Q
 * Developer in chat applications, of its schema 1.0. Its markdown is that of the chat, so there is none that means
 * something else in Slack than in Teams.
 */
export function chatMessages(notices: readonly Notice[], context: MessageContext): readonly Message[] {
  return levels.flatMap((severity): Message[] => {
    const own = notices.filter((notice) => notice.severity === severity);
    if (own.length === 0) return [];
    const { check, cluster, at } = context;
    const id = [check, cluster, severity, new Date(at).toISOString(), 'chat'].join('/');
    const statuses = [...new Set(own.map(({ kind }) => kind))];
    const title = subjectOf(own, severity, context);
    const notification = {
      version: '1.0',
      source: 'custom',
      id,
      content: {
        textType: 'client-markdown',
        title,
        description: description(own, at),
        nextSteps: nextSteps(own),
        keywords: [cluster, check, severity, ...new Set(own.map(({ finding }) => finding.diagnosis))],
      },
      metadata: {
        summary: title,
        eventType: 'nats-findings',
        additionalContext: { cluster, check, severity, status: statuses.join(',') },
      },
    };
    const json = JSON.stringify(notification);
    return [
      { id, check, cluster, severity, statuses, subject: title, json, text: '', short: '', reader: 'chat' },
    ];
  });
}

/** As many notices as fit, whole, and how many more there are. */
function description(notices: readonly Notice[], at: number): string {
  const texts = notices.map((notice) => textOf(notice, at));
  const shown = texts.filter((_, i) => texts.slice(0, i + 1).join('\n\n').length <= mostCharacters);
  const [first = ''] = texts;
  if (shown.length === 0) shown.push(`${first.slice(0, mostCharacters - 3)}...`);
  const left = texts.length - shown.length;
  return [...shown, ...(left > 0 ? [`And ${left} more, which the findings topic has.`] : [])].join('\n\n');
}

function textOf({ kind, finding }: Notice, at: number): string {
  const { diagnosis, title, evidence } = finding;
  const [rows, more] = [evidence.slice(0, mostRows), evidence.length - mostRows];
  return [
    `${kind === 'resolved' ? 'RESOLVED' : finding.severity.toUpperCase()} ${diagnosis}: ${title} (${kindWords[kind]})`,
    summaryOf({ kind, finding }),
    `Where: ${whereOf(finding)}. Since: ${sinceOf(finding, at)}.`,
    ...rows.map((row) => `- ${row}`),
    ...(more > 0 ? [`- and ${more} more rows`] : []),
    ...(finding.alarm === null ? [] : [`Alarm: ${finding.alarm}`]),
  ].join('\n');
}

/** Of what is new, what to do, once each, and commands to paste. */
function nextSteps(notices: readonly Notice[]): readonly string[] {
  const open = notices.filter(({ kind }) => kind !== 'resolved').map(({ finding }) => finding);
  const remedies = open.map(({ remedy, manual }) => `${remedy} Read on: ${manual}`);
  const commands = open.slice(0, 1).flatMap((finding) => finding.commands.map((line) => `\`${line}\``));
  return [...new Set(remedies)].slice(0, 3).concat(commands);
}
