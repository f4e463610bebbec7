import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { nearest } from '../engine/nearest.ts';

// The words of zod's messages, which its small edition leaves out.
z.config(en());

/** What is wrong at a path of settings. */
export type SettingsProblem = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Settings that cannot be used: a line for each problem, with its path. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingsProblem[];
  constructor(source: string, problems: readonly SettingsProblem[]) {
    super([`${source}:`, ...problems.map(({ path, message }) => `  ${dotted(path)}: ${message}`)].join('\n'));
    this.problems = problems;
  }
}

/** `clusters[0].targets[1].url` */
function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'settings';
}

/** Between the messages of several keys, which zod gathers in one issue. */
const betweenKeys = '\n';

/** Says of each unknown key which of its object's keys may be meant. */
export const namingKeys = {
  error: (issue: z.core.$ZodRawIssue): string | undefined => {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const { shape } =
      (issue.inst as { readonly _zod?: { readonly def: { readonly shape?: object } } })._zod?.def ?? {};
    const said = issue.keys.map((key) => {
      const meant = nearest(key, Object.keys(shape ?? {}));
      return `no such setting${meant === null ? '' : `; did you mean "${meant}"?`}`;
    });
    return said.join(betweenKeys);
  },
};

/** A key that is misspelt is not missing besides. */
export function onceEach(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  const meant = problems.flatMap(({ path, message }) => {
    const [, key] = /^no such setting; did you mean "(.+)"\?$/.exec(message) ?? [];
    return key === undefined ? [] : [dotted([...path.slice(0, -1), key])];
  });
  return problems.filter(
    ({ path, message }) => !(message.endsWith('received undefined') && meant.includes(dotted(path))),
  );
}

/** One problem a key. */
export function flatten(issue: z.core.$ZodIssue): SettingsProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  const messages = issue.message.split(betweenKeys);
  return issue.keys.map((key, i) => ({
    path: [...issue.path, key],
    message: messages[i] ?? 'no such setting',
  }));
}
