import { readAlerts } from '../alerts/alert-memory.ts';
import { isAlike } from './alike.ts';
import { fitting } from '../samples/fitting.ts';
import { readSamples } from '../samples/samples.ts';
import type { RuleMemory } from './memory.ts';

type Left = { readonly memory: RuleMemory; readonly cells: number };

/** Of all clusters together; a cell takes eight bytes, or 24 among others that are none. */
const mostCells = 2_000_000;
const mostClusters = 100;

/** What the runs of this process left, newest first. */
let left: readonly Left[] = [];

/**
 * Spares the cluster's next run in this process reading what this one wrote: what was made of its memory hangs on that
 * object. Those that ran longest ago are forgotten where all would take too much room.
 * @param before what the run began with, which is over
 */
export function rememberRules(memory: RuleMemory, before: RuleMemory | null): void {
  const others = left.filter((each) => each.memory !== before);
  const all = [{ memory, cells: cellsIn(memory) }, ...others].slice(0, mostClusters);
  left = fitting(all, mostCells, ({ cells }) => cells);
}

/**
 * Checks what was stored, and gives it; as the run that left it knows it, where that was one of this process.
 * @throws Error that says what is wrong if it is no memory of rules
 */
export function readRules(stored: unknown): RuleMemory {
  const remembered = left.find(({ memory }) => isAlike(memory, stored))?.memory;
  if (remembered !== undefined) return remembered;
  const { samples, alerts } = (stored ?? {}) as Partial<Record<keyof RuleMemory, unknown>>;
  return { samples: readSamples(samples), alerts: readAlerts(alerts) };
}

const cellsIn = ({ samples }: RuleMemory): number =>
  samples.series.reduce((sum, { sets, at }) => sum + at.length * (samples.sets[sets]?.count ?? 0), 0);
