import type { ClusterFacts } from '../../define.ts';
import type { Target } from '../../readings/reading.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
import { compile, type CompiledPlan } from '../compile.ts';
import { publishedSeries } from './classic.ts';
import { loadPatterns } from '../patterns.ts';
import { planFor, type RulePlan } from '../plan.ts';
import { targetLabels } from '../target-labels.ts';

type Watch = { readonly plan: RulePlan; readonly facts: ClusterFacts; readonly targets: readonly Target[] };

/** What a run over a cluster starts from that its servers do not change. */
export type Prepared = {
  readonly plan: RulePlan;
  readonly compiled: CompiledPlan;
  /** What is to be read of each target. */
  readonly seriesToRead: readonly SeriesDefinition[];
};

const known = new WeakMap<Watch, Prepared>();

/** Made by the first run of a process for those after it: parsing a hundred rules takes as long as evaluating them. */
export async function preparedFor(watch: Watch): Promise<Prepared> {
  const prepared = known.get(watch) ?? (await prepare(watch));
  known.set(watch, prepared);
  return prepared;
}

async function prepare({ plan: whole, facts, targets }: Watch): Promise<Prepared> {
  const plan = planFor(whole, facts.name);
  await loadPatterns(plan);
  const labels = targets.map((target) => targetLabels(facts, target));
  const compiled = compile(plan, labels);
  const seriesToRead = [...compiled.needed.values(), [...publishedSeries(plan).values()]].flat();
  return { plan, compiled, seriesToRead: [...new Set(seriesToRead)] };
}
