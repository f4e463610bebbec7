import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import type { Description } from '../../define.ts';
import { byCommonEnd } from './common-end.ts';
import { endsOf, gatewayCommands, gatewaysWith, type GatewayServer, type Missing } from './gateways.ts';

/** Gateways that are missing, and what they have in common. */
export type MissingTogether = {
  readonly own: string;
  readonly missing: readonly Missing[];
  /** Watched servers of that cluster. */
  readonly servers: number;
};

/** Missing gateways of each cluster by the server or the remote cluster that most of them have in common. */
export const missingTogether = (
  missing: readonly Missing[],
  servers: readonly GatewayServer[],
): readonly (MissingTogether & { readonly entity: string })[] =>
  [...Map.groupBy(missing, ({ server }) => server.own)].flatMap(([own, all]) => {
    const pairs = all.map((each) => ({ ...endsOf(each), each }));
    return byCommonEnd(pairs, pairs).map(({ end, pairs: common }) => ({
      ...{ own, entity: gatewaysWith(end, own) },
      missing: common.map(({ each }) => each),
      servers: servers.filter((server) => server.own === own).length,
    }));
  });

/** `n1 to west`, or `2 of 3 servers of east to west`. */
export function whichGateways({ own, missing, servers }: MissingTogether): string {
  const remotes = [...new Set(missing.map(({ remote }) => remote))];
  const names = [...new Set(missing.map(({ server }) => server.target.name))];
  const [name = ''] = names;
  const from =
    names.length === 1 ? name : `${formatCount(names.length)} of ${plural(servers, 'server')} of ${own}`;
  return `${from} to ${inline(remotes)}`;
}

/** @param are what gateways are, one and several: `is lost` and `are lost` */
export function missingWords(
  together: MissingTogether,
  [is, are]: readonly [one: string, several: string],
): Pick<Description, 'summary' | 'evidence' | 'commands'> {
  const [first] = together.missing;
  return {
    summary: `The ${together.missing.length === 1 ? 'gateway' : 'gateways'} of ${whichGateways(together)} ${together.missing.length === 1 ? is : are}.`,
    evidence: together.missing.map(({ server, remote, lastSeen, isWanted }) => {
      const urls = server.varz.gateway.gateways?.find(({ name }) => name === remote)?.urls ?? [];
      const where =
        urls.length > 0
          ? `configured at ${inline(urls)}`
          : isWanted
            ? 'expected by settings'
            : 'not configured, but learnt';
      const since = lastSeen === null ? 'never seen up' : `last seen up at ${formatTime(lastSeen)}`;
      const inbound = server.inbound.get(remote)?.length ?? 0;
      return `${server.target.name} to ${remote}: ${since}; ${where}; ${plural(inbound, 'gateway')} ${inbound === 1 ? 'comes' : 'come'} in from there`;
    }),
    commands: first === undefined ? { nats: '', curl: '' } : gatewayCommands(first.server.target),
  };
}
