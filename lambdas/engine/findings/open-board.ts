import type { OpenBoard, OpenCounts } from '../../ports.ts';
import type { Observed } from '../judgement/observe.ts';
import { isDue, type Told } from '../now-and-then.ts';

/** What a check noted last of its open findings. */
export type Noted = Told & { readonly open: OpenCounts };

type Run = {
  readonly of: { readonly check: string; readonly cluster: string };
  readonly at: number;
  /** By an earlier run; null where none is remembered. */
  readonly noted: Noted | null;
  readonly board: OpenBoard | undefined;
};

/**
 * What is published of how many findings are open: those of this check in each minute in which it has any; that there are none
 * once no check of its group has any more, and now and then. The alarm of the group keeps its state in between. So nobody
 * closes what another has open, and who does not run closes nothing.
 * @throws Error if the board could not be written: then nothing is remembered, and the next run notes it
 */
export async function tellOpen(
  open: readonly Observed[],
  { of, at, noted, board }: Run,
): Promise<{ readonly told: readonly Observed[]; readonly noted: Noted | null }> {
  if (board === undefined) return { told: open, noted };
  const next = notedAnew(open, noted, at);
  const group = next === null ? null : await board.note(of, next.open);
  return { told: toldOf(open, group), noted: next ?? noted };
}

/** What a check is to note; null where it needs not. */
export function notedAnew(open: readonly Observed[], last: Noted | null, at: number): Noted | null {
  const counts: OpenCounts = Object.fromEntries(
    open.map((each) => [severityOf(each), each.observation.value]),
  );
  if (last === null || JSON.stringify(last.open) !== JSON.stringify(counts))
    return { open: counts, at, since: at };
  return isDue(last, at) ? { open: counts, at, since: last.since } : null;
}

/** @param group what its group has open as a whole; null where that is not known, or was not asked */
export const toldOf = (open: readonly Observed[], group: OpenCounts | null): readonly Observed[] =>
  open.filter(
    (each) => each.observation.value > 0 || (group !== null && (group[severityOf(each)] ?? 0) === 0),
  );

const severityOf = ({ observation }: Observed) => observation.labels['severity'] as keyof OpenCounts;
