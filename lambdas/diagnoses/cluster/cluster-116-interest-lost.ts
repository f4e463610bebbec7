import { above, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import { gatewayCommands, gatewayServersOf, noGateways } from '../links/gateways.ts';

/** Of so few, some that come and go are half. */
const fewest = 20;

/**
 * The interest of a remote cluster is the same on all servers of this one, whichever of its servers they chose: who knows far
 * less of it than another has lost it. Nothing tells where all have.
 */
export default defineDiagnosis({
  id: 'CLUSTER_116',
  title: 'A gateway has lost interest of its cluster',
  scope: 'cluster',
  reads: { gatewayz: from() },
  history: {},
  limits: {
    lost: above(
      { warning: 0.5 },
      {
        unit: 'ratio',
        servers: 2,
        of: 'interest of a remote cluster that a server lacks and another one of its cluster has',
      },
    ),
  },
  // A new gateway is told all there is within seconds, of very many subscriptions within minutes.
  for: minutes(10),
  why:
    'A server sends to another cluster what that has interest in. What it does not know of is dropped there: clients of this server do ' +
    'not reach subscribers and services that clients of its neighbours reach.',
  remedy:
    'Compare the two (below: `accs=1` tells accounts and their subscriptions). Restart the server that knows less: its gateway is set ' +
    'up anew and told all. Report it to NATS with both outputs.',
  evaluate({ servers, unread }, { cluster: { expect } }) {
    const own = gatewayServersOf(servers, expect.gateways);
    if (own.length === 0) return noGateways(unread);
    const sides = own.flatMap((server) =>
      [...server.outbound].map(([remote, { connection }]) => ({
        server,
        remote,
        known: connection.subscriptions,
      })),
    );
    const groups = [
      ...Map.groupBy(sides, ({ server, remote }) => JSON.stringify([server.own, remote])).values(),
    ];
    const compared = groups.flatMap((all) => {
      const [most] = all.toSorted((a, b) => b.known - a.known);
      return most === undefined || all.length < 2 || most.known < fewest ? [] : [{ all, most }];
    });
    if (compared.length === 0) return notApplicable('no two servers of a cluster with gateways to compare');
    const measurements = compared.map(({ all, most }) => {
      const [least = most] = all.toSorted((a, b) => a.known - b.known);
      const { own: cluster } = most.server;
      return {
        limit: 'lost' as const,
        entity: { kind: 'connections' as const, name: `gateways of ${cluster} to ${most.remote}` },
        value: 1 - least.known / most.known,
        data: { cluster, all, most, least },
      };
    });
    const [worst] = measurements.toSorted((a, b) => b.value - a.value);
    if (worst === undefined || worst.value === 0)
      return nothing('servers of a cluster know the same interest');
    return measured(
      `${worst.entity.name}: ${knownOf(worst.data.least)}, ${knownOf(worst.data.most)}`,
      measurements,
    );
  },
  describe: ({ value, data: { cluster, all, most, least } }) => ({
    summary:
      `${least.server.target.name} of ${cluster} knows ${plural(least.known, 'subscription')} of cluster ${most.remote}, ` +
      `${formatPercent(value)} fewer than ${most.server.target.name}, which knows ${formatCount(most.known)}.`,
    evidence: all.toSorted((a, b) => a.known - b.known).map(knownOf),
    commands: {
      ...gatewayCommands(least.server.target),
      curl: [least, most]
        .map(
          ({ server, remote }) =>
            `curl -s '${server.target.url}/gatewayz?accs=1&gw_name=${encodeURIComponent(remote)}'`,
        )
        .join('; '),
    },
  }),
});

const knownOf = ({
  server,
  known,
}: {
  readonly server: { readonly target: { readonly name: string } };
  readonly known: number;
}) => `${server.target.name} knows ${plural(known, 'subscription')}`;
