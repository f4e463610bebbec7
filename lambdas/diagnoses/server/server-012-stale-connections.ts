import {
  atLeast,
  defineDiagnosis,
  explaining,
  formatDuration,
  from,
  hours,
  increase,
  known,
  measured,
  minutes,
  set,
  unknown,
  window,
  type Decides,
  type Measurement,
} from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { loadOf } from '../load.ts';
import type { StaleFacts, StaleKind } from './stale-causes.ts';
import { noteOf, rowsOf, spread, staleKey, type StaleNote } from './stale-rows.ts';
import { silences, silenceWords, type Silence, type SilenceNote } from './mqtt-silence.ts';
import { staleWords, type StaleData } from './stale-words.ts';

const kinds = ['clients', 'leafnodes', 'routes', 'gateways'] as const satisfies readonly StaleKind[];
/**
 * Of which servers the closed ring alone tells: older ones, those that MQTT clients connect to, and before totals are compared
 * those that found any stale.
 */
const countsByRing: Decides = ({ stale_connection_stats: stats, mqtt }, isKnown) =>
  stats === undefined || mqtt.port !== 0 || (!isKnown && stats.clients + stats.leafs > 0);

const rowKinds = { clients: 'Client', leafnodes: 'Leafnode', routes: null, gateways: null } as const;

/**
 * Stale connections by kind: from the counters of nats-server 2.12 on, from the closed ring before, which keeps no routes
 * and gateways. A counter may exceed the ring's rows: it is raised before the server looks whether the connection was
 * being closed already (client.go:2011-2038). MQTT clients are never called stale: they are reported by themselves.
 */
export default defineDiagnosis({
  id: 'SERVER_012',
  title: 'Stale connections',
  scope: 'server',
  reads: { varz: from(), closed: explaining('clients', countsByRing) },
  history: {
    clientsTotal: increase(),
    leafnodesTotal: increase(),
    routesTotal: increase(),
    gatewaysTotal: increase(),
    clients: window('clients'),
    links: window('links'),
    rows: window<StaleNote>('clients'),
    mqtt: window<SilenceNote>('clients'),
    slow: window('clients'),
    versions: set(hours(1)),
  },
  limits: {
    clients: atLeast(
      { warning: 5 },
      {
        unit: 'count',
        of: 'client connections of one server found stale; as many that may have missed their MQTT keepalive',
        over: minutes(10),
      },
    ),
    links: atLeast(
      { warning: 1, critical: 3 },
      {
        unit: 'count',
        of: 'connections of leafnodes, routes or gateways of one server, each kind by itself, found stale',
        over: minutes(10),
      },
    ),
  },
  for: minutes(0),
  why:
    "A stale connection did not answer the server's PINGs: who is at its other end got no messages meanwhile and may not " +
    'know it, while the server kept its subscriptions alive.',
  remedy:
    "Compare the times with the clients' logs and with changes to the network. A host that died, a process that hangs, " +
    'and a firewall that forgot the connection all look the same from here.',
  evaluate({ target, varz, closed, history }, { at, limits }) {
    const all = closed?.ok === true ? closed.value.rows : [];
    const stale = all.filter(({ reason }) => reason === 'Stale Connection');
    const who = history.rows(
      stale.map((row) => ({ key: staleKey(row, varz), at: row.stoppedAt, note: noteOf(row, varz) })),
    );
    const mqtt = history.mqtt(silences(all));
    const evicted = all.filter(({ reason }) => reason.startsWith('Slow Consumer'));
    const slow = history.slow(evicted.map(({ stoppedAt }) => ({ key: 'evicted', at: stoppedAt })));
    const before = history.versions([varz.version]).gone.at(-1);

    const stats = varz.stale_connection_stats;
    const totals = {
      clients: stats && history.clientsTotal(stats.clients),
      leafnodes: stats && history.leafnodesTotal(stats.leafs),
      routes: stats && history.routesTotal(stats.routes),
      gateways: stats && history.gatewaysTotal(stats.gateways),
    };
    const failure = closed === null || closed.ok ? null : closed.failure.message;
    if (failure !== null && !totals.clients) return unknown(failure);

    const entriesOf = (kind: StaleKind) => {
      const grown = totals[kind];
      if (grown) return spread(grown.value, grown.seconds, at).map((part) => ({ key: kind, ...part }));
      return stale
        .filter((row) => row.kind === rowKinds[kind])
        .map(({ stoppedAt }) => ({ key: kind, at: stoppedAt }));
    };
    const clients = history.clients(entriesOf('clients'));
    const links = history.links(kinds.slice(1).flatMap(entriesOf));

    const seen = kinds.filter((kind) => stats !== undefined || rowKinds[kind] !== null);
    const counts = seen.map((kind) => {
      const counted = kind === 'clients' ? clients : links;
      return { kind, value: counted.keys.get(kind)?.total ?? 0 };
    });
    const found = counts
      .filter(({ value }) => value > 0)
      .map(({ kind, value }) => `${kind} ${formatCount(value)}`);
    const ofMqtt: Measurement<keyof typeof limits, StaleData | Silence> = {
      limit: 'clients',
      entity: { kind: 'connections', name: `MQTT clients of ${target.name}` },
      value: mqtt.total,
      data: { target, window: mqtt, over: limits.clients.over },
    };
    const lost = [
      ...(found.length > 0 ? [`stale connections: ${found.join(', ')}`] : []),
      ...(mqtt.total > 0 ? [`MQTT silent or reset: ${formatCount(mqtt.total)}`] : []),
    ];
    const { cores, ...load } = loadOf(varz);
    const usable = known(() => varz.gomaxprocs) ?? 0;
    return measured(
      `${lost.join('; ') || 'none stale'} in ${formatDuration(limits.clients.over)}` +
        (stats === undefined ? '; routes and gateways unknown (counted from nats-server 2.12.0 on)' : '') +
        (failure === null || varz.mqtt.port === 0
          ? ''
          : '; MQTT clients unknown (only the closed ring shows them)'),
      [
        ofMqtt,
        ...counts.map(({ kind, value }) => {
          const { rows, inRing, peers } = rowsOf(who, rowKinds[kind]);
          const limit: 'clients' | 'links' = kind === 'clients' ? kind : 'links';
          const facts: StaleFacts = {
            kind,
            rows,
            pingIntervalMs: varz.ping_interval / 1e6,
            pingMax: varz.ping_max,
            cpuPercent: load.cpu,
            cores: cores !== null && usable > 0 ? Math.min(cores, usable) : cores,
            memoryBytes: load.memory,
            memoryLimitBytes: varz.gomemlimit,
            slowConsumers: slow.total,
            version: varz.version,
            before: before ? { version: before.member, lastSeen: before.lastSeen } : null,
            at,
          };
          const data: StaleData = {
            target,
            facts,
            over: limits[limit].over,
            inRing,
            peers,
            others: who.others,
            poolSize: varz.cluster.pool_size ?? 1,
            unread: failure,
          };
          const entity = { kind: 'connections', name: `${kind} of ${target.name}` } as const;
          return { limit, entity, value, data };
        }),
      ],
    );
  },
  describe: ({ value, level, data }) =>
    'window' in data ? silenceWords(value, level, data) : staleWords(value, level, data),
});
