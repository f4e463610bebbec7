import * as z from 'zod';
import { seconds } from '../../lambdas/durations.ts';
import { duration } from '../../lambdas/settings.ts';

/** The next run starts 60 s after this one, and two runs of one check have one memory. */
const longest = seconds(58);
/** 15 s of it are kept for what follows on reading. */
const shortest = seconds(30);

const timeout = duration.check(
  z.refine((span) => span >= shortest && span <= longest && span % seconds(1) === 0, {
    error: 'expected whole seconds from 30s to 58s, as the next run starts after 60s',
  }),
);

/** Lambda's. */
export const mostMemory = 10_240;

const megabytes = `expected megabytes, a whole number from 128 to ${mostMemory} without a unit, such as 512`;

/** What every function gets; unless given, as much as its largest batch needs. */
export const functionSettings = z
  .strictObject({
    /** Megabytes. The share of a processor grows with them: 1,769 are a whole one. */
    memory: z.int(megabytes).min(128, megabytes).max(mostMemory, megabytes).optional(),
    timeout: z.optional(timeout),
    architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  })
  .prefault({});

export type FunctionSize = { readonly memoryMegabytes: number; readonly timeoutSeconds: number };
