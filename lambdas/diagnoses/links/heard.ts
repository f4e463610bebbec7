import { seconds, type Known, type Target } from '../../define.ts';
import type { Routez, Varz } from '../../readings/endpoints.ts';
import type { Pair } from './common-end.ts';
import { peerNames } from './route-pairs.ts';

type Linked = { readonly id: string; readonly target: Target; readonly varz: Varz; readonly routez: Routez };

/** What has come from one server (b) to another (a), over all routes between them; `weight` is for how many seconds nothing has. */
export type Heard = Pair & {
  readonly url: string;
  readonly routes: number;
  readonly received: number;
  readonly sent: number;
  /** When the first of the routes was opened, epoch ms. */
  readonly start: number;
  /** Since when nothing has come, by the clock of the server that receives, epoch ms. */
  readonly since: number;
};

type History = (update: (before: ReadonlyMap<string, Known>) => ReadonlyMap<string, string>) => {
  readonly before: ReadonlyMap<string, Known>;
};
type Last = Pick<Heard, 'received' | 'start' | 'since'>;

/**
 * @param isLeftOut peers, by id, of which others tell
 * @param history of its own, which is recorded
 */
export function heardOf(
  members: readonly Linked[],
  isLeftOut: (peer: string) => boolean,
  history: History,
): readonly Heard[] {
  const nameOf = peerNames(members);
  // Without a system account nobody sends STATSZ: then nothing comes where nobody publishes.
  const all = members
    .filter(({ varz }) => varz.system_account !== undefined)
    .flatMap(({ target, routez: { now, routes } }) =>
      [...Map.groupBy(routes, ({ remote_id: id }) => id).values()].flatMap((own) => {
        const [first] = own;
        if (first === undefined || isLeftOut(first.remote_id)) return [];
        const sum = (of: (route: (typeof own)[number]) => number) =>
          own.reduce((total, route) => total + of(route), 0);
        return {
          ...{ a: target.name, b: nameOf(first), url: target.url, now, routes: own.length },
          received: sum(({ in_msgs }) => in_msgs),
          sent: sum(({ out_msgs }) => out_msgs),
          start: Math.min(...own.map(({ start }) => start)),
        };
      }),
    );
  const lastOf = (each: (typeof all)[number], known: ReadonlyMap<string, Known>): Last => {
    const { received, start, now } = each;
    const kept = known.get(keyOf(each));
    const last = kept === undefined ? null : (JSON.parse(kept.value) as Last);
    return last?.received === received && last.start === start ? last : { received, start, since: now };
  };
  const { before } = history(
    (known) => new Map(all.map((each) => [keyOf(each), JSON.stringify(lastOf(each, known))])),
  );
  return all.map(({ now, ...each }) => {
    const { since } = lastOf({ ...each, now }, before);
    return { ...each, since, weight: Math.max(0, now - since) / seconds(1) };
  });
}

const keyOf = ({ a, b }: Pick<Heard, 'a' | 'b'>): string => JSON.stringify([a, b]);
