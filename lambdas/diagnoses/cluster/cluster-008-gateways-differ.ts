import { atLeast, defineDiagnosis, from, measured, minutes, nothing, set } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { gatewayCommands, gatewayServersOf, missingGateways, rememberedFor } from '../links/gateways.ts';
import { membersOf, notCompared, type Member } from '../members.ts';
import { tally } from '../tally.ts';

type Odd = { readonly member: Member; readonly says: string };

/**
 * By what is connected: servers tell each other of clusters that few have configured. A gateway that a server has configured,
 * or had, is CLUSTER_113's and CLUSTER_007's.
 */
export default defineDiagnosis({
  id: 'CLUSTER_008',
  title: 'Servers of a cluster have different gateways',
  scope: 'cluster',
  reads: { gatewayz: from() },
  history: { seen: set(rememberedFor) },
  limits: {
    differ: atLeast(
      { warning: 1 },
      {
        unit: 'count',
        servers: 3,
        of: 'servers of a cluster of three or more whose gateways are not those of most others',
      },
    ),
  },
  // A configuration that is rolled out server by server is the same for all by then, and so is what they learn.
  for: minutes(15),
  why:
    'Clients find another cluster or not, by which server they are connected to. A server without gateways passes nothing on ' +
    'either: servers send to other clusters what their own clients publish, not what comes by routes.',
  remedy:
    'Compare `gateway { … }` of these servers with that of the others: the same name and the same `gateways` on all, and a ' +
    'listener that others can reach. Restart one whose configuration was changed: gateways are not reloaded.',
  evaluate({ servers, unread }, { cluster: { expect } }) {
    const own = new Map(gatewayServersOf(servers, expect.gateways).map((each) => [each.id, each]));
    const missed = Map.groupBy(missingGateways([...own.values()]), ({ server }) => server.id);
    const clusters = [...Map.groupBy(membersOf(servers), ({ cluster }) => cluster)].filter(
      ([, members]) => members.length >= 3 && members.some(({ id }) => own.has(id)),
    );
    if (clusters.length === 0)
      return notCompared(unread, 'no three watched servers of one cluster with gateways');
    const measurements = clusters.map(([cluster, members]) => {
      const remotes = tally(members.flatMap(({ id }) => [...(own.get(id)?.outbound.keys() ?? [])]));
      const isOfMost = (count: number) => count * 2 > members.length;
      const odd = members.flatMap((member): readonly Odd[] => {
        const server = own.get(member.id);
        const known = new Set([
          ...(server?.outbound.keys() ?? []),
          ...(missed.get(member.id) ?? []).map(({ remote }) => remote),
        ]);
        const lacks = remotes.flatMap(([remote, n]) => (isOfMost(n) && !known.has(remote) ? [remote] : []));
        const alone = remotes.flatMap(([remote, n]) =>
          !isOfMost(n) && n * 2 < members.length && server?.outbound.has(remote) ? [remote] : [],
        );
        const says = [
          ...(lacks.length > 0 ? [`has none to ${inline(lacks)}`] : []),
          ...(alone.length > 0 ? [`has one to ${inline(alone)}, and most others have not`] : []),
        ];
        if (says.length === 0) return [];
        return [{ member, says: server === undefined ? 'has no gateways at all' : says.join('; ') }];
      });
      return {
        limit: 'differ' as const,
        entity: { kind: 'cluster' as const, name: cluster },
        value: odd.length,
        data: { cluster, members: members.length, odd, remotes },
      };
    });
    const differing = measurements.filter(({ value }) => value > 0);
    if (differing.length === 0) return nothing('servers of each cluster have the same gateways, up or lost');
    return measured(inline(differing.flatMap(({ data: { odd } }) => odd.map(sayOf))), measurements);
  },
  describe: ({ value, data: { cluster, members, odd, remotes } }) => ({
    summary: `Of ${plural(members, 'watched server')} of cluster ${cluster}, ${formatCount(value)} ${value === 1 ? 'has' : 'have'} other gateways than most: ${inline(odd.map(sayOf))}.`,
    evidence: [
      ...odd.map(sayOf),
      ...remotes.map(
        ([remote, n]) =>
          `${plural(n, 'server')} of ${formatCount(members)} ${n === 1 ? 'has' : 'have'} a gateway to ${remote}`,
      ),
    ],
    commands: gatewayCommands(odd[0]?.member.target ?? { name: '', url: '' }),
  }),
});

const sayOf = ({ member: { target }, says }: Odd): string => `${target.name} ${says}`;
