import { setTimeout as pause } from 'node:timers/promises';
import { unsentOf, type Datapoint, type MetricSink } from '../ports.ts';

/** CloudWatch's limit of a request. */
const mostPoints = 1_000;
/** For those that are slower: a request costs as much as a second of a function of 512 MB. */
const waitMs = 250;

type Waiting = {
  readonly datapoints: readonly Datapoint[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
};

/**
 * Puts of the runs of one invocation in common requests. They wait until each run that has not ended has put something, and a
 * moment at most. What one puts is in one request, and it hears of that one alone.
 * @param check throws for what the sink would refuse, so that no other waits for it in vain
 */
export function joinedMetrics(
  sink: MetricSink,
  {
    runs,
    check,
    wait = pause,
  }: {
    readonly runs: number;
    readonly check: (datapoints: readonly Datapoint[]) => void;
    readonly wait?: (ms: number) => Promise<unknown>;
  },
): MetricSink & {
  /** One of the runs has ended. */
  readonly ended: () => void;
} {
  let waiting: Waiting[] = [];
  let going = runs;
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (const some of together(all)) {
      sink.put(some.flatMap(({ datapoints }) => datapoints)).then(
        () => some.forEach(({ resolve }) => resolve()),
        (reason: unknown) =>
          some.forEach(({ datapoints, resolve, reject }) => {
            if (unsentOf(reason, datapoints).length === 0) resolve();
            else reject(reason);
          }),
      );
    }
  };
  const flushIfAll = (): void => {
    if (waiting.length > 0 && waiting.length >= going) flush();
  };
  return {
    put: async (datapoints) => {
      if (datapoints.length === 0) return;
      check(datapoints);
      await new Promise<void>((resolve, reject) => {
        waiting.push({ datapoints, resolve, reject });
        if (waiting.length === 1 && going > 1) {
          const [first] = waiting;
          void wait(waitMs).then(() => {
            if (waiting[0] === first) flush();
          });
        }
        flushIfAll();
      });
    },
    ended: () => {
      going -= 1;
      flushIfAll();
    },
  };
}

/** As few requests as hold them, what is put together in one. */
function together(all: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const requests: Waiting[][] = [];
  let points = Infinity;
  for (const each of all) {
    points += each.datapoints.length;
    if (points > mostPoints) {
      requests.push([]);
      points = each.datapoints.length;
    }
    requests.at(-1)?.push(each);
  }
  return requests;
}
