import { checks } from '../../lambdas/checks/catalogue.ts';
import { closeClasses } from '../../lambdas/engine/close-reasons.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { seriesText } from './reading-back.ts';
import type { Scene } from './scene.ts';

/** What a minute brought to a server, beside rows that were closed: connections that the rules of the fleet count. */
export type Brought = { readonly closed: Closed; readonly connections: number };
type Closed = Readonly<Partial<Record<(typeof closeClasses)[number], number>>>;

/** The series of one server, by what it says of itself and by what was closed on it. */
async function seriesOf(
  server: NatsServer,
  cluster: string,
  { closed, connections: brought }: Brought,
): Promise<readonly (readonly [string, number])[]> {
  const varz = (await server.get('/varz')) as Readonly<Record<string, number>>;
  const { leafs } = (await server.get('/leafz')) as { readonly leafs: readonly { subscriptions: number }[] };
  const subscriptions = Math.max(0, ...leafs.map((leaf) => leaf.subscriptions));
  const labels = { cluster, server_id: server.name };
  const { connections = NaN, leafnodes = NaN, stale_connections: stale = NaN } = varz;
  const { max_connections: most = NaN } = varz;
  return [
    [seriesText('up', labels), 1],
    [seriesText('gnatsd_connz_num_connections', labels), connections + leafnodes],
    [seriesText('gnatsd_varz_leafnodes', labels), leafnodes],
    [seriesText('gnatsd_leafz_conn_subscriptions_total', labels), subscriptions],
    [seriesText('gnatsd_varz_stale_connections', labels), stale],
    [seriesText('gnatsd_varz_max_connections', labels), most],
    [seriesText('nats_rule', { ...labels, rule: 'ManyNewConnections' }), brought],
    ...closeClasses.map((word) => {
      const series = seriesText('nats_connections_closed', { ...labels, reason_class: word });
      return [series, closed[word] ?? 0] as const;
    }),
  ];
}

/** By cluster, group and severity, once those of `connection-stopped` are told; of rules none can be critical. */
function openFindings(): readonly (readonly [string, number])[] {
  const open = ['prod connections critical', 'prod connections warning', 'edge connections warning'];
  return ['prod', 'edge'].flatMap((cluster) =>
    [...new Set(checks.map(({ group }) => group))].flatMap((group) =>
      (group === 'rules' ? ['warning'] : ['critical', 'warning']).map(
        (severity) =>
          [
            seriesText('nats_findings_open', { cluster, group, severity }),
            open.includes(`${cluster} ${group} ${severity}`) ? 1 : 0,
          ] as const,
      ),
    ),
  );
}

/**
 * All series of a minute but those of built-in rules: of the servers, by what the minute brought; of the findings that are
 * open, zero included. A dead server has none but `up`, whose finding is the rule's alarm's, and what its rules publish in
 * place of a value.
 */
export async function expectedSeries(
  { hubs: { hub1, hub2 }, vault }: Scene,
  brought: Readonly<Record<'hub1' | 'hub2' | 'vault', Brought>>,
): Promise<Readonly<Record<string, number>>> {
  const gone = { cluster: 'edge', server_id: 'gone' };
  return Object.fromEntries([
    ...(await seriesOf(hub1, 'prod', brought.hub1)),
    ...(await seriesOf(hub2, 'prod', brought.hub2)),
    ...(await seriesOf(vault, 'edge', brought.vault)),
    [seriesText('up', gone), 0],
    [seriesText('nats_servers_up', { cluster: 'prod' }), 2],
    [seriesText('nats_servers_up', { cluster: 'edge' }), 1],
    // Of a cluster one of whose servers is not read they are not known.
    [seriesText('nats_accounts', { cluster: 'prod' }), 3],
    [seriesText('nats_client_most_pending_bytes', { cluster: 'prod' }), 0],
    [seriesText('nats_routes_missing', { cluster: 'prod' }), 0],
    [seriesText('nats_rule', { ...gone, rule: 'ManyNewConnections' }), 10],
    ...openFindings(),
  ]);
}
