import { answersIn, promtool } from '../promql/promtool.ts';
import type { PrometheusMajor } from '../services/prometheus.ts';

type Texts = Readonly<Record<string, string>>;

/** A rule as tests write it: the fields of a rule file, durations as there. */
export type WrittenRule = {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Texts;
};

/** Rules by groups, and series in promtool's notation, a sample a minute from minute 0 on. */
export type RuleScene = {
  readonly groups: readonly (readonly WrittenRule[])[];
  readonly series: readonly { readonly series: string; readonly values: string }[];
  /** The last minute. */
  readonly minutes: number;
  /** Whether alarms tell servers apart; they do unless said otherwise. */
  readonly per?: 'server' | 'cluster';
  /** What else is asked, in every minute. */
  readonly asked?: readonly string[];
};

/** A moment at which rules could not be evaluated, and which. Prometheus' test ends there. */
export type Failed = { readonly minute: number; readonly rules: readonly string[] };

export type Reported = {
  /** The labels of what fires, `alertname` among them. */
  readonly fires: readonly Texts[];
  /** What was asked, in that order. */
  readonly asked: readonly (readonly Sample[])[];
};
type Sample = { readonly labels: Texts; readonly value: number };

export type Firing = { readonly minutes: readonly Reported[] } | { readonly failed: Failed };

/** In which minutes Prometheus fires what: one run of `promtool test rules` over all scenes, a test file each. */
export async function firing(
  major: PrometheusMajor,
  scenes: readonly RuleScene[],
): Promise<readonly Firing[]> {
  const files = scenes.flatMap((scene, index) => [
    [`rules${index}.yml`, JSON.stringify(ruleFileOf(scene))] as const,
    [`test${index}.yml`, JSON.stringify(testFileOf(scene, index))] as const,
  ]);
  const tests = scenes.map((_scene, index) => `test${index}.yml`);
  const printed = await promtool(major, ['test', 'rules', ...tests], Object.fromEntries(files));
  // Each test fails, as each expects what cannot be.
  const [, ...verdicts] = printed.split(/^ +FAILED:/m);
  if (verdicts.length !== scenes.length)
    throw new Error(`${verdicts.length} of ${scenes.length} tests were run: ${printed.slice(-2_000)}`);
  return scenes.map(({ minutes, asked = [] }, index) => {
    const verdict = verdicts[index] ?? '';
    const failed = failedIn(verdict);
    if (failed !== undefined) return { failed };
    const found = answersIn(verdict);
    const questions = 1 + asked.length;
    return {
      minutes: Array.from({ length: minutes + 1 }, (_each, minute) => {
        const [fires = [], ...others] = Array.from({ length: questions }, (_question, at) => {
          const answer = found.get(`${index}.${minute * questions + at}`);
          if (answer === undefined || 'error' in answer)
            throw new Error(`promtool did not say what fires: ${verdict.slice(0, 2_000)}`);
          return answer.samples;
        });
        return { fires: fires.map(({ labels }) => labels), asked: others };
      }),
    };
  });
}

export const ruleFileOf = ({ groups }: Pick<RuleScene, 'groups'>) => ({
  groups: groups.map((rules, index) => ({ name: `group ${index}`, rules })),
});

const testFileOf = ({ groups, series, minutes, asked = [] }: RuleScene, scene: number) => ({
  rule_files: [`rules${scene}.yml`],
  evaluation_interval: '1m',
  group_eval_order: groups.map((_rules, index) => `group ${index}`),
  tests: [
    {
      interval: '1m',
      input_series: series,
      promql_expr_test: Array.from({ length: minutes + 1 }, (_each, minute) => `${minute}m`)
        .flatMap((time) => ['ALERTS{alertstate="firing"}', ...asked].map((expr) => ({ expr, time })))
        .map(({ expr, time }, index) => ({
          expr: `${expr} # ${scene}.${index}`,
          eval_time: time,
          exp_samples: [{ labels: 'impossible', value: 0 }],
        })),
    },
  ],
});

function failedIn(printed: string): Failed | undefined {
  const lines = [...printed.matchAll(/rule: (.+?), time: (?:(\d+)h)?(?:(\d+)m)?(\d+)s, err: /g)];
  const [first] = lines;
  if (first === undefined) return undefined;
  const [, , hours = '0', minutes = '0'] = first;
  return { minute: Number(hours) * 60 + Number(minutes), rules: lines.map(([, rule = '']) => rule).sort() };
}
