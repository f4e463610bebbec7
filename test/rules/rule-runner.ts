import type { Edition } from '../../lambdas/promql/index.ts';
import type { RuleMemory } from '../../lambdas/rules/evaluation/memory.ts';
import { runRules, type AlertResult, type RuleRun } from '../../lambdas/rules/evaluation/run-rules.ts';
import { deploymentOf } from './deployed.ts';
import type { WrittenRule } from './firing.ts';

const minute = 60_000;
export type Value = readonly [consumer: string, value: number, server?: string];

/** What consumers have pending in one minute. */
const pending = (values: readonly Value[]) =>
  new Map([
    [
      'jetstream_consumer_num_pending',
      values.map(([consumer_name, value, server_id = 'x']) => ({
        labels: { server_id, instance: `${server_id}.example:8222`, job: 'nats', consumer_name },
        value,
      })),
    ],
  ]);

/** Runs of these rules, one after another, memory as JSON between them. */
export function runner(
  rules: readonly WrittenRule[],
  per: 'server' | 'cluster' = 'server',
  edition: Edition = 2,
) {
  let memory: RuleMemory | null = null;
  let { compiled } = deploymentOf({ groups: [rules], per }, edition);
  return {
    run: (at: number, values: readonly Value[]): RuleRun => {
      const run = runRules(compiled, memory, { at: at * minute, samples: pending(values) });
      memory = JSON.parse(JSON.stringify(run.memory)) as RuleMemory;
      return run;
    },
    deploy: (changed: readonly WrittenRule[]): void => {
      ({ compiled } = deploymentOf({ groups: [changed], per }, edition));
    },
  };
}

export const rule = (expr: string, rest: Partial<WrittenRule> = {}): WrittenRule => ({
  alert: 'Rule',
  expr,
  ...rest,
});
/** The series that the rules of these tests are about. */
export const series = 'jetstream_consumer_num_pending';

/** Of each target, `cluster` for the whole, the points as minutes and values. */
export const pointsIn = ({ alerts }: RuleRun) =>
  Object.fromEntries(
    alerts.map(({ target, points }) => [
      target ?? 'cluster',
      points.map(({ at, value }) => [at / minute, value]),
    ]),
  );

/** Of each alert the consumer, the value, the minute since when, and its state. */
export const entitiesIn = ({ alerts }: RuleRun) =>
  alerts.flatMap(({ entities }: AlertResult) =>
    entities.map(({ labels, value, activeAt, state }) => [
      labels['consumer_name'],
      value,
      activeAt / minute,
      state,
    ]),
  );
