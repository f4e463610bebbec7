import type { Varz } from '../../readings/endpoints.ts';
import type { Reading, Target } from '../../readings/reading.ts';
import {
  answeringAt,
  recognised,
  slotOf,
  type KnownServer,
  type KnownServers,
  type Sighting,
} from '../../readings/servers.ts';
import type { Answering } from './views.ts';

/** A target as a run read it, and who answered there. */
type Sighted = {
  readonly target: Target;
  readonly varz: Reading<Varz> | undefined;
  readonly sighting: Sighting;
};

/** Who answered at each target, in the order of the targets, and who is known from now on. */
export type WhoAnswered = { readonly answering: readonly Answering[]; readonly known: KnownServers };

/**
 * Joins what a run saw with the servers that were known before. A server counts at one of its targets: the first whose
 * `/varz` it answered, or else the first at which other replies told who it is; at the others it is a twin.
 * @param at by our clock, epoch ms
 */
export function whoAnswered(
  sighted: readonly Sighted[],
  before: readonly KnownServer[],
  at: number,
): WhoAnswered {
  const known = recognised(
    before,
    sighted.map(({ sighting }) => sighting),
    { targets: sighted.map(({ target }) => target.name), at },
  );
  const owners = new Map<string, Target>();
  const own = (each: Sighted, id: string | null) => {
    if (id !== null && !owners.has(id)) owners.set(id, each.target);
  };
  for (const each of sighted) own(each, each.varz?.ok ? each.varz.value.server_id : null);
  for (const each of sighted) own(each, answererOf(each));
  const answering = sighted.map((each): Answering => {
    const { target } = each;
    const id = answererOf(each);
    const owner = (id === null ? null : owners.get(id)) ?? target;
    return {
      id,
      slot: slotOf(known, target.name, id),
      servers: answeringAt(known, target.name, at),
      twin: owner === target ? null : owner,
    };
  });
  return { answering, known };
}

const answererOf = ({ varz, sighting }: Sighted): string | null =>
  varz?.ok ? varz.value.server_id : (sighting.instead?.id ?? null);
