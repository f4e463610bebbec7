import { plural, wrap } from '../../lambdas/engine/format.ts';
import type { Message } from '../../lambdas/ports.ts';
import type { PagingSeverity } from '../cloudwatch/alarm-spec.ts';
import { topicNameOf } from '../settings/delivery.ts';
import type { Protocol } from '../settings/endpoints.ts';
import type { Topic } from '../settings/subscriptions.ts';
import type { LoadedSettings } from '../settings.ts';
import { alarmMessage, compositeMessage, type AlarmMessage } from './alarm-message.ts';
import { exampleAlarm, exampleFinding, otherAlarms } from './examples.ts';

/** A part of an SMS has 140 bytes: 160 characters of its small alphabet, or 70 of any; of several, each has room for its number. */
const gsm = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\r\n-]*$/;
const smsRoom = { small: { one: 160, ofSeveral: 153 }, any: { one: 70, ofSeveral: 67 } } as const;

/** How many SMS a text is, in words. */
export function smsParts(text: string): string {
  const isSmall = gsm.test(text);
  const { one, ofSeveral } = smsRoom[isSmall ? 'small' : 'any'];
  const parts = text.length <= one ? 1 : Math.ceil(text.length / ofSeveral);
  return `${text.length} characters, ${parts} SMS of ${isSmall ? '160' : '70'}`;
}

type Shown = {
  readonly form: string;
  readonly of: readonly Protocol[];
  readonly note?: string;
  readonly lines: readonly string[];
  /** Not folded, so that a parser takes it. */
  readonly isJson?: true;
};

/** One example of every message as each kind of reader gets it, at epoch ms, in lines of at most `width` where words allow; JSON is as it is. */
export function preview(loaded: LoadedSettings, at: number, width: number): readonly string[] {
  const { settings } = loaded;
  const place = (topic: Topic) => ({
    region: 'eu-central-1',
    account: '123456789012',
    topicArn:
      settings.topics[topic] ?? `arn:aws:sns:eu-central-1:123456789012:${topicNameOf(settings, topic)}`,
  });
  const spec = exampleAlarm(loaded, 'critical') ?? exampleAlarm(loaded, 'warning');
  const alarm = spec && alarmMessage(spec, 'ALARM', at, place(spec.severity));
  const others = otherAlarms(loaded);
  const { topic, chat } = exampleFinding(loaded, 'opened', at, false);
  const [finding, inChat] = [topic[0], chat[0]];
  const [resolved] = exampleFinding(loaded, 'resolved', at, false).topic;
  const section = (about: string, topics: readonly Topic[], shown: readonly Shown[]) =>
    shown.flatMap(({ form, of, note, lines, isJson }) => [
      `== ${about}: ${form}`,
      ...folded(`   ${readersOf(loaded, topics, of)}${note === undefined ? '' : `. ${note}`}`, width),
      '',
      ...(isJson ? lines : lines.flatMap((line) => folded(line, width))),
      '',
    ]);
  const alarmMail = (about: string, severity: PagingSeverity, { subject, email }: AlarmMessage) =>
    section(about, [severity], [{ form: 'e-mail', of: ['email'], lines: mail(subject, email) }]);
  return [
    ...(alarm
      ? section(
          'alarm',
          ['critical', 'warning'],
          [
            { form: 'e-mail', of: ['email'], lines: mail(alarm.subject, alarm.email) },
            { form: 'SMS', of: ['sms'], note: smsParts(alarm.sms), lines: [alarm.sms] },
            {
              form: 'JSON of pagers, queues and functions',
              of: ['https', 'sqs', 'lambda', 'email-json'],
              note: "It is the Message of SNS' envelope",
              ...pretty(alarm.json),
            },
            {
              form: 'chat',
              of: ['slack', 'teams'],
              note: 'Amazon Q Developer writes it from the same JSON',
              lines: [alarm.subject, ...spec.description.split('\n')],
            },
          ],
        )
      : []),
    ...(spec
      ? alarmMail("alarm's end", spec.severity, alarmMessage(spec, 'OK', at, place(spec.severity)))
      : []),
    ...(others.findings
      ? alarmMail(
          'alarm on findings',
          'critical',
          alarmMessage(others.findings, 'ALARM', at, place('critical')),
        )
      : []),
    ...(others.stopped
      ? alarmMail(
          'alarm on the monitor itself',
          others.stopped.severity,
          compositeMessage(others.stopped, at, place(others.stopped.severity)),
        )
      : []),
    ...(finding && inChat
      ? section(
          'finding',
          ['findings'],
          [
            { form: 'e-mail', of: ['email'], lines: mail(finding.subject, finding.text) },
            { form: 'SMS', of: ['sms'], note: smsParts(finding.short), lines: [finding.short] },
            { form: 'chat', of: ['slack', 'teams'], lines: chatLines(inChat) },
            {
              form: 'JSON of queues, functions and HTTPS',
              of: ['https', 'sqs', 'lambda', 'email-json'],
              ...pretty(finding.json),
            },
          ],
        )
      : []),
    ...(resolved
      ? section(
          "finding's end",
          ['findings'],
          [
            { form: 'e-mail', of: ['email'], lines: mail(resolved.subject, resolved.text) },
            { form: 'SMS', of: ['sms'], note: smsParts(resolved.short), lines: [resolved.short] },
          ],
        )
      : []),
  ];
}

const mail = (subject: string, text: string) => [`Subject: ${subject}`, '', ...text.split('\n')];
const pretty = (json: string) =>
  ({ lines: JSON.stringify(JSON.parse(json), null, 2).split('\n'), isJson: true }) as const;

/** As Slack and Teams show a custom notification. */
function chatLines({ json }: Message): readonly string[] {
  const { content } = JSON.parse(json) as {
    content: { title: string; description: string; nextSteps: string[]; keywords: string[] };
  };
  return [
    content.title,
    '',
    ...content.description.split('\n'),
    ...(content.nextSteps.length === 0
      ? []
      : ['', 'Next steps', ...content.nextSteps.flatMap((each) => `- ${each}`.split('\n'))]),
    '',
    `Keywords: ${content.keywords.join(', ')}`,
  ];
}

/** Who reads it by these settings: how many, and never their endpoints. */
function readersOf({ settings }: LoadedSettings, topics: readonly Topic[], of: readonly Protocol[]): string {
  const readers = settings.subscriptions.filter(
    ({ topic, protocol }) => topics.includes(topic) && of.includes(protocol),
  );
  if (readers.length === 0) return 'no subscription of these settings reads it';
  const words = readers.map(({ topic, protocol }) => `${protocol} of ${topic}`);
  return `${plural(readers.length, 'subscription')}: ${[...new Set(words)].join(', ')}`;
}

/** A line in pieces of a width, those after the first further in; words that are longer stay whole. */
function folded(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line];
  const indent = /^[\s-]*/.exec(line)?.[0].length ?? 0;
  const [first = '', ...rest] = wrap(line.slice(indent), width - indent - 2);
  return [line.slice(0, indent) + first, ...rest.map((each) => ' '.repeat(indent + 2) + each)];
}
