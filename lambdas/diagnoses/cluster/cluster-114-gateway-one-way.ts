import { atLeast, defineDiagnosis, from, known, measured, minutes, nothing, set } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import {
  gatewayCommands,
  gatewayServersOf,
  missingGateways,
  noGateways,
  rememberedFor,
  type GatewayServer,
} from '../links/gateways.ts';

/** Which way nothing goes. */
type Way = 'out' | 'in';

/**
 * A server has one gateway out to each remote cluster, and those in that its servers chose it for, which may be none. So
 * that nothing comes in is said of a cluster whose members were all read, and that nothing goes out where no configuration names
 * the cluster: else it is CLUSTER_113's or CLUSTER_007's.
 */
export default defineDiagnosis({
  id: 'CLUSTER_114',
  title: 'Gateways work in one direction only',
  scope: 'cluster',
  reads: { gatewayz: from() },
  history: { seen: set(rememberedFor) },
  limits: {
    oneWay: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers whose gateways to or from a cluster have none in the other direction' },
    ),
  },
  for: minutes(5),
  why:
    'Each direction is a connection of its own, dialled by who sends. Requests arrive and their answers do not, or the other way ' +
    'round: clients see time-outs and no error.',
  remedy:
    'Who sends must reach the gateway port of the other side (usually 7222): is it open in both directions (security groups, ' +
    'peering, NAT)? Does `gateway.advertise` of either side name an address that the other can reach? Without it servers ' +
    'tell the one they listen at. Does one side `reject_unknown_cluster`?',
  evaluate({ servers, unread }, { cluster: { expect } }) {
    const own = gatewayServersOf(servers, expect.gateways);
    const missing = Map.groupBy(missingGateways(own), ({ server }) => server.id);
    if (own.length === 0) return noGateways(unread);
    const measurements = [...Map.groupBy(own, (server) => server.own)].flatMap(([cluster, all]) => {
      const isWhole = all.every(({ varz }) => (known(() => varz.remotes) ?? Infinity) < all.length);
      const remotes = new Set(
        all.flatMap(({ outbound, inbound }) => [...outbound.keys(), ...inbound.keys()]),
      );
      return [...remotes].flatMap((remote) => {
        const deaf = all.filter(
          ({ id, outbound, inbound }) =>
            (inbound.get(remote)?.length ?? 0) > 0 &&
            !outbound.has(remote) &&
            !missing.get(id)?.some((each) => each.remote === remote),
        );
        const sends = all.filter(({ outbound }) => outbound.has(remote));
        const hears = all.some(({ inbound }) => (inbound.get(remote)?.length ?? 0) > 0);
        const of = (way: Way, concerned: readonly GatewayServer[]) => ({
          limit: 'oneWay' as const,
          entity: {
            kind: 'connections' as const,
            name: `gateways of ${cluster} ${way === 'out' ? 'to' : 'from'} ${remote}`,
          },
          value: concerned.length,
          data: { cluster, remote, way, concerned, servers: all.length },
        });
        return [
          ...(deaf.length > 0 ? [of('out', deaf)] : []),
          ...(isWhole && sends.length > 0 && !hears ? [of('in', sends)] : []),
        ];
      });
    });
    if (measurements.length === 0) return nothing('gateways work in both directions');
    return measured(inline(measurements.map(({ data }) => sentence(data))), measurements);
  },
  describe: ({ data }) => ({
    summary: `${sentence(data)}.`,
    evidence: data.concerned.map(
      ({ target, outbound, inbound }) =>
        `${target.name}: ${outbound.has(data.remote) ? 'one' : 'none'} to ${data.remote}, ${formatCount(inbound.get(data.remote)?.length ?? 0)} from there`,
    ),
    commands: gatewayCommands(data.concerned[0]?.target ?? { name: '', url: '' }),
  }),
});

type OneWay = {
  readonly cluster: string;
  readonly remote: string;
  readonly way: Way;
  readonly concerned: readonly GatewayServer[];
  readonly servers: number;
};

const sentence = ({ cluster, remote, way, concerned, servers }: OneWay): string =>
  way === 'in'
    ? `${plural(servers, 'server')} of ${cluster} send to ${remote}, and no gateway comes in from there`
    : `${inline(concerned.map(({ target }) => target.name))} of ${cluster} ${concerned.length === 1 ? 'has' : 'have'} gateways in from ${remote} and none out to it`;
