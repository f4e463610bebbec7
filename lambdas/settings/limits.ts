import * as z from 'zod/mini';
import { closeClasses, closeReasons } from '../engine/close-reasons.ts';
import { nearest } from '../engine/nearest.ts';
import { duration } from './parts.ts';

const level = z.optional(z.union([z.number(), z.literal('off')], { error: 'expected a number or "off"' }));
const limit = z.strictObject(
  { warning: level, critical: level, over: z.optional(duration) },
  {
    error: ({ input }) =>
      typeof input === 'string'
        ? 'expected levels, such as { warning: 100 }; how long it must hold is "for"'
        : undefined,
  },
);
const ofDiagnosis =
  'expected limits of a diagnosis by their names, such as { subscriptions: { warning: 30000 } }';
export const override = z.catchall(z.object({ for: z.optional(duration) }, ofDiagnosis), limit);
export const overrides = z.record(z.string(), override);

/** A reason that no server gives would move nothing, and nobody would know. */
export const movedReasons = z.record(z.string(), z.enum(closeClasses)).check(
  z.superRefine<Readonly<Record<string, string>>>((moved, context) => {
    for (const reason of Object.keys(moved)) {
      if (Object.hasOwn(closeReasons, reason)) continue;
      const near = nearest(reason, Object.keys(closeReasons));
      const hint =
        near === null ? 'GET /connz?state=closed shows those of a server' : `did you mean "${near}"?`;
      context.addIssue({ code: 'custom', path: [reason], message: `no such close reason; ${hint}` });
    }
  }),
);
