import type { Brief, Diagnosis } from '../../lambdas/define.ts';

type Listed = Pick<Diagnosis, 'id' | 'title' | 'brief'>;

/**
 * What may be found, the longest form first: titles with ids, titles, the few words that diagnoses have for it, fewer and fewer
 * of them before ids alone.
 */
export const listForms = (found: readonly Listed[]): readonly string[] => [
  found.map(({ id, title }) => `${title} (${id})`).join('; '),
  found.map(({ title }) => title).join('; '),
  inBrief(found).join('; '),
  // Of very long names there is room for fewer.
  ...found.map((_, i) => {
    const [told, left] = [found.slice(0, -i - 1), found.slice(-i - 1)];
    return [...inBrief(told), ...bySuite(left)].join('; ');
  }),
];

/** `streams (no quorum, no leader); servers (slow disk)`, and titles of what has no such words. */
function inBrief(found: readonly Listed[]): readonly string[] {
  const briefs = found.flatMap(({ brief }): readonly Brief[] => (brief === undefined ? [] : [brief]));
  const groups = [...Map.groupBy(briefs, ([about]) => about)].map(
    ([about, own]) => `${about} (${own.map(([, wrong]) => wrong).join(', ')})`,
  );
  const titles = found.flatMap(({ brief, title }) => (brief === undefined ? [title] : []));
  return [...groups, ...titles];
}

/** `SERVER_101, 102; LEAF_003`: what many ids have in common once. */
const bySuite = (found: readonly Listed[]): readonly string[] =>
  [...Map.groupBy(found, ({ id }) => id.replace(/_\d+$/, ''))].map(
    ([suite, own]) => `${suite}_${own.map(({ id }) => id.slice(suite.length + 1)).join(', ')}`,
  );
