import type { Diagnosis } from '../define.ts';
import type { Duration } from '../durations.ts';
import { severities, type Limit, type LimitBook } from './limits.ts';

/** A limit as settings change it: a level, `off` for none, the window. */
export type LimitOverride = {
  readonly [S in (typeof severities)[number]]?: number | 'off' | undefined;
} & { readonly over?: Duration | undefined };

/** By diagnosis id: `for`, and its limits by name. */
export type LimitOverrides = Readonly<
  Record<string, { readonly for?: Duration | undefined } & Readonly<Record<string, unknown>>>
>;

/** What is wrong with an override, and where: `limits.LEAF_104.closes`. */
export type Problem = { readonly path: readonly (string | number)[]; readonly message: string };

const list = (names: readonly string[]) => names.join(', ') || 'none';

function change(limit: Limit, override: LimitOverride): Limit | string {
  if (override.over !== undefined && limit.over === undefined) return 'this limit has no window to change';
  if (override.over === 0)
    return 'a window of 0s holds nothing: to switch the limit off, set its levels to off';
  const levels = Object.fromEntries(
    severities.flatMap((severity) => {
      const level = override[severity] ?? limit.levels[severity];
      return level === undefined || level === 'off' ? [] : [[severity, level]];
    }),
  ) as Limit['levels'];
  const { warning, critical } = levels;
  const rises = limit.direction === 'above' || limit.direction === 'atLeast';
  if (warning !== undefined && critical !== undefined && (rises ? critical < warning : critical > warning)) {
    return `critical (${critical}) must be ${rises ? 'above' : 'below'} warning (${warning})`;
  }
  return { ...limit, levels, ...(override.over === undefined ? {} : { over: override.over }) };
}

/** Every diagnosis' limits with settings applied, and what in the settings does not fit the catalogue. */
export function limitBook(
  diagnoses: readonly Diagnosis[],
  overrides: LimitOverrides,
): { readonly book: LimitBook; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const ids = new Set(diagnoses.map(({ id }) => id));
  for (const id of Object.keys(overrides)) {
    if (!ids.has(id))
      problems.push({ path: [id], message: `no such diagnosis; there are ${list([...ids])}` });
  }
  const book = new Map(
    diagnoses.map((diagnosis) => {
      const limits: Record<string, Limit> = { ...diagnosis.limits };
      const { for: hold = diagnosis.for, ...changes } = overrides[diagnosis.id] ?? {};
      for (const [name, values] of Object.entries(changes)) {
        const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
        const changed =
          limit === undefined
            ? `no such limit; ${diagnosis.id} has ${list(Object.keys(diagnosis.limits))}`
            : change(limit, values as LimitOverride);
        if (typeof changed === 'string') problems.push({ path: [diagnosis.id, name], message: changed });
        else limits[name] = changed;
      }
      return [diagnosis.id, { limits, for: hold }] as const;
    }),
  );
  return { book, problems };
}
