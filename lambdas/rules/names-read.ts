import { selectorsOf } from '../promql/index.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import type { CompiledAlert, CompiledPlan, CompiledRecording } from './compile.ts';
import { nameOf } from './identity.ts';

/** The names that a rule reads, those behind recorded names too. */
export function namesRead(
  { ast }: CompiledAlert | CompiledRecording,
  { groups }: CompiledPlan,
): readonly string[] {
  const recordings = groups.flatMap(({ rules }) => rules.filter((each) => each.kind === 'record'));
  const seen = new Set<string>();
  const waiting = [ast];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const each of selectorsOf(next).flatMap((selector) => nameOf(selector) ?? [])) {
      if (seen.has(each)) continue;
      seen.add(each);
      waiting.push(
        ...recordings.filter(({ rule }) => rule.record === each).map((recording) => recording.ast),
      );
    }
  }
  return [...seen];
}

/** The same as what servers have of it. */
export const seriesRead = (
  rule: CompiledAlert | CompiledRecording,
  compiled: CompiledPlan,
): readonly SeriesDefinition[] => [
  ...new Set(namesRead(rule, compiled).flatMap((each) => compiled.needed.get(each) ?? [])),
];
