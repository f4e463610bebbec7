import type { AskedGroup } from '../define.ts';
import type { Judgement } from '../engine/judgement/judge.ts';
import type { Snapshot } from '../engine/judgement/views.ts';
import type { Source } from '../ports.ts';
import { endpoints, readEndpoint, type Raftz } from '../readings/endpoints.ts';
import type { Reading } from '../readings/reading.ts';

/** Small replies, but one request each. */
const mostAsked = 8;

/** What verdicts ask for, the first of it. */
export const askedFor = (judgements: readonly Judgement[]): readonly AskedGroup[] =>
  judgements.flatMap(({ asks = [] }) => asks).slice(0, mostAsked);

/** The groups of one server, or the failure that one of them is. */
const joined = (readings: readonly Reading<Raftz>[]): Reading<Raftz> =>
  readings.find((reading) => !reading.ok) ?? {
    ok: true,
    value: { groups: readings.flatMap((reading) => (reading.ok ? reading.value.groups : [])) },
  };

/** The snapshot with the raft groups that were asked for. */
export async function withAsked(
  snapshot: Snapshot,
  asked: readonly AskedGroup[],
  source: Source,
): Promise<Snapshot> {
  const byTarget = Map.groupBy(asked, ({ target }) => target.name);
  const servers = snapshot.servers.map(async (server) => {
    const own = byTarget.get(server.target.name);
    if (own === undefined) return server;
    const read = await Promise.all(
      own.map((each) => readEndpoint(source, server.target, endpoints.raftz(each))),
    );
    return { ...server, readings: { ...server.readings, raftz: joined(read) } };
  });
  return { ...snapshot, servers: await Promise.all(servers) };
}
