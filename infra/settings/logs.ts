import * as z from 'zod';
import { keyArn } from './key-arn.ts';

/** The retention periods that CloudWatch Logs knows, up to two years. */
const retentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

/** Of the functions' logs. */
export const logSettings = {
  logRetentionDays: z
    .literal(retentionDays, { error: `expected one of ${retentionDays.join(', ')}` })
    .default(30),
  /** Whether Lambda writes lines of text, or JSON with time, level and request. */
  logFormat: z.enum(['text', 'json']).default('text'),
  /** That encrypts them. */
  logKey: keyArn.optional(),
};
