import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alarmStates, type Datapoint } from '../../../infra/cloudwatch/evaluator.ts';
import { everyMs } from '../../../lambdas/rules/compile.ts';
import type { RuleMemory } from '../../../lambdas/rules/evaluation/memory.ts';
import { runRules } from '../../../lambdas/rules/evaluation/run-rules.ts';
import { deploymentOf } from '../deployed.ts';

/** A minute: whether the check runs, whether it still has its memory, and which of three consumers are beyond the limit. */
type Minute = { readonly runs: boolean; readonly remembers: boolean; readonly beyond: readonly boolean[] };

const minutes = fc.array(
  fc.record({
    runs: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    remembers: fc.oneof(
      { weight: 15, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    beyond: fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      {
        minLength: 3,
        maxLength: 3,
      },
    ),
  }),
  { minLength: 1, maxLength: 40 },
);
const rules = fc.record({
  expr: fc.constantFrom(
    'jetstream_consumer_num_pending > 5',
    '-jetstream_consumer_num_pending <= -9',
    'jetstream_consumer_num_pending == 9',
  ),
  for: fc.constantFrom('0s', '30s', '1m', '2m', '3m', '5m', '10m'),
});

/** A minute in which the alarm was not what it should be. */
type Wrong = { readonly minute: number; readonly state: string; readonly fires: boolean | undefined };

function wrongMinutes(rule: { readonly expr: string; readonly for: string }, course: readonly Minute[]) {
  const { compiled, alarms } = deploymentOf({ groups: [[{ alert: 'Rule', ...rule }]] }, 2);
  const alarm = alarms.find(({ target }) => target === 'x');
  if (alarm === undefined) throw new Error('server x has no alarm');
  let memory: RuleMemory | null = null;
  const points: Datapoint[] = [];
  const fires = course.map(({ runs, remembers, beyond }, minute) => {
    if (!runs) return undefined;
    const samples = beyond.map((isBeyond, index) => ({
      labels: { server_id: 'x', consumer_name: String(index) },
      value: isBeyond ? 9 : 0,
    }));
    const run = runRules(compiled, remembers ? memory : null, {
      at: minute * everyMs,
      samples: new Map([['jetstream_consumer_num_pending', samples]]),
    });
    memory = JSON.parse(JSON.stringify(run.memory)) as RuleMemory;
    const result = run.alerts.find(({ target }) => target === 'x');
    for (const { at, value } of result?.points ?? [])
      points.push({ minute: at / everyMs, value, seenFrom: minute });
    return result?.entities.some(({ state }) => state === 'firing');
  });
  const states = alarmStates(alarm, () => points, { from: 0, to: course.length - 1 });
  return states.flatMap(({ minute, state }): Wrong[] => {
    const before = states[minute - 1]?.state ?? 'INSUFFICIENT_DATA';
    // Nothing is published in a minute without a run: the alarm stays as it was.
    const isRight =
      fires[minute] === undefined
        ? state === before || state === 'OK'
        : fires[minute] === (state === 'ALARM');
    return isRight ? [] : [{ minute, state, fires: fires[minute] }];
  });
}

it('whatever runs are missed and whenever memory is lost, the alarm is in ALARM where the rule fires', () => {
  fc.assert(
    fc.property(rules, minutes, (rule, course) => {
      expect(wrongMinutes(rule, course)).toEqual([]);
    }),
    { seed: 12, numRuns: 1_500 },
  );
});
