import * as z from 'zod/mini';
import { days, parseDuration } from '../durations.ts';
import { longestName } from '../readings/target-name.ts';
import { shown } from './words.ts';

/** As good as never, and still a time that a clock can reach. */
const longest = 36_500;
const aDuration = 'expected a duration such as 30s, 5m, 1h30m or 7d, received';
export const duration = z.pipe(
  z.string({ error: ({ input }) => `${aDuration} ${shown(input)}` }),
  z.transform((text: string, { issues }) => {
    const parsed = parseDuration(text);
    if (parsed !== null && parsed <= days(longest)) return parsed;
    const message = `${parsed === null ? aDuration : `expected at most ${longest}d, received`} ${shown(text)}`;
    issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);

/** What becomes a CloudWatch dimension and a part of alarm names. */
export const name = z
  .string()
  .check(
    z.maxLength(longestName, `expected at most ${longestName} characters`),
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'expected letters, digits, ".", "_" or "-", a letter or digit first',
    ),
  );

export const labels = z.record(
  z
    .string()
    .check(
      z.regex(
        /^[a-zA-Z_][a-zA-Z0-9_]*$/,
        'expected the name of a label: letters, digits and "_", no digit first',
      ),
    ),
  z.string(),
);

export const count = z.int().check(z.gte(1));
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Told beside what else is wrong, not after it. */
const beside = { when: () => true } as const;

/**
 * @param keyOf path and text of what is to be unique; null for an item that has it not. Items may be wrong in every other way
 */
export const unique = (
  keyOf: (item: Readonly<Record<string, unknown>>) => readonly [key: string, text: unknown] | null,
  twice: (taken: string) => string,
) =>
  z.superRefine<unknown>((items, context) => {
    const seen = new Set<string>();
    (Array.isArray(items) ? items : []).forEach((item: unknown, i) => {
      const [key = '', taken] = (isRecord(item) ? keyOf(item) : null) ?? [];
      if (typeof taken !== 'string') return;
      if (seen.has(taken)) context.addIssue({ code: 'custom', path: [i, key], message: twice(taken) });
      seen.add(taken);
    });
  }, beside);

export const uniqueNames = (what: string) =>
  unique(
    ({ name: own }) => ['name', own],
    (taken) => `"${taken}" names two ${what}`,
  );

/** @param textOf what is to stand once */
export const once = <T>(textOf: (item: T) => string) =>
  z.superRefine<readonly T[]>((items, context) => {
    const texts = items.map(textOf);
    texts.forEach((text, i) => {
      if (texts.indexOf(text) !== i)
        context.addIssue({ code: 'custom', path: [i], message: `${text} stands twice` });
    });
  });
