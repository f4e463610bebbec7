// A recorded cluster in good health, changed to just below what Insights tells, and to where it does.
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type {
  Assets,
  ConsumerRow,
  Group,
  Replica,
  StreamRow,
} from '../../../lambdas/readings/decoders/assets.ts';
import type { Jsz, MetaCluster } from '../../../lambdas/readings/decoders/jsz.ts';
import type { NatsVersion } from '../../services/nats-binary.ts';
import { consumersOf, rowsOf } from '../../jetstream-kit.ts';
import { recordedMoment, type RecordedMoment } from '../../recorded-moments.ts';

type Change = (moment: RecordedMoment) => RecordedMoment;

const servers =
  (change: (readings: TargetReadings['readings'], name: string) => TargetReadings['readings']): Change =>
  ({ takenAt, servers: all }) => ({
    takenAt,
    servers: all.map(({ target, readings }) => ({ target, readings: change(readings, target.name) })),
  });

/** What is so of each server. */
const jsz = (change: (own: Jsz, name: string) => Partial<Jsz>): Change =>
  servers((readings, name) => {
    const own = readings.jsz;
    return own?.ok
      ? { ...readings, jsz: { ok: true, value: { ...own.value, ...change(own.value, name) } } }
      : readings;
  });

const meta = (change: (own: MetaCluster, name: string) => Partial<MetaCluster>): Change =>
  jsz(({ meta_cluster: own }, name) =>
    own === undefined ? {} : { meta_cluster: { ...own, ...change(own, name) } },
  );

const streams = (change: (row: StreamRow) => StreamRow): Change =>
  servers((readings) => {
    const changed = (assets: Assets): Assets => ({ ...assets, streams: assets.streams.map(change) });
    const { streams: bare, consumers: full } = readings;
    return {
      ...readings,
      ...(bare?.ok ? { streams: { ok: true, value: changed(bare.value) } } : {}),
      ...(full?.ok ? { consumers: { ok: true, value: changed(full.value) } } : {}),
    };
  });

type Parts = {
  readonly config?: Partial<StreamRow['config']>;
  readonly state?: Partial<StreamRow['state']>;
};

const stream = (name: string, { config, state }: Parts): Change =>
  streams((row) =>
    row.name === name
      ? { ...row, config: { ...row.config, ...config }, state: { ...row.state, ...state } }
      : row,
  );

const consumer = (change: (row: ConsumerRow) => ConsumerRow): Change =>
  streams((row) => ({
    ...row,
    consumers: consumersOf(
      rowsOf(row.consumers).map((each) => (each.name === 'shipping' ? change(each) : each)),
    ),
  }));

/** The first of a group's other members. */
const firstReplica = ({ replicas, ...group }: Group, change: Partial<Replica>): Group => ({
  ...group,
  replicas: replicas.map((each, i) => (i === 0 ? { ...each, ...change } : each)),
});

const snapshot = (seconds: number): Change =>
  meta(() => ({
    snapshot: { pending_entries: 0, pending_size: 0, last_duration: seconds * 1e9 },
  }));

const none: Change = (moment) => moment;

/** What is just below a level of Insights, and at it; some have a critical one too. */
const limits: Readonly<Record<string, readonly Change[]>> = {
  'messages of a work queue': [0.89, 0.9].map((part) =>
    stream('JOBS', { config: { maxMsgs: 1_000 }, state: { messages: 1_000 * part } }),
  ),
  'messages of a stream that drops its oldest': [0.89, 0.9].map((part) =>
    stream('ORDERS', { config: { maxMsgs: 1_000 }, state: { messages: 1_000 * part } }),
  ),
  'bytes of a work queue': [0.89, 0.9].map((part) => stream('JOBS', { state: { bytes: 1_000_000 * part } })),
  'consumers of a stream': [8, 9].map((count) =>
    streams((row) =>
      row.name === 'JOBS'
        ? {
            ...row,
            config: { ...row.config, maxConsumers: 10 },
            state: { ...row.state, consumers: count },
            consumers: consumersOf(
              rowsOf(row.consumers).flatMap((each) =>
                Array.from({ length: count }, (_, i) => ({ ...each, name: `${each.name}${i}` })),
              ),
            ),
          }
        : row,
    ),
  ),
  'consumers of a stream for few': [2, 1].map((maxConsumers) => stream('JOBS', { config: { maxConsumers } })),
  subjects: [999_999, 1_000_000].map((subjects) =>
    stream('ORDERS', { state: { subjects, messages: 2_000_000 } }),
  ),
  'subjects beyond messages': [20, 21].map((subjects) =>
    stream('ORDERS', { state: { subjects, messages: 20 } }),
  ),
  'raft groups': [999, 1_000].map((ha_assets) => jsz(() => ({ ha_assets }))),
  store: [0.89, 0.9, 0.95].map((part) => jsz(({ config }) => ({ storage: config.max_storage * part }))),
  'memory of what is reserved': [0.89, 0.9, 0.95].map((part) =>
    jsz(() => ({ reserved_memory: 1_000_000, memory: 1_000_000 * part })),
  ),
  'requests in flight': [1_000, 1_001].map((inflight) => jsz(({ api }) => ({ api: { ...api, inflight } }))),
  'requests that wait': [500, 501].map((pending) => meta(() => ({ pending }))),
  'meta snapshot': [4.9, 5, 30].map(snapshot),
  'size of the meta group': [3, 4].map((cluster_size) => meta(() => ({ cluster_size }))),
  'meta group that shrank': [none, meta(() => ({ cluster_size: 2 }))],
  'meta leaders': [none, meta((own, name) => (own.leader === name ? {} : { leader: name }))],
  'a domain': [none, jsz(({ config }) => ({ config: { ...config, domain: 'hub' } }))],
  'configuration of a stream': [none, stream('ORDERS', { config: { maxAge: 3_600e9 } })],
  'lag of a consumer': [1_000, 1_001].map((lag) =>
    consumer((row) => ({ ...row, group: firstReplica(row.group, { lag }) })),
  ),
  'a consumer ahead of its stream': [0, 1].map((ahead) =>
    streams((row) => ({
      ...row,
      consumers: consumersOf(
        rowsOf(row.consumers).map((each) =>
          each.name === 'shipping'
            ? { ...each, delivered: { ...each.delivered, streamSeq: row.state.lastSeq + ahead } }
            : each,
        ),
      ),
    })),
  ),
};

/** Scenes of the version, each begun in good health. */
export const limitScenes = (
  version: NatsVersion,
): readonly (readonly [scene: string, moments: readonly RecordedMoment[]])[] => {
  const healthy = recordedMoment(version, 'healthy', 1);
  return Object.entries(limits).map(([scene, changes]) => [
    scene,
    [none, ...changes].map((change) => change(healthy)),
  ]);
};
