import * as z from 'zod';
import { keyArn, keyExample } from './key-arn.ts';
import { topics, type Topic } from './subscriptions.ts';

// Alarms and findings cannot be sent to a FIFO topic, whose name ends with .fifo.
const topicArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:sns:[a-z]{2}[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    'expected the ARN of a standard topic, such as arn:aws:sns:eu-west-1:123456789012:pages',
  );

/** In place of a key's ARN: one is made. */
export const ownKey = 'own';

const expectedKey = `expected ${ownKey}, or the ARN of a key, such as ${keyExample}`;

/** Topics that are there already, in place of those that the deployment would make; and the key that encrypts those. */
export const existingTopics = z
  .strictObject({
    critical: topicArn.optional(),
    warning: topicArn.optional(),
    findings: topicArn.optional(),
    /** Besides what SNS encrypts with by itself. */
    key: z
      .string(expectedKey)
      .refine((key) => key === ownKey || keyArn.safeParse(key).success, expectedKey)
      .optional(),
  })
  .superRefine((given, context) => {
    for (const { topic, message } of givenTwice(given))
      context.addIssue({ code: 'custom', path: [topic], message });
  })
  .default({});

export type ExistingTopics = z.output<typeof existingTopics>;

/** Topics that are the same as one before them, and why they may not be. */
export const givenTwice = (
  given: Partial<Readonly<Record<Topic, unknown>>>,
): readonly { readonly topic: Topic; readonly message: string }[] =>
  topics.flatMap((topic, i) => {
    const other = topics
      .slice(0, i)
      .find((each) => given[each] !== undefined && given[each] === given[topic]);
    return other === undefined
      ? []
      : [
          {
            topic,
            message: `the same as topics.${other}: that a message was not delivered is told on another topic`,
          },
        ];
  });
