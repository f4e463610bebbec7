import type { Diagnosis } from '../define.ts';
import type { Duration } from '../durations.ts';
import { severities, type AssetPattern, type Limit, type LimitBook } from '../limits.ts';

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

/** Those of its suite, if there are any: all are a page long. */
function likely(id: string, ids: readonly string[]): readonly string[] {
  const suite = id.split('_')[0]?.toUpperCase() ?? '';
  const alike = ids.filter((each) => each.startsWith(`${suite}_`));
  return alike.length > 0 ? alike : ids;
}

/** What is wrong with a level, if anything: one beyond its unit would never be crossed, or always. */
function unfit(level: number, { unit }: Limit): string | null {
  if (!Number.isFinite(level)) return 'expected a number or "off"';
  if (unit === 'ratio' && (level < 0 || level > 1)) return 'expected a ratio from 0 to 1, for 80 % write 0.8';
  return level < 0 ? 'expected 0 or more' : null;
}

/** The problems of an override's levels, by severity. */
const unfitLevels = (limit: Limit, override: LimitOverride): readonly Problem[] =>
  severities.flatMap((severity) => {
    const level = override[severity];
    const message = typeof level === 'number' ? unfit(level, limit) : null;
    return message === null ? [] : [{ path: [severity], message }];
  });

function change(limit: Limit, override: LimitOverride): Limit | readonly Problem[] {
  const levelProblems = unfitLevels(limit, override);
  if (levelProblems.length > 0) return levelProblems;
  const whole = (message: string): readonly Problem[] => [{ path: [], message }];
  if (override.over !== undefined && limit.over === undefined)
    return whole('this limit has no window to change');
  if (override.over === 0)
    return whole('a window of 0s holds nothing: to switch the limit off, set its levels to off');
  const levels = Object.fromEntries(
    severities.flatMap((severity) => {
      const level = override[severity] ?? limit.levels[severity];
      return level === undefined || level === 'off' ? [] : [[severity, level]];
    }),
  ) as Limit['levels'];
  const { warning, critical } = levels;
  const rises = limit.direction === 'above' || limit.direction === 'atLeast';
  if (warning !== undefined && critical !== undefined && (rises ? critical < warning : critical > warning)) {
    return whole(`critical (${critical}) must be ${rises ? 'above' : 'below'} warning (${warning})`);
  }
  return { ...limit, levels, ...(override.over === undefined ? {} : { over: override.over }) };
}

/** Limits of the streams or consumers that a pattern means: levels alone. */
export type AssetLimits = AssetPattern & { readonly limits: LimitOverrides };

/**
 * Every diagnosis' limits with settings applied, and what in the settings does not fit the catalogue; those of assets with
 * their place in the list before the path.
 */
export function limitBook(
  diagnoses: readonly Diagnosis[],
  overrides: LimitOverrides,
  ofAssets: readonly AssetLimits[] = [],
): {
  readonly book: LimitBook;
  readonly problems: readonly Problem[];
  readonly assetProblems: readonly Problem[];
} {
  const { book, problems } = changed(diagnoses, overrides);
  const parts = ofAssets.map(({ limits, ...pattern }, i) => {
    const own = changed(diagnoses, limits, book);
    const timed = Object.entries(limits).flatMap(([id, { for: hold, ...rest }]): readonly Problem[] => {
      const windows = Object.entries(rest).filter(([, limit]) => (limit as LimitOverride).over !== undefined);
      return [
        ...(hold === undefined ? [] : [{ path: [id, 'for'], message: notOfAssets }]),
        ...windows.map(([name]) => ({ path: [id, name, 'over'], message: notOfAssets })),
      ];
    });
    const problems = [...own.problems, ...timed].map(({ path, message }) => ({
      path: [i, 'limits', ...path],
      message,
    }));
    return { pattern, limits, own, problems };
  });
  const withAssets = [...book].map(([id, entry]) => {
    const ofIt = parts.flatMap(({ pattern, limits, own }) =>
      Object.hasOwn(limits, id) ? [{ pattern, limits: own.book.get(id)?.limits ?? entry.limits }] : [],
    );
    return [id, ofIt.length === 0 ? entry : { ...entry, ofAssets: ofIt }] as const;
  });
  return { book: new Map(withAssets), problems, assetProblems: parts.flatMap((part) => part.problems) };
}

const notOfAssets = 'is the same for all: set it under the top-level limits';

/** @param from what the overrides change, the diagnoses' own limits unless told */
function changed(
  diagnoses: readonly Diagnosis[],
  overrides: LimitOverrides,
  from?: LimitBook,
): { readonly book: LimitBook; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const ids = new Set(diagnoses.map(({ id }) => id));
  for (const id of Object.keys(overrides)) {
    if (!ids.has(id))
      problems.push({ path: [id], message: `no such diagnosis; there are ${list(likely(id, [...ids]))}` });
  }
  const book = new Map(
    diagnoses.map((diagnosis) => {
      const base = from?.get(diagnosis.id) ?? diagnosis;
      const limits: Record<string, Limit> = { ...base.limits };
      const { for: hold = base.for, ...changes } = overrides[diagnosis.id] ?? {};
      for (const [name, values] of Object.entries(changes)) {
        const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
        if (limit === undefined) {
          const message = `no such limit; ${diagnosis.id} has ${list(Object.keys(diagnosis.limits))}`;
          problems.push({ path: [diagnosis.id, name], message });
          continue;
        }
        const other = change(limit, values as LimitOverride);
        if ('direction' in other) limits[name] = other;
        else
          problems.push(
            ...other.map(({ path, message }) => ({ path: [diagnosis.id, name, ...path], message })),
          );
      }
      return [diagnosis.id, { limits, for: hold }] as const;
    }),
  );
  return { book, problems };
}
