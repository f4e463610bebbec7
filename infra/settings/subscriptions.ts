import * as z from 'zod';
import { endpointProblem, isChat, protocols } from './endpoints.ts';

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

/** Braces that are not quoted are a map to YAML. */
const endpoint = z.string({
  error: ({ input }) =>
    typeof input === 'object' && input !== null
      ? 'expected text: a reference such as "{{resolve:secretsmanager:SECRET}}" stands in quotes'
      : undefined,
});

const subscription = z
  .strictObject({
    topic: z.enum(topics),
    protocol: z.enum(protocols),
    endpoint,
    filter: filter.optional(),
    /** The message alone, without SNS' envelope; for `https` and `sqs`. */
    rawMessageDelivery: z.boolean().optional(),
  })
  .superRefine(({ topic, protocol, endpoint: given, filter: narrowed, rawMessageDelivery }, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const problem = endpointProblem(protocol, given);
    if (problem !== null) refuse('endpoint', problem);
    if (narrowed && topic !== 'findings') {
      refuse('filter', `only findings have attributes to filter by; alarms of topic "${topic}" have none`);
    } else if (narrowed && isChat(protocol)) {
      refuse(
        'filter',
        `Amazon Q Developer subscribes by itself, to all messages: ${protocol} takes no filter`,
      );
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
