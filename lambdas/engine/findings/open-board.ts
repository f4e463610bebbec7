import { hours, type Duration } from '../../durations.ts';
import type { OpenBoard, OpenCounts } from '../../ports.ts';
import type { Observed } from '../judgement/observe.ts';
import { isDue, type Told } from '../now-and-then.ts';

/** What a check noted last of its open findings. */
export type Noted = Told & {
  readonly open: OpenCounts;
  /** What was deployed then: of another deployment alarms may look at other checks and severities. */
  readonly deployed: number;
  /** The last run that was saved. A later one may have noted something, and ended before it was. */
  readonly ran: number;
  /** When it was last noted, and what the group had open as a whole then. Absent in what an older release remembers. */
  readonly notedAt?: number;
  readonly group?: OpenCounts | null;
};

/**
 * The board may have lost what stands there, or another run of the same minute may have noted something else and not been
 * saved: so long at most others go by that.
 */
const notedEvery = hours(1);

type Run = {
  readonly of: { readonly check: string; readonly cluster: string };
  readonly at: number;
  readonly every: Duration;
  readonly deployed: number;
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
  run: Run,
): Promise<{ readonly told: readonly Observed[]; readonly noted: Noted | null }> {
  const { of, at, noted, board } = run;
  if (board === undefined) return { told: open, noted };
  const next = notedAnew(open, run);
  const latest = next ?? noted;
  if (latest === null || (next === null && at - (latest.notedAt ?? 0) < notedEvery))
    return { told: toldOf(open, null), noted: latest === null ? null : { ...latest, ran: at } };
  const group = await board.note(of, latest.open);
  const news = next === null ? open.filter((each) => !wasToldClosed(each, latest)) : open;
  return { told: toldOf(news, group), noted: { ...latest, ran: at, notedAt: at, group } };
}

/** Whether the group had none open when this was noted last. */
const wasToldClosed = (each: Observed, { group }: Noted): boolean =>
  each.observation.value === 0 && group?.[severityOf(each)] === 0;

/** What a check is to note; null where it needs not. */
export function notedAnew(
  open: readonly Observed[],
  { noted: last, at, every, deployed }: Omit<Run, 'of' | 'board'>,
): Noted | null {
  const counts: OpenCounts = Object.fromEntries(
    open.map((each) => [severityOf(each), each.observation.value]),
  );
  const now = { open: counts, deployed, at, ran: at };
  if (last?.deployed !== deployed || JSON.stringify(last.open) !== JSON.stringify(counts))
    return { ...now, since: at };
  return isDue(last, at) || at - last.ran > every ? { ...now, since: last.since } : null;
}

/** @param group what its group has open as a whole; null where that is not known, or was not asked */
export const toldOf = (open: readonly Observed[], group: OpenCounts | null): readonly Observed[] =>
  open.filter(
    (each) => each.observation.value > 0 || (group !== null && (group[severityOf(each)] ?? 0) === 0),
  );

const severityOf = ({ observation }: Observed) => observation.labels['severity'] as keyof OpenCounts;
