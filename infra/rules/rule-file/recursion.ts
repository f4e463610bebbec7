import { matches, metricName, parse, selectorsOf } from '../../../lambdas/promql/index.ts';
import type { Edition, Selector } from '../../../lambdas/promql/index.ts';
import type { RuleFileGroup } from './group.ts';
import type { RuleFileProblem } from './problem.ts';
import '../patterns.ts';

/** Recorded name -> recorded names that its rules read. */
type Reads = ReadonlyMap<string, ReadonlySet<string>>;

/** How often recorded names are held against selectors that have no name but a pattern, or found by them. */
const mostComparisons = 2_000_000;
const mostNamesShown = 8;
/** How many recordings may be read one through the other. */
const mostLevels = 100;

/**
 * Recorded series that are computed from themselves, one problem a circle, over all files given. Prometheus would take
 * what it recorded last time; here recorded series are not kept, and the circle has no beginning. Without circles, the
 * first that is computed through too many others. Judged by names alone.
 */
export function recursions(groups: readonly RuleFileGroup[], edition: Edition): readonly RuleFileProblem[] {
  const placeOf = firstPlaces(groups);
  const reads = readsOf(groups, edition);
  if (reads === null) {
    const message = `recorded series are read by too many patterns of their names; write the names`;
    return [...placeOf.values()].slice(0, 1).map((place) => ({ ...place, message }));
  }
  const circles = circlesOf(reads);
  if (circles.length === 0) return tooDeep(reads).flatMap((name) => placed(placeOf.get(name), deepMessage));
  return circles.flatMap((circle) => {
    const [first = ''] = circle;
    const shown = circle.slice(0, mostNamesShown);
    const left = circle.length - shown.length;
    const way = [...shown, ...(left > 0 ? [`${left} more`] : []), first].join(' -> ');
    return placed(placeOf.get(first), `a recorded series is computed from itself: ${way}`);
  });
}

const deepMessage = `a recorded series is computed through more than ${mostLevels} others, one from the other`;

type RulePlace = Omit<RuleFileProblem, 'message'>;
const placed = (place: RulePlace | undefined, message: string): readonly RuleFileProblem[] =>
  place === undefined ? [] : [{ ...place, message }];

/** The first name that is left when those that read none of the others are taken away so many times. */
function tooDeep(reads: Reads): readonly string[] {
  let left = reads;
  for (let level = 0; level <= mostLevels && left.size > 0; level += 1) {
    const before = left;
    left = new Map([...before].filter(([, names]) => [...names].some((name) => before.has(name))));
  }
  return [...left.keys()].slice(0, 1);
}

function firstPlaces(groups: readonly RuleFileGroup[]): ReadonlyMap<string, RulePlace> {
  const places = new Map<string, RulePlace>();
  for (const { file, name: group, rules } of groups) {
    for (const [index, rule] of rules.entries()) {
      if (rule.kind !== 'record' || places.has(rule.record)) continue;
      places.set(rule.record, { file, group, rule: index + 1, name: rule.record, at: rule.exprAt });
    }
  }
  return places;
}

/** Null above that limit. */
function readsOf(groups: readonly RuleFileGroup[], edition: Edition): Reads | null {
  const rules = groups.flatMap((group) => group.rules).filter((rule) => rule.kind === 'record');
  const reads = new Map(rules.map(({ record }) => [record, new Set<string>()]));
  const patterns = new Map<string, readonly string[]>();
  let cost = 0;
  const namesOf = ({ matchers }: Selector): readonly string[] => {
    const onName = matchers.filter(({ label }) => label === metricName);
    const exact = onName.find(({ operator }) => operator === '=');
    if (exact !== undefined) return reads.has(exact.value) ? [exact.value] : [];
    const key = JSON.stringify(onName);
    const known = patterns.get(key);
    if (known === undefined) cost += reads.size;
    if (cost > mostComparisons) return [];
    const found = [...reads.keys()].filter((name) => onName.every((each) => matches(each, name, edition)));
    patterns.set(key, known ?? found);
    cost += found.length;
    return known ?? found;
  };
  for (const { record, expr } of rules) {
    const { ast } = parse(expr, edition);
    for (const selector of ast === undefined ? [] : selectorsOf(ast)) {
      for (const name of namesOf(selector)) reads.get(record)?.add(name);
    }
    if (cost > mostComparisons) return null;
  }
  return reads;
}

/** By walking from name to name; a name already on the way closes a circle. No name is in two circles reported. */
function circlesOf(reads: Reads): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const reported = new Set<string>();
  const done = new Set<string>();
  for (const start of reads.keys()) {
    const way: { readonly name: string; readonly ahead: Iterator<string> }[] = [];
    const placeOnWay = new Map<string, number>();
    const enter = (name: string): void => {
      placeOnWay.set(name, way.length);
      way.push({ name, ahead: (reads.get(name) ?? new Set<string>()).values() });
    };
    if (!done.has(start)) enter(start);
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const next = here.ahead.next();
      if (next.done === true) {
        way.pop();
        placeOnWay.delete(here.name);
        done.add(here.name);
        continue;
      }
      const place = placeOnWay.get(next.value);
      if (place === undefined) {
        if (!done.has(next.value)) enter(next.value);
      } else if (!reported.has(next.value)) {
        const circle = way.slice(place).map(({ name }) => name);
        for (const name of circle) reported.add(name);
        circles.push(circle);
      }
    }
  }
  return circles;
}
