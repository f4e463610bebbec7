// What Synadia Insights' checks of JetStream ask, by their ids and published conditions, of the replies that our checks read. Of a
// stream or consumer it collects the leader's row.
import type { StreamRow } from '../../../lambdas/readings/decoders/assets.ts';
import type { Severity } from '../../../lambdas/define.ts';
import { insightsChecks } from '../../pages/insights-checks.ts';
import {
  consumerRows,
  mostAreOffline,
  ofLeaders,
  streamRows,
  type ConsumerOf,
  type Row,
  type Seen,
  type SeenServer,
} from './seen.ts';
import {
  bySeverity,
  exceeds,
  owned,
  reaches,
  rule,
  wantsPinned,
  where,
  type Compares,
  type Rule,
  type Told,
} from './rule.ts';

type Level = { readonly warning?: number; readonly critical?: number };

const graver = (value: number, { warning = Infinity, critical = Infinity }: Level): Severity | null =>
  value >= critical ? 'critical' : value >= warning ? 'warning' : null;

/** Answered by those of ours that the page of Insights' checks names. */
const ruleOf = (id: string, tells: Rule['tells'], how?: Compares): Rule => {
  const known = insightsChecks.find((check) => check.id === id);
  if (known === undefined) throw new Error(`${id} is no check of Insights`);
  return rule(id, known.ours, tells, how);
};

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** Of each server. */
const ofServers = (id: string, level: Level, value: (server: SeenServer) => number) =>
  ruleOf(id, ({ servers }) =>
    servers.flatMap((server): Told[] => {
      const severity = graver(value(server), level);
      return severity === null ? [] : [[severity, server.name]];
    }),
  );

/** Of each server, by what it counted since it was seen before. */
const sinceBefore = (
  id: string,
  isTold: (growth: { readonly total: number; readonly errors: number; readonly seconds: number }) => boolean,
) =>
  ruleOf(id, ({ at, servers }, before) =>
    where('warning', servers, ({ name, jsz: { api } }) => {
      const last = before?.servers.find((other) => other.name === name)?.jsz.api;
      if (before === null || last === undefined || api.total < last.total) return false;
      return isTold({
        total: api.total - last.total,
        errors: api.errors - last.errors,
        seconds: (at - before.at) / 1_000,
      });
    }),
  );

const complains =
  (...types: readonly string[]) =>
  ({ healthz: { errors } }: SeenServer): boolean =>
    errors.some(({ type }) => types.includes(type));

/** Of the meta group as a whole. */
const ofMeta = (id: string, severity: Severity, holds: (seen: Seen) => boolean) =>
  ruleOf(id, (seen) => (holds(seen) ? [[severity, 'meta group']] : []), bySeverity);

const metas = ({ servers }: Seen) => servers.flatMap(({ jsz }) => jsz.meta_cluster ?? []);
const sizeOf = (seen: Seen): number => Math.max(0, ...metas(seen).map(({ cluster_size: size }) => size));
const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

/** Of each stream, by its leader's row. */
const ofStreams = (
  id: string,
  severity: Severity,
  holds: (row: StreamRow, stream: Row<StreamRow>, seen: Seen) => boolean,
  how?: Compares,
) =>
  ruleOf(id, (seen) => where(severity, ofLeaders(streamRows(seen)), (one) => holds(one.row, one, seen)), how);

const isFull = (held: number, most: number): boolean => most > 0 && held >= 0.9 * most;

/** The rows of the same stream on the other servers. */
const followers = (seen: Seen, { name, server }: Row<StreamRow>): readonly StreamRow[] =>
  streamRows(seen).flatMap((other) => (other.name === name && other.server !== server ? [other.row] : []));

const isSourceReceiving = (seen: Seen, { mirror }: StreamRow): boolean =>
  ofLeaders(streamRows(seen)).some(
    ({ row }) => row.name === mirror?.name && seen.at - (row.state.lastAt ?? 0) < 5 * 60_000,
  );

/** Of each consumer, by its leader's row. */
const ofConsumers = (
  id: string,
  severity: Severity,
  holds: (row: ConsumerOf, at: number) => boolean,
  how?: Compares,
) =>
  ruleOf(id, (seen) => where(severity, ofLeaders(consumerRows(seen)), ({ row }) => holds(row, seen.at)), how);

/** Past both levels that the owner set, whichever way the one of the two is beyond the other. */
const outOfBand = (id: string, what: string, amount: (row: StreamRow) => number) =>
  ruleOf(id, (seen) =>
    ofLeaders(streamRows(seen)).flatMap(({ name, row }): Told[] => {
      const warning = owned(row.config.metadata, `${what}-warn`);
      const critical = owned(row.config.metadata, `${what}-critical`);
      if (warning === null || critical === null) return [];
      const sign = warning < critical ? 1 : -1;
      const severity = graver(sign * amount(row), { warning: sign * warning, critical: sign * critical });
      return severity === null ? [] : [[severity, name]];
    }),
  );

const nanoseconds = (since: number | null, at: number): number => (since === null ? 0 : (at - since) * 1e6);

export const insights: readonly Rule[] = [
  ofServers('SERVER_005', { warning: 0.9 }, ({ jsz }) => share(jsz.memory, jsz.reserved_memory)),
  ruleOf('SERVER_014', ({ servers }) => where('critical', servers, complains('JETSTREAM'))),
  ruleOf('SERVER_015', ({ servers }) => where('critical', servers, complains('STREAM', 'CONSUMER'))),
  ofServers('SERVER_017', { warning: 0.9 }, ({ jsz }) => share(jsz.storage, jsz.reserved_storage)),
  ofServers('SERVER_019', { warning: 0.9, critical: 0.95 }, ({ jsz }) =>
    share(jsz.storage, jsz.config.max_storage),
  ),
  ofServers('CLUSTER_003', { warning: 1_000 }, ({ jsz }) => jsz.ha_assets),
  ruleOf('CHANGE_002', ({ servers }, before) =>
    where('warning', servers, ({ name, jsz }) => {
      const last = before?.servers.find((other) => other.name === name);
      return last !== undefined && last.jsz.config.domain !== jsz.config.domain;
    }),
  ),
  ruleOf('CHANGE_004', (seen, before) =>
    where('info', ofLeaders(streamRows(seen)), ({ name, row }) => {
      const last = before && ofLeaders(streamRows(before)).find((other) => other.name === name);
      const watched = ({ config }: StreamRow): string =>
        JSON.stringify([
          ...[config.replicas, config.retention, config.maxMsgs],
          ...[config.maxBytes, config.maxAge, config.maxConsumers],
        ]);
      return last != null && watched(last.row) !== watched(row);
    }),
  ),

  ofMeta('META_001', 'critical', (seen) =>
    metas(seen).some(({ replicas = [] }) => replicas.some(({ offline }) => offline)),
  ),
  ofMeta(
    'META_002',
    'critical',
    (seen) => new Set(metas(seen).flatMap(({ leader }) => leader ?? [])).size > 1,
  ),
  // Two changes in ten minutes need three looks: no scene has as many leaders.
  ruleOf('META_003', () => []),
  ofServers(
    'META_004',
    { warning: 5, critical: 30 },
    ({ jsz }) => (jsz.meta_cluster?.snapshot?.last_duration ?? 0) / 1e9,
  ),
  ofMeta(
    'META_005',
    'warning',
    ({ servers }) =>
      sum(servers.flatMap(({ assets }) => assets.streams.map(({ consumers }) => 1 + consumers.count))) >
      5_000,
  ),
  ofMeta('META_006', 'critical', (seen) =>
    metas(seen).some(
      ({ replicas = [], cluster_size: size }) => replicas.filter(({ offline }) => offline).length * 2 > size,
    ),
  ),
  ofMeta('META_007', 'warning', (seen) => sizeOf(seen) > 1 && sizeOf(seen) % 2 === 0),
  ofMeta('META_008', 'warning', (seen) => metas(seen).some(({ pending = 0 }) => pending > 500)),
  ruleOf(
    'META_009',
    (seen, before) => (before && sizeOf(seen) < sizeOf(before) ? [['critical', 'meta group']] : []),
    bySeverity,
  ),

  ofStreams('JETSTREAM_001', 'warning', ({ state }, stream, seen) =>
    followers(seen, stream).some(({ state: { lastSeq } }) => lastSeq > 0 && lastSeq < 0.9 * state.lastSeq),
  ),
  ofStreams('JETSTREAM_002', 'warning', ({ state }) => state.subjects >= 1_000_000),
  ofStreams('JETSTREAM_003', 'warning', ({ state, config }) => isFull(state.messages, config.maxMsgs)),
  sinceBefore('JETSTREAM_004', ({ total, seconds }) => total / seconds >= 50),
  ruleOf('JETSTREAM_005', ({ servers }) =>
    where('warning', servers, ({ jsz }) => (jsz.api.inflight ?? 0) > 1_000),
  ),
  ruleOf(
    'JETSTREAM_006',
    (seen, before) => {
      const count = (of: Seen): number => ofLeaders(consumerRows(of)).length;
      return before && Math.abs(count(seen) - count(before)) > 5_000 ? [['warning', 'system']] : [];
    },
    bySeverity,
  ),
  ofServers('JETSTREAM_007', { critical: 0.95 }, ({ jsz }) => share(jsz.memory, jsz.reserved_memory)),
  ofStreams('JETSTREAM_008', 'critical', (row) => mostAreOffline(row, row.config.replicas), bySeverity),
  sinceBefore('JETSTREAM_009', ({ total, errors }) => total >= 100 && errors / total > 0.01),
  ofStreams('JETSTREAM_010', 'warning', ({ state, config }) => isFull(state.bytes, config.maxBytes)),
  ofStreams('JETSTREAM_011', 'warning', ({ state, config }) => isFull(state.consumers, config.maxConsumers)),
  ofStreams('JETSTREAM_013', 'warning', ({ state }) => state.messages > 0 && state.subjects > state.messages),
  ofStreams('JETSTREAM_014', 'critical', ({ group, state }, stream, seen) => {
    if (group.replicas.some(({ current }) => !current)) return false;
    return followers(seen, stream).some((row) => {
      const apart = Math.abs(row.state.messages - state.messages);
      return apart > 1_000 && apart > 0.05 * state.messages;
    });
  }),
  ofStreams(
    'JETSTREAM_015',
    'warning',
    (row, _, seen) => row.mirror?.lag === 0 && row.mirror.active > 5 * 60e9 && isSourceReceiving(seen, row),
  ),
  ofServers('JETSTREAM_016', { critical: 0.95 }, ({ jsz }) => share(jsz.storage, jsz.config.max_storage)),
  ofStreams('JETSTREAM_017', 'critical', ({ mirror, config }) =>
    exceeds(config.metadata, 'lag-critical', mirror?.lag ?? 0),
  ),
  ofStreams('JETSTREAM_018', 'critical', ({ mirror, config }) =>
    exceeds(config.metadata, 'seen-critical', mirror?.active ?? 0),
  ),
  ofStreams(
    'JETSTREAM_019',
    'critical',
    ({ sources, config }) => sources.length < (owned(config.metadata, 'min-sources') ?? 0),
  ),
  ofStreams('JETSTREAM_020', 'critical', ({ sources, config }) =>
    exceeds(config.metadata, 'max-sources', sources.length),
  ),
  ofStreams('JETSTREAM_021', 'critical', ({ group, config }) => {
    const expected = owned(config.metadata, 'peer-expect');
    return expected !== null && group.replicas.length + 1 !== expected;
  }),
  ofStreams('JETSTREAM_022', 'critical', ({ group, config }) =>
    group.replicas.some(({ lag }) => exceeds(config.metadata, 'peer-lag-critical', lag)),
  ),
  ofStreams('JETSTREAM_023', 'critical', ({ group, config }) =>
    group.replicas.some(({ active }) => exceeds(config.metadata, 'peer-seen-critical', active)),
  ),
  outOfBand('JETSTREAM_024', 'msgs', ({ state }) => state.messages),
  outOfBand('JETSTREAM_025', 'subjects', ({ state }) => state.subjects),

  ofConsumers(
    'CONSUMER_001',
    'critical',
    ({ group }) => group.replicas.some(({ offline }) => offline),
    bySeverity,
  ),
  ofConsumers('CONSUMER_002', 'warning', ({ group }) =>
    group.replicas.some(({ offline, lag }) => !offline && lag > 1_000),
  ),
  ofConsumers(
    'CONSUMER_003',
    'critical',
    (row) =>
      mostAreOffline(row, row.config.replicas === 0 ? row.stream.config.replicas : row.config.replicas),
    bySeverity,
  ),
  ofConsumers(
    'CONSUMER_004',
    'critical',
    ({ delivered, stream: { state } }) => delivered.streamSeq > 0 && delivered.streamSeq < state.firstSeq,
  ),
  ofConsumers(
    'CONSUMER_005',
    'critical',
    ({ delivered, stream: { state } }) => delivered.streamSeq > state.lastSeq,
  ),
  ofConsumers('CONSUMER_006', 'critical', ({ config, ackPending }) =>
    reaches(config.metadata, 'outstanding-ack-critical', ackPending),
  ),
  ofConsumers('CONSUMER_007', 'critical', ({ config, waiting }) =>
    reaches(config.metadata, 'waiting-critical', waiting),
  ),
  ofConsumers('CONSUMER_008', 'critical', ({ config, pending }) =>
    reaches(config.metadata, 'unprocessed-critical', pending),
  ),
  ofConsumers('CONSUMER_009', 'critical', ({ config, delivered }, at) =>
    reaches(config.metadata, 'last-delivery-critical', nanoseconds(delivered.at, at)),
  ),
  ofConsumers('CONSUMER_010', 'critical', ({ config, ackFloor }, at) =>
    reaches(config.metadata, 'last-ack-critical', nanoseconds(ackFloor.at, at)),
  ),
  ofConsumers('CONSUMER_011', 'critical', ({ config, redelivered }) =>
    reaches(config.metadata, 'redelivery-critical', redelivered),
  ),
  ofConsumers(
    'CONSUMER_012',
    'critical',
    ({ config: { metadata, priorityPolicy } }) => wantsPinned(metadata) && priorityPolicy !== 'pinned_client',
  ),
];
