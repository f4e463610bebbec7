import type { Check, Decides, Diagnosis, Endpoint, Read } from '../../define.ts';
import { minutes } from '../../durations.ts';
import type { LimitBook } from '../../limits.ts';
import { known } from '../../readings/decoders/impossible.ts';
import type { Target } from '../../readings/reading.ts';
import type { Judgement } from './judge.ts';
import type { Snapshot } from './views.ts';

type ReadBy = { readonly diagnosis: Diagnosis; readonly read: Read };

const readsOf = ({ diagnoses }: Check, endpoint: Endpoint): readonly ReadBy[] =>
  diagnoses.flatMap((diagnosis) => {
    const read = diagnosis.reads[endpoint];
    return read === undefined ? [] : [{ diagnosis, read }];
  });

/** How a check reads the closed ring. */
export type RingUse = {
  /** Null: in every run, all that stopped since the last. Else how far back it explains, ms. */
  readonly explainsMs: number | null;
  /** Whether rows are counted of a server, and so read whatever is found. */
  readonly decides: Decides;
};

/** How a check reads the closed ring; null for one that does not. */
export function ringUseOf(check: Check, book: LimitBook): RingUse | null {
  const all = readsOf(check, 'closed');
  const isSubject =
    all.some(({ read }) => read.mode !== 'explaining') || check.series.some(({ reads }) => 'closed' in reads);
  if (isSubject) return { explainsMs: null, decides: () => true };
  if (all.length === 0) return null;
  const spans = all.map(({ diagnosis, read: { over } }) => {
    const limits = book.get(diagnosis.id)?.limits ?? diagnosis.limits;
    return typeof over === 'string' ? limits[over]?.over : over;
  });
  return {
    explainsMs: Math.max(...spans.map((span) => span ?? minutes(0))),
    decides: (varz, isKnown) =>
      all.some(({ read }) => known(() => read.decides?.(varz, isKnown) ?? false) === true),
  };
}

const explains = ({ reads }: Diagnosis): boolean => reads.closed?.mode === 'explaining';

/** The servers whose closed ring may explain what was found, and has not been read. */
export function toExplain(snapshot: Snapshot, judgements: readonly Judgement[]): readonly Target[] {
  const reported = judgements.filter(
    ({ diagnosis, breaches }) =>
      explains(diagnosis) &&
      breaches.some(({ levels }) => levels.some(({ severity }) => severity !== 'info')),
  );
  const isAbout = ({ name }: Target) =>
    reported.some(({ target }) => target === null || target.name === name);
  return snapshot.servers
    .filter(
      ({ target, readings }) =>
        readings.closed === undefined && readings.varz?.ok === true && isAbout(target),
    )
    .map(({ target }) => target);
}

/** Whether a diagnosis is to be evaluated anew once more rings were read: rows are shown once. */
export const isExplained = explains;
