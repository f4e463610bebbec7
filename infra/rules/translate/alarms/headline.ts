import { oneLine } from '../../../cloudwatch/alarm-spec.ts';

/** Where an alarm looks. */
export type Where =
  | { readonly kind: 'server'; readonly name: string; readonly address: string; readonly instance: string }
  | { readonly kind: 'clusters'; readonly names: readonly string[] };

type Wrong = {
  /** What is wrong, in the rule's own words; null where it has none. */
  readonly sentence: string | null;
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold: `6 minutes`; null where one look is enough. */
  readonly held: string | null;
};

/** The first line of a page: what is wrong, on which server or cluster, and since when. */
export function headline({ sentence, alert, expr, held }: Wrong, where: Where): string {
  const said = withoutStop(oneLine(sentence ?? ''));
  const what = said === '' ? `${alert} fires (${withoutStop(oneLine(expr))})` : said;
  return `${since(placed(what, where), held)}.`;
}

const withoutStop = (text: string): string => text.replace(/[\s.!]+$/, '');

/** A time that the text itself has: `for more than 5 minutes`, `in the last 10 minutes`, `(5m)`. */
const itsOwnTime =
  /\b(?:for|in|within|over|since|last|past)\b[^.]*?\b\d+ ?(?:[smhd]|secs?|seconds?|mins?|minutes?|hours?|days?)\b|\(\d+[smhd]\)/i;

function since(text: string, held: string | null): string {
  if (itsOwnTime.test(text)) return text;
  const isOneSentence = !/[.!?]\s/.test(text);
  if (held === null)
    return isOneSentence ? `${text}, as of the last minute` : `${text}. As of the last minute`;
  return isOneSentence ? `${text} for ${held}` : `${text}. It has held for ${held}`;
}

function placed(text: string, where: Where): string {
  return where.kind === 'server' ? onServer(text, where) : onClusters(text, where.names);
}

function onServer(text: string, { name, address, instance }: Extract<Where, { kind: 'server' }>): string {
  const shown = text.includes(address) ? address : text.includes(instance) ? instance : null;
  const at = wordAt(text, name);
  if (shown !== null && at !== null) return named(text, at);
  if (at !== null) {
    const end = at + name.length;
    return named(`${text.slice(0, end)} (${address})${text.slice(end)}`, at);
  }
  if (shown !== null) return text.replace(shown, () => `${address} (NATS server ${name})`);
  return `NATS server ${name} (${address}): ${text}`;
}

/** A sentence that begins with a server's name says what that is. */
const named = (text: string, at: number): string => (at === 0 ? `NATS server ${text}` : text);

function onClusters(text: string, names: readonly string[]): string {
  const [only = ''] = names;
  if (names.length === 1 && wordAt(text, only) !== null) return text;
  const place = names.length === 1 ? `NATS cluster ${only}` : `NATS clusters ${names.join(', ')}`;
  return `${place}: ${text.replace(/^(?:An?|Its|No|The|Some|One|Too|More|High|Low)\b/, (word) => word.toLowerCase())}`;
}

/** Where a name stands as a word of its own, not as part of another name. */
function wordAt(text: string, name: string): number | null {
  const quoted = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`(?<![\\w.-])${quoted}(?![\\w-]|\\.\\w|:\\d)`).exec(text);
  return found?.index ?? null;
}
