import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { betweenKeys, wordsOf } from './words.ts';

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

/** What is wrong in words, for a schema that has none of its own. */
export const namingKeys = { error: wordsOf };

/** A key that is misspelt is not missing besides, and what is of another kind is not too short, or unknown, besides. */
export function onceEach(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  const meant = problems.flatMap(({ path, message }) => {
    const [, key] = /^no such setting; did you mean "(.+)"\?$/.exec(message) ?? [];
    return key === undefined ? [] : [dotted([...path.slice(0, -1), key])];
  });
  const first = new Map(problems.map(({ path }, i) => [dotted(path), i] as const).reverse());
  return problems.filter(
    ({ path, message }, i) =>
      !(message.endsWith('received nothing') && meant.includes(dotted(path))) &&
      !(/^(expected|no such diagnosis)/.test(message) && first.get(dotted(path)) !== i),
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
