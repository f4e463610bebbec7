import type { Healthz } from '../readings/endpoints.ts';

const subjects = ['CONNECTION', 'JETSTREAM', 'ACCOUNT', 'STREAM', 'CONSUMER'] as const;

/** What `/healthz` complains of, by nats-server's own words; `other` are those that none of them says. */
export type Subject = (typeof subjects)[number] | 'other';
export type Complaint = { readonly subject: Subject; readonly words: string };

/** nats-server 2.9 has a sentence without a type. */
const sentences: readonly (readonly [RegExp, Subject])[] = [
  [/ready for connections/, 'CONNECTION'],
  [/^JetStream stream '/, 'STREAM'],
  [/^JetStream consumer '/, 'CONSUMER'],
  [/^JetStream (can not lookup )?account /, 'ACCOUNT'],
  [/^JetStream /, 'JETSTREAM'],
];

const subjectOf = (type: string): Subject => subjects.find((each) => each === type) ?? 'other';

/** Everything that `/healthz` complains of, in its own words; none where the server calls itself healthy. */
export function complaintsOf({ error, errors }: Healthz): readonly Complaint[] {
  if (errors.length > 0) return errors.map(({ type, error: words }) => ({ subject: subjectOf(type), words }));
  if (error === undefined) return [];
  const [, subject = 'other'] = sentences.find(([pattern]) => pattern.test(error)) ?? [];
  return [{ subject, words: error }];
}
