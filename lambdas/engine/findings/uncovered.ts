import type { Check, ClusterFacts, Diagnosis } from '../../define.ts';
import type { LimitBook } from '../../limits.ts';
import { coveringAlarm } from '../alarm-names.ts';
import type { Level } from './finding-state.ts';

/** The diagnoses of a check whose findings can have this severity in a cluster, with no rule's alarm that pages for them. */
export const uncovered = (
  { diagnoses }: Pick<Check, 'diagnoses'>,
  severity: Level,
  { book, facts }: { readonly book: LimitBook; readonly facts: Pick<ClusterFacts, 'covered'> },
): readonly Diagnosis[] =>
  diagnoses.filter((diagnosis) =>
    Object.entries(book.get(diagnosis.id)?.limits ?? diagnosis.limits).some(
      ([name, { levels }]) =>
        levels[severity] !== undefined && coveringAlarm(diagnosis, name, severity, facts) === undefined,
    ),
  );
