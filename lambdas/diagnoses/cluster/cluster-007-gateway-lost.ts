import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  latest,
  measured,
  minutes,
  nothing,
  set,
} from '../../define.ts';
import { inline } from '../../engine/format.ts';
import {
  gatewayServersOf,
  learntFor,
  missingGateways,
  noGateways,
  rememberedFor,
  silentClusters,
} from '../links/gateways.ts';
import { missingTogether, missingWords, whichGateways } from '../links/missing-words.ts';

/**
 * By outbound gateways: inbound ones come and go, as each server of the other side chooses one of these. Where all servers of a
 * remote cluster are watched and none answers, SERVER_101 tells.
 */
export default defineDiagnosis({
  id: 'CLUSTER_007',
  title: 'A gateway to another cluster is lost',
  scope: 'cluster',
  reads: { gatewayz: from() },
  history: { seen: set(rememberedFor), places: latest(rememberedFor) },
  limits: {
    lost: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'servers without the gateway that they had, and that is configured or expected' },
    ),
    learnt: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers without a gateway that they had learnt of' },
    ),
  },
  // A server of the other cluster that restarts is followed by another one, or is back.
  for: minutes(2),
  why:
    'What these servers should send to that cluster goes nowhere: requests find no responders, JetStream sources and mirrors ' +
    'over it stand. Each cluster goes on by itself.',
  remedy:
    'Are servers of the other cluster up? Then it is the way to them: is their gateway port (`gateway.port`, usually 7222) open ' +
    'from here (security groups, peering, `nc -vz <host> 7222`), have certificates expired, do names and `gateway.authorization` ' +
    'match? The log says which ("Error connecting to explicit gateway", "TLS gateway handshake error"). One that no configuration ' +
    `names is forgotten ${formatDuration(learntFor)} after it was last seen, as clusters are taken down on purpose, too: configure it, or put it ` +
    'into `expect.gateways` of settings, to have it missed for as long as it is gone.',
  evaluate({ servers, unread, history }, { at, cluster }) {
    const own = gatewayServersOf(servers, cluster.expect.gateways);
    const silent = silentClusters(servers, unread, history.places);
    const missing = missingGateways(own);
    if (own.length === 0) return noGateways(unread);
    const lost = missing.filter(
      ({ remote, isWanted, lastSeen }) =>
        lastSeen !== null && !silent.has(remote) && (isWanted || at - lastSeen <= learntFor),
    );
    const together = missingTogether(lost, own);
    if (together.length === 0) return nothing('no gateway is lost');
    return measured(
      `lost: ${inline(together.map(whichGateways))}`,
      together.map(({ entity: name, ...data }) => ({
        limit: data.missing.some(({ isWanted }) => isWanted) ? ('lost' as const) : ('learnt' as const),
        entity: { kind: 'connections' as const, name },
        value: data.missing.length,
        data,
      })),
    );
  },
  describe: ({ data }) => missingWords(data, ['is lost', 'are lost']),
});
