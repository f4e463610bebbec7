import type { Check, ClusterFacts, Diagnosis } from '../../define.ts';
import { reachable, type LimitBook } from '../../limits.ts';
import { coveringAlarm } from '../alarm-names.ts';
import type { Level } from './finding-state.ts';

/**
 * The diagnoses of a check whose findings can have this severity in a cluster of so many servers, of which so much is expected,
 * with no rule's alarm that pages for them: by the level of all, by that of some streams or consumers, or by one that an owner sets.
 */
export const uncovered = (
  { diagnoses }: Pick<Check, 'diagnoses'>,
  severity: Level,
  {
    book,
    facts,
  }: {
    readonly book: LimitBook;
    readonly facts: Pick<ClusterFacts, 'covered' | 'expect' | 'mostServers'>;
  },
): readonly Diagnosis[] =>
  diagnoses.filter((diagnosis) => {
    if (diagnosis.ofNames === true && Number.isFinite(facts.mostServers)) return false;
    if (diagnosis.expects !== undefined && facts.expect[diagnosis.expects] === undefined) return false;
    const known = book.get(diagnosis.id);
    return [known?.limits ?? diagnosis.limits, ...(known?.ofAssets ?? []).map(({ limits }) => limits)].some(
      (limits) =>
        Object.entries(limits).some(
          ([name, limit]) =>
            reachable(limit).includes(severity) &&
            (limit.servers ?? 1) <= facts.mostServers &&
            coveringAlarm(diagnosis, name, severity, facts) === undefined,
        ),
    );
  });
