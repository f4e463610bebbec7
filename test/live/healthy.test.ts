import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { startHealthy } from '../scenes/healthy.ts';
import type { TwoHubs } from '../scenes/two-hubs.ts';
import { natsVersions } from '../services/nats-server.ts';
import { watchingLive, type LiveLook } from './watching.ts';

const everyServer = { hub1: 'ok', hub2: 'ok', leaf1: 'ok', leaf2: 'ok' };

/** By check. What a version cannot show is not-applicable, or answered from elsewhere; it is never unknown. */
const outcomes = {
  'connection-count': { ...everyServer, cluster: 'not-applicable' },
  'connection-stopped': { ...everyServer, cluster: 'ok' },
  // No server has JetStream; that its replies can be read is asked of each all the same.
  'jetstream-consumers': { ...everyServer, cluster: 'not-applicable' },
  'jetstream-meta': { cluster: 'not-applicable' },
  'jetstream-server': { ...everyServer, cluster: 'not-applicable' },
  'jetstream-streams': { ...everyServer, cluster: 'not-applicable' },
  'leafnode-connections': { ...everyServer, cluster: 'ok' },
  'leafnode-subscriptions': { ...everyServer, cluster: 'not-applicable' },
  'rule-series': { ...everyServer, cluster: 'ok' },
  'server-up': { ...everyServer, cluster: 'ok' },
  'stale-connections': { ...everyServer, cluster: 'not-applicable' },
};

/** How many datapoints each series of a run has. */
const published = ({ datapoints }: LiveLook) =>
  Object.fromEntries([...Map.groupBy(datapoints, ({ series }) => series)].map(([s, all]) => [s, all.length]));

const series = {
  'connection-count': { gnatsd_connz_num_connections: 4 },
  'connection-stopped': { nats_connections_closed: 4 * 6 },
  'jetstream-consumers': {},
  'jetstream-meta': {},
  'jetstream-server': {},
  'jetstream-streams': {},
  'leafnode-connections': { gnatsd_varz_leafnodes: 4 },
  'leafnode-subscriptions': { gnatsd_leafz_conn_subscriptions_total: 4 },
  // Of the rules that are evaluated, six are of servers and one of the cluster.
  'rule-series': {
    nats_rule: 6 * 4 + 1,
    gnatsd_varz_mem: 4,
    gnatsd_varz_subscriptions: 4,
    gnatsd_connz_pending_bytes: 4,
  },
  'server-up': { up: 4, nats_servers_up: 1, nats_memory_most_bytes: 1, nats_cpu_most_percent: 1 },
  'stale-connections': { gnatsd_varz_stale_connections: 4 },
};

describe.each(natsVersions)('a healthy cluster of nats-server %s, watched three times', (version) => {
  let scene: TwoHubs;
  let watched: Readonly<Record<string, readonly LiveLook[]>>;
  beforeAll(async () => {
    scene = await startHealthy({ version });
    const cluster = { expect: { leafnodes: ['leaf1', 'leaf2'] } };
    const looks = checks.map(
      async ({ id }) => [id, await watchingLive(id, scene.targets, { cluster }).looks(3)] as const,
    );
    watched = Object.fromEntries(await Promise.all(looks));
  });
  afterAll(() => scene.stop());

  const ofEach = <T>(of: (look: LiveLook) => T) =>
    Object.fromEntries(Object.entries(watched).map(([id, looks]) => [id, looks.map(of)]));
  const thrice = <T>(byCheck: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(byCheck).map(([id, value]) => [id, [value, value, value]]));
  const nothing = Object.fromEntries(checks.map(({ id }) => [id, [[], [], []]]));

  it('is ok to every check', () => {
    expect(ofEach((look) => look.outcomes)).toEqual(thrice(outcomes));
  });

  it('gives no finding', () => {
    expect(ofEach(({ found }) => found)).toEqual(nothing);
  });

  it('is told nobody', () => {
    expect(ofEach(({ messages }) => messages)).toEqual(nothing);
  });

  it('has a datapoint of every headline series for every server, and no finding counted as open', () => {
    const { 'stale-connections': stale, ...others } = series;
    const has = version === '2.15.1' ? { 'stale-connections': stale } : { 'stale-connections': {} };
    const all = Object.entries({ ...others, ...has }).map(([id, own]) => {
      // A series for each severity that its diagnoses can have and no rule pages for.
      const one = ['connection-count', 'leafnode-connections', 'rule-series'].includes(id);
      return [id, { ...own, nats_findings_open: one ? 1 : 2 }] as const;
    });
    const seen = thrice(Object.fromEntries(all));
    // What totals grew by is known from the second look on.
    const rates = { nats_traffic_messages_per_second: 2, nats_traffic_bytes_per_second: 2 };
    const withRates = (seen['connection-count'] ?? []).map((own, i) =>
      i === 0 ? own : { ...own, ...rates },
    );
    expect(ofEach(published)).toEqual({ ...seen, 'connection-count': withRates });
    const counted = Object.values(watched).flatMap((looks) => looks.flatMap(({ datapoints }) => datapoints));
    expect(counted.filter((point) => point.series === 'nats_findings_open' && point.value !== 0)).toEqual([]);
  });
});
