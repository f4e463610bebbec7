import type { Asked, AskedCertificate, AskedGroup } from '../define.ts';
import type { Judgement } from '../engine/judgement/judge.ts';
import type { Snapshot, TargetReadings } from '../engine/judgement/views.ts';
import type { Handshakes, Ports, Source } from '../ports.ts';
import type { Certificates } from '../readings/certificates.ts';
import { endpoints, readEndpoint, type Raftz } from '../readings/endpoints.ts';
import type { Reading } from '../readings/reading.ts';

/** Small replies, but one request each; and short connections, each of which may last until it is given up. */
const mostAsked: Readonly<Record<Asked['endpoint'], number>> = { raftz: 8, certificates: 64 };

/** What verdicts ask for, the first of it. */
export function askedFor(judgements: readonly Judgement[]): readonly Asked[] {
  const all = Map.groupBy(
    judgements.flatMap(({ asks = [] }) => asks),
    ({ endpoint }) => endpoint,
  );
  return [...all].flatMap(([endpoint, asked]) => asked.slice(0, mostAsked[endpoint]));
}

/** The groups of one server, or the failure that one of them is. */
const joined = (readings: readonly Reading<Raftz>[]): Reading<Raftz> =>
  readings.find((reading) => !reading.ok) ?? {
    ok: true,
    value: { groups: readings.flatMap((reading) => (reading.ok ? reading.value.groups : [])) },
  };

const readGroups = async (source: Source, asked: readonly AskedGroup[]): Promise<Reading<Raftz>> =>
  joined(await Promise.all(asked.map((each) => readEndpoint(source, each.target, endpoints.raftz(each)))));

/** One that fails does not hide the others. */
async function readCertificates(
  handshakes: Handshakes,
  asked: readonly AskedCertificate[],
): Promise<Reading<Certificates>> {
  const ports = asked.map(
    async ({ target, port }) => [port, await handshakes.certificate(target, port)] as const,
  );
  return { ok: true, value: new Map(await Promise.all(ports)) };
}

/** The snapshot with what was asked for. */
export async function withAsked(
  snapshot: Snapshot,
  asked: readonly Asked[],
  { source, handshakes }: Pick<Ports, 'source' | 'handshakes'>,
): Promise<Snapshot> {
  const byTarget = Map.groupBy(asked, ({ target }) => target.name);
  const servers = snapshot.servers.map(async (server): Promise<TargetReadings> => {
    const own = byTarget.get(server.target.name) ?? [];
    const groups = own.filter((each) => each.endpoint === 'raftz');
    const listeners = own.filter((each) => each.endpoint === 'certificates');
    const [raftz, certificates] = await Promise.all([
      groups.length === 0 ? null : readGroups(source, groups),
      listeners.length === 0 ? null : readCertificates(handshakes, listeners),
    ]);
    const readings = {
      ...server.readings,
      ...(raftz === null ? {} : { raftz }),
      ...(certificates === null ? {} : { certificates }),
    };
    return { ...server, readings };
  });
  return { ...snapshot, servers: await Promise.all(servers) };
}
