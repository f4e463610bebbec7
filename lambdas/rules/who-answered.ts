import type { KnownServer } from '../readings/servers.ts';
import { answeringOf, behind } from '../engine/judgement/views.ts';
import { whoAnswered as whoAnsweredAt } from '../engine/judgement/who-answered.ts';
import type { Unseen } from '../define.ts';
import type { ReadTarget, SightedTarget } from './read-series.ts';

/** Each target with the server that answered there, and the servers that are known from now on. */
export function whoAnswered(
  sighted: readonly SightedTarget[],
  before: readonly KnownServer[],
  at: number,
): { readonly read: readonly ReadTarget[]; readonly servers: readonly KnownServer[] } {
  const { answering, known } = whoAnsweredAt(sighted, before, at);
  return {
    read: sighted.map((each, i) => {
      const own = answering[i];
      if (own === undefined) return each;
      // Of a server that counts elsewhere nothing is taken here: what was kept is still of whoever answered before.
      const isTaken = own.id != null && own.twin === null && known.byId(own.id) !== null;
      return { ...each, answering: own, slot: isTaken ? own.slot : null };
    }),
    servers: known.all(),
  };
}

const leadToSeveral = (read: readonly ReadTarget[]): readonly ReadTarget[] =>
  read.filter((each) => answeringOf(each).servers.length > 1);

/** The names of targets whose URLs lead to several servers. */
export const partlySeen = (read: readonly ReadTarget[]): ReadonlySet<string> =>
  new Set(leadToSeveral(read).map(({ target }) => target.name));

/** What rules did not see at these targets, whose URLs lead to several servers. */
export const hiddenFrom = (read: readonly ReadTarget[]): readonly Unseen[] =>
  leadToSeveral(read).map(({ target }) => behind(target));

/** Whose samples memory has, by target: of what did not answer, still whoever did before. */
export type SampledServers = Readonly<Record<string, string>>;

export const sampledServers = (read: readonly ReadTarget[], before: SampledServers): SampledServers =>
  Object.fromEntries(
    read.flatMap((each): (readonly [string, string])[] => {
      const { name } = each.target;
      const known = Object.hasOwn(before, name) ? before[name] : undefined;
      const slot = each.slot ?? known;
      return slot === undefined ? [] : [[name, slot]];
    }),
  );

/** Targets at which another server answers than the one that samples are kept of. A restarted one is the same. */
export const replacedSince = (before: SampledServers, now: SampledServers): ReadonlySet<string> =>
  new Set(Object.keys(now).filter((name) => Object.hasOwn(before, name) && before[name] !== now[name]));
