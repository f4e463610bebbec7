import * as z from 'zod';

export const keyExample = 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';

const expected = `expected the ARN of a key, such as ${keyExample}`;

/** Permissions name a key by its id: an alias does not do. */
export const keyArn = z
  .string(expected)
  .regex(/^arn:aws[a-z-]*:kms:[a-z]{2}[a-z0-9-]+:\d{12}:key\/[\w-]+$/, expected);
