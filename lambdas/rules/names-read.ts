import { selectorsOf, type Expression } from '../promql/index.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import type { CompiledAlert, CompiledPlan, CompiledRecording } from './compile.ts';
import { nameOf } from './identity.ts';

/** A rule's expression, and those behind the recorded names that it reads. */
export function expressionsOf(
  { ast }: CompiledAlert | CompiledRecording,
  { groups }: Pick<CompiledPlan, 'groups'>,
): readonly Expression[] {
  const recordings = groups.flatMap(({ rules }) => rules.filter((each) => each.kind === 'record'));
  const found = new Set([ast]);
  // What is added is gone through as well.
  for (const next of found) {
    const names = namesIn(next);
    for (const { rule, ast: recorded } of recordings) if (names.has(rule.record)) found.add(recorded);
  }
  return [...found];
}

const namesIn = (ast: Expression): ReadonlySet<string> =>
  new Set(selectorsOf(ast).flatMap((selector) => nameOf(selector) ?? []));

/** The names that a rule reads, those behind recorded names too. */
export const namesRead = (rule: CompiledAlert | CompiledRecording, plan: CompiledPlan): readonly string[] => [
  ...new Set(expressionsOf(rule, plan).flatMap((ast) => [...namesIn(ast)])),
];

/** The same as what servers have of it. */
export const seriesRead = (
  rule: CompiledAlert | CompiledRecording,
  compiled: CompiledPlan,
): readonly SeriesDefinition[] => [
  ...new Set(namesRead(rule, compiled).flatMap((each) => compiled.needed.get(each) ?? [])),
];
