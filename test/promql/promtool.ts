import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrometheusMajor } from '../services/prometheus.ts';
import { runPromtool } from '../services/promtool.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/** What promtool printed, whatever its exit status says. */
export async function promtool(
  major: PrometheusMajor,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = temporaryFolder('promtool');
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  const { stdout, stderr } = await runPromtool(major, args, folder);
  return stdout + stderr;
}

/** One run of `promtool check rules`: its complaint of each expression, undefined where it has none. */
export async function complaints(
  major: PrometheusMajor,
  texts: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const rules = texts.map((text, index) => ({ alert: `rule ${index}`, expr: text }));
  const printed = await promtool(major, ['check', 'rules', 'rules.yml'], {
    'rules.yml': JSON.stringify({ groups: [{ name: 'all', rules }] }),
  });
  const found = new Map<number, string>();
  for (const [, index, message] of printed.matchAll(/group "all", rule (\d+), "rule \d+": (.*)/g)) {
    found.set(Number(index) - 1, message ?? '');
  }
  if (found.size === 0 && !printed.includes('SUCCESS'))
    throw new Error(`promtool said: ${printed.slice(0, 500)}`);
  return texts.map((_text, index) => found.get(index));
}

/**
 * Series in promtool's notation, a sample a step, and expressions to be evaluated at times after the first sample, with
 * the rules of a rule file evaluated each minute if there is one.
 */
export type Scene = {
  readonly ruleFile?: string;
  readonly stepSeconds: number;
  readonly series: readonly { readonly series: string; readonly values: string }[];
  readonly questions: readonly { readonly text: string; readonly atMs: number }[];
};

export type Answer =
  | {
      readonly samples: readonly {
        readonly labels: Readonly<Record<string, string>>;
        readonly value: number;
      }[];
    }
  | { readonly error: string };

/**
 * One run of `promtool test rules` over all scenes: what Prometheus answers to each question. Every test expects what
 * cannot be, so that promtool prints what it got instead, to the last digit.
 */
export async function answers(
  major: PrometheusMajor,
  scenes: readonly Scene[],
): Promise<readonly (readonly Answer[])[]> {
  const impossible = [{ labels: 'impossible', value: 0 }];
  const tests = scenes.map(({ stepSeconds, series, questions, ruleFile }, scene) => ({
    ruleFile,
    test: {
      interval: `${stepSeconds}s`,
      input_series: series,
      promql_expr_test: questions.map(({ text, atMs }, index) => ({
        // The comment tells the answers apart.
        expr: `${text} # ${scene}.${index}`,
        eval_time: `${atMs}ms`,
        exp_samples: impossible,
      })),
    },
  }));
  // A test file for those of one rule file.
  const files = [...Map.groupBy(tests, ({ ruleFile }) => ruleFile)].flatMap(([ruleFile, all], index) => {
    const rules = ruleFile === undefined ? [] : [[`rules-${index}.yml`, ruleFile] as const];
    const suite = {
      evaluation_interval: '1m',
      rule_files: rules.map(([name]) => name),
      tests: all.map(({ test }) => test),
    };
    return [[`test-${index}.yml`, JSON.stringify(suite)] as const, ...rules];
  });
  const names = files.map(([name]) => name).filter((name) => name.startsWith('test-'));
  const printed = await promtool(major, ['test', 'rules', ...names], Object.fromEntries(files));
  const found = answersIn(printed);
  return scenes.map(({ questions }, scene) =>
    questions.map(({ text }, index) => {
      const known = found.get(`${scene}.${index}`);
      if (known === undefined)
        throw new Error(`promtool gave no answer to ${text}: ${printed.slice(0, 1000)}`);
      return known;
    }),
  );
}

/** What promtool printed of questions that end in a comment such as `# 3.14`, by that number. */
export function answersIn(printed: string): ReadonlyMap<string, Answer> {
  const found = new Map<string, Answer>();
  const answer = /# (\d+\.\d+)", time: \w+,(?: err: (?<error>.*)|\s+exp: .*\s+got: ?(?<got>.*))/g;
  for (const match of printed.matchAll(answer)) {
    const { error, got = '' } = match.groups ?? {};
    found.set(match[1] ?? '', error === undefined ? { samples: samplesOf(got) } : { error });
  }
  return found;
}

/** `{__name__="foo", a="x"} 1.1E+01, {} NaN` */
function samplesOf(printed: string): Extract<Answer, { samples: unknown }>['samples'] {
  return [...printed.matchAll(/\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\} ([-+\w.]+)/g)].map(
    ([, pairs = '', value = '']) => {
      const labels = [...pairs.matchAll(/"?([^\s",=]+)"?=("(?:[^"\\]|\\.)*")/g)].map(
        ([, label = '', text = '""']) => [label, JSON.parse(text) as string] as const,
      );
      return { labels: Object.fromEntries(labels), value: goFloat(value) };
    },
  );
}

const goFloat = (text: string): number =>
  text.endsWith('Inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
