import { checks } from '../../lambdas/catalogue.ts';
import { closeClasses } from '../../lambdas/engine/close-reasons.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { seriesText } from './reading-back.ts';
import type { Scene } from './scene.ts';

type Closed = Readonly<Partial<Record<(typeof closeClasses)[number], number>>>;

/** The series of one server, by what it says of itself and by what was closed on it. */
async function seriesOf(
  server: NatsServer,
  cluster: string,
  closed: Closed,
): Promise<readonly (readonly [string, number])[]> {
  const varz = (await server.get('/varz')) as Readonly<Record<string, number>>;
  const { leafs } = (await server.get('/leafz')) as { readonly leafs: readonly { subscriptions: number }[] };
  const most = Math.max(0, ...leafs.map(({ subscriptions }) => subscriptions));
  const labels = { cluster, server_id: server.name };
  const { connections = NaN, leafnodes = NaN, stale_connections: stale = NaN } = varz;
  return [
    [seriesText('up', labels), 1],
    [seriesText('gnatsd_connz_num_connections', labels), connections + leafnodes],
    [seriesText('gnatsd_varz_leafnodes', labels), leafnodes],
    [seriesText('gnatsd_leafz_conn_subscriptions_total', labels), most],
    [seriesText('gnatsd_varz_stale_connections', labels), stale],
    ...closeClasses.map((word) => {
      const series = seriesText('nats_connections_closed', { ...labels, reason_class: word });
      return [series, closed[word] ?? 0] as const;
    }),
  ];
}

/** By check, cluster and severity, once those of `connection-stopped` are told. */
const open: Readonly<Record<string, number>> = {
  'connection-stopped prod critical': 1,
  'connection-stopped prod warning': 1,
  'connection-stopped edge warning': 1,
};

function openFindings(): readonly (readonly [string, number])[] {
  const all = checks.flatMap(({ id: check }) =>
    ['prod', 'edge'].flatMap((cluster) =>
      ['critical', 'warning'].map((severity) => ({ cluster, check, severity })),
    ),
  );
  return all.map((labels) => [
    seriesText('nats_findings_open', labels),
    open[`${labels.check} ${labels.cluster} ${labels.severity}`] ?? 0,
  ]);
}

/**
 * All series of a minute: of the servers, by what was closed on each; of the findings that are open, zero included. A
 * dead server has none but `up`, and its finding is the rule's alarm's.
 */
export async function expectedSeries(
  { hubs: { hub1, hub2 }, vault }: Scene,
  closed: Readonly<Record<'hub1' | 'hub2' | 'vault', Closed>>,
): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries([
    ...(await seriesOf(hub1, 'prod', closed.hub1)),
    ...(await seriesOf(hub2, 'prod', closed.hub2)),
    ...(await seriesOf(vault, 'edge', closed.vault)),
    [seriesText('up', { cluster: 'edge', server_id: 'gone' }), 0],
    ...openFindings(),
  ]);
}
