import * as z from 'zod/mini';
import { days, minutes } from '../durations.ts';
import type { Mute } from '../ports.ts';
import { duration } from './parts.ts';

const listOf = z.optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)));
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
/** CloudWatch mutes alarms for 15 days at most. */
const longestMute = days(15);

const moment = z.pipe(
  z.string(),
  z.transform((text: string, { issues }) => {
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:00)?Z$/.test(text) ? Date.parse(text) : NaN;
    if (!Number.isNaN(at)) return at;
    issues.push({
      code: 'custom',
      input: text,
      message: 'expected a minute in UTC such as 2026-12-01T20:00Z',
    });
    return z.NEVER;
  }),
);
const isTimezone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
};

const writtenMute = z
  .strictObject({
    why: z.string().check(z.minLength(1), z.maxLength(200)),
    clusters: listOf,
    checks: listOf,
    diagnoses: listOf,
    from: z.optional(moment),
    until: z.optional(moment),
    days: z.optional(z.array(z.enum(weekdays)).check(z.minLength(1))),
    at: z.optional(
      z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as "02:00"')),
    ),
    for: z.optional(
      duration.check(
        z.refine((span) => span >= minutes(1) && span <= days(7) && span % minutes(1) === 0, {
          error: 'expected whole minutes from 1m to 7d',
        }),
      ),
    ),
    timezone: z.optional(
      z.string().check(z.refine(isTimezone, { error: 'expected a time zone such as Europe/Berlin' })),
    ),
  })
  .check(
    z.superRefine(({ from, until, days: own, at, for: span, timezone }, context) => {
      const refuse = (message: string, ...path: string[]) =>
        context.addIssue({ code: 'custom', path, message, continue: false });
      const isWindow = from !== undefined || until !== undefined;
      const isWeekly = [own, at, span, timezone].some((part) => part !== undefined);
      if (isWindow === isWeekly)
        refuse('expected either from and until, or at and for, perhaps with days and timezone');
      else if (isWindow && (from === undefined || until === undefined))
        refuse('expected both from and until');
      else if (isWeekly && (at === undefined || span === undefined)) refuse('expected both at and for');
      else if (from !== undefined && until !== undefined && until <= from)
        refuse('expected a time after from', 'until');
      else if (from !== undefined && until !== undefined && until - from > longestMute)
        refuse('expected at most 15 days after from, as CloudWatch mutes alarms', 'until');
    }),
  );

export const mute = z.pipe(
  writtenMute,
  z.transform(({ why, clusters, checks, diagnoses, ...time }): Mute => {
    const [hour = 0, minute = 0] = (time.at ?? '').split(':').map(Number);
    return {
      why,
      clusters: clusters ?? null,
      checks: checks ?? null,
      diagnoses: diagnoses ?? null,
      when:
        time.at === undefined
          ? { kind: 'window', from: time.from ?? 0, until: time.until ?? 0 }
          : {
              kind: 'weekly',
              days: (time.days ?? weekdays).map((day) => weekdays.indexOf(day)),
              minute: hour * 60 + minute,
              spanMs: time.for ?? 0,
              timezone: time.timezone ?? 'UTC',
            },
    };
  }),
);
