import { atLeast, defineDiagnosis, from, latest, measured, minutes, nothing, set } from '../../define.ts';
import type { Target } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import {
  gatewayCommands,
  gatewayServersOf,
  missingGateways,
  noGateways,
  rememberedFor,
  silentClusters,
  type Expected,
  type GatewayServer,
  type Missing,
} from '../links/gateways.ts';
import { missingTogether, missingWords, whichGateways } from '../links/missing-words.ts';

/** A server that has fewer gateways than settings expect, whichever they are. */
type Short = { readonly target: Target; readonly has: number; readonly short: number };

/** One that was up before is CLUSTER_007's. Without memory nobody knows that, and it is told here. */
export default defineDiagnosis({
  id: 'CLUSTER_113',
  title: 'A gateway was never up',
  scope: 'cluster',
  reads: { gatewayz: from() },
  history: { seen: set(rememberedFor), places: latest(rememberedFor) },
  limits: {
    missing: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers without a gateway that is configured or expected' },
    ),
    fewer: atLeast({ warning: 1 }, { unit: 'count', of: 'gateways of a server fewer than settings expect' }),
  },
  for: minutes(5),
  why:
    'Servers try for ever and say so in their logs alone: /gatewayz shows only what is connected. Messages to that cluster go ' +
    'nowhere.',
  remedy:
    'Is the other cluster up, and do `urls` of the gateway name addresses and the gateway port (usually 7222) of its servers? Try ' +
    'from this host: `nc -vz <host> 7222`. Is its `gateway.name` just so, do certificates and `gateway.authorization` match, does ' +
    'it `reject_unknown_cluster` and not know this one? The log says which ("Error connecting to explicit gateway"). A gateway ' +
    'that is not to be any more: take it out of the configuration and of `expect.gateways` in settings.',
  evaluate({ servers, unread, history }, { cluster: { name, expect } }) {
    const own = gatewayServersOf(servers, expect.gateways);
    const silent = silentClusters(servers, unread, history.places);
    const missing = missingGateways(own);
    const expected = countOf(expect.gateways);
    if (own.length === 0 && (expected === 0 || servers.length === 0)) return noGateways(unread);
    const never = missing.filter(({ remote, lastSeen }) => lastSeen === null && !silent.has(remote));
    const together = missingTogether(never, own).map(({ entity, ...data }) => ({
      limit: 'missing' as const,
      entity: { kind: 'connections' as const, name: entity },
      value: data.missing.length,
      data: { ...data, short: [] as readonly Short[], expected: expect.gateways },
    }));
    const short = own.length === 0 ? withoutAny(servers, expected) : shortOf(own, missing, expect.gateways);
    const worst = Math.max(...short.map((each) => each.short));
    const fewer = {
      limit: 'fewer' as const,
      entity: { kind: 'connections' as const, name: `gateways of ${name}` },
      value: worst,
      data: { own: name, missing: [], servers: servers.length, short, expected: expect.gateways },
    };
    const measurements = [...together, ...(short.length === 0 ? [] : [fewer])];
    if (measurements.length === 0) return nothing('every gateway that is configured or expected is up');
    return measured(
      [
        ...(together.length === 0
          ? []
          : [`never up: ${inline(together.map(({ data }) => whichGateways(data)))}`]),
        ...(short.length === 0 ? [] : [`${plural(short.length, 'server')} with too few gateways`]),
      ].join('; '),
      measurements,
    );
  },
  describe: ({ limit, data }) => {
    if (limit === 'missing') return missingWords(data, ['was never up', 'were never up']);
    const { short, expected = 0 } = data;
    const what =
      typeof expected === 'number' ? plural(expected, 'gateway') : `gateways to ${inline(expected)}`;
    const rows = short.map(
      ({ target, has }) => `${target.name} has ${has === 0 ? 'no gateway' : plural(has, 'gateway')}`,
    );
    const [first] = short;
    return {
      summary: `Settings expect ${what} of each server of ${data.own}: ${inline(rows)}.`,
      evidence: rows,
      commands: first === undefined ? { nats: '', curl: '' } : gatewayCommands(first.target),
    };
  },
});

const countOf = (expected: Expected): number =>
  typeof expected === 'number' ? expected : (expected?.length ?? 0);

const withoutAny = (servers: readonly { readonly target: Target }[], expected: number): readonly Short[] =>
  servers.map(({ target }) => ({ target, has: 0, short: expected }));

/** Names say which are missing; a number is met by whichever a server has, or is known to lack. */
function shortOf(
  servers: readonly GatewayServer[],
  missing: readonly Missing[],
  expected: Expected,
): readonly Short[] {
  if (typeof expected !== 'number') return [];
  const lacking = Map.groupBy(missing, ({ server }) => server.id);
  return servers.flatMap(({ id, target, outbound }) => {
    const short = expected - outbound.size - (lacking.get(id)?.length ?? 0);
    return short > 0 ? [{ target, has: outbound.size, short }] : [];
  });
}
