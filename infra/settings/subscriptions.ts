import * as z from 'zod';

/**
 * What each protocol takes as an endpoint; it may hold a key, so no message repeats it. Plain http would carry findings
 * in the clear, so it is not among them.
 */
const endpoints = {
  email: { pattern: /^[^\s@]+@[^\s@]+$/, expected: 'an e-mail address' },
  'email-json': { pattern: /^[^\s@]+@[^\s@]+$/, expected: 'an e-mail address' },
  https: { pattern: /^https:\/\/[^\s/?#]+\S*$/, expected: 'an https:// URL' },
  sms: { pattern: /^\+[1-9]\d{4,14}$/, expected: 'a phone number such as +15550100' },
  // A topic that is no FIFO topic cannot send to a FIFO queue, whose name ends with .fifo.
  sqs: {
    pattern: /^arn:aws[a-z-]*:sqs:[a-z]{2}[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    expected: 'the ARN of a standard queue',
  },
} as const;
const protocols = [
  'email',
  'email-json',
  'https',
  'sms',
  'sqs',
] as const satisfies (keyof typeof endpoints)[];

/** Where alarms and findings are sent: CloudWatch's messages of each severity, and the findings' own. */
export const topics = ['critical', 'warning', 'findings'] as const;
export type Topic = (typeof topics)[number];

const anyOf = <T extends z.ZodType>(word: T) => z.array(word).min(1).optional();

/** Of the words of a filter, by the page subscription-filter-policy-constraints of SNS' guide. */
const mostCombinations = 150;

/** Message attributes of a finding. A message passes that has one of the words of every key given. */
const filter = z
  .strictObject({
    check: anyOf(z.string()),
    severity: anyOf(z.enum(['warning', 'critical'])),
    cluster: anyOf(z.string()),
    status: anyOf(z.enum(['opened', 'raised', 'lowered', 'reminded', 'resolved'])),
  })
  .superRefine((words, context) => {
    const combinations = Object.values(words).reduce((product, list) => product * (list?.length ?? 1), 1);
    if (combinations <= mostCombinations) return;
    const message = `SNS takes ${mostCombinations} combinations of the words, and these are ${combinations}: leave out a key whose words are all given, or divide the subscription`;
    context.addIssue({ code: 'custom', message });
  });

const subscription = z
  .strictObject({
    topic: z.enum(topics),
    protocol: z.enum(protocols),
    endpoint: z.string(),
    filter: filter.optional(),
    /** The message alone, without SNS' envelope; for `https` and `sqs`. */
    rawMessageDelivery: z.boolean().optional(),
  })
  .superRefine(({ topic, protocol, endpoint, filter: narrowed, rawMessageDelivery }, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const { pattern, expected } = endpoints[protocol];
    if (!pattern.test(endpoint) || (protocol === 'https' && !URL.canParse(endpoint)))
      refuse('endpoint', `expected ${expected} for ${protocol}`);
    if (narrowed && topic !== 'findings') {
      refuse('filter', `only findings have attributes to filter by; alarms of topic "${topic}" have none`);
    }
    if (rawMessageDelivery && protocol !== 'https' && protocol !== 'sqs') {
      refuse('rawMessageDelivery', `only https and sqs take raw messages, not ${protocol}`);
    }
  });

export type Subscription = z.output<typeof subscription>;

export const subscriptions = z.array(subscription).superRefine((items, context) => {
  const keys = items.map(({ topic, protocol, endpoint }) => `${topic} ${protocol} ${endpoint}`);
  keys.forEach((key, i) => {
    if (keys.indexOf(key) === i) return;
    context.addIssue({
      code: 'custom',
      path: [i],
      message: `the same as subscriptions[${keys.indexOf(key)}]`,
    });
  });
});
