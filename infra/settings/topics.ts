import * as z from 'zod';
import { topics } from './subscriptions.ts';

// Alarms and findings cannot be sent to a FIFO topic, whose name ends with .fifo.
const topicArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:sns:[a-z]{2}[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    'expected the ARN of a standard topic, such as arn:aws:sns:eu-west-1:123456789012:pages',
  );

/** Permissions name a key by its id: an alias does not do. */
const keyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z]{2}[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
    'expected the ARN of a key, such as arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
  );

/** Topics that are there already, in place of those that the deployment would make; and a key in place of its own. */
export const existingTopics = z
  .strictObject({
    critical: topicArn.optional(),
    warning: topicArn.optional(),
    findings: topicArn.optional(),
    /** That encrypts the topics. */
    key: keyArn.optional(),
  })
  .superRefine((given, context) => {
    topics.forEach((topic, i) => {
      const other = topics
        .slice(0, i)
        .find((each) => given[each] !== undefined && given[each] === given[topic]);
      if (other === undefined) return;
      const message = `the same as topics.${other}: that a message was not delivered is told on another topic`;
      context.addIssue({ code: 'custom', path: [topic], message });
    });
  })
  .default({});

export type ExistingTopics = z.output<typeof existingTopics>;
