import {
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  nothing,
  trend,
} from '../../define.ts';
import { formatBytes, formatPercent, formatTime, inline, plural } from '../../engine/format.ts';
import type { StreamConfig } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, tellingRow, type ClusterAssets } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';

/** Nothing but the store ends its growth. */
const isUnlimited = ({ maxMsgs, maxBytes, maxAge }: StreamConfig): boolean =>
  maxMsgs <= 0 && maxBytes <= 0 && maxAge <= 0;

/** A stream that brings less of what is added to a store is not what fills it. */
const leastShare = 0.1;
/** A pace is not carried on for longer than seven times as long as it was watched. */
const aheadOf = 7;

/** The store of one server that streams without limit fill. */
type Store = {
  readonly server: string;
  readonly storage: string;
  readonly free: number;
  readonly most: number;
};

function storeOf({ name, reading }: ClusterAssets['servers'][number], storage: string): Store {
  const { config, memory, storage: files } = reading;
  const [used, most] = storage === 'memory' ? [memory, config.max_memory] : [files, config.max_storage];
  return { server: name, storage, free: Math.max(0, most - used), most };
}

/** Names the streams; of the store as a whole SERVER_019 tells, which pages. */
export default defineDiagnosis({
  id: 'JETSTREAM_114',
  title: 'Stream without a limit fills the store',
  brief: ['store', 'filled by a stream'],
  scope: 'cluster',
  reads: { streams: from() },
  history: { growth: trend(days(7)) },
  limits: {
    left: atMost(
      { info: days(7) / 1_000, warning: days(2) / 1_000 },
      { unit: 'seconds', of: "time until streams without a limit have filled a server's store" },
    ),
  },
  for: hours(1),
  why: 'When the store is full every stream on that server refuses its messages, not just this one, and no counter shows it.',
  remedy:
    'Give the stream a limit that fits: `nats stream edit --max-age` or `--max-bytes`, which deletes what is beyond it at once. If it is a ' +
    'work queue, mend its consumers first. To gain time: purge what nobody needs (`nats stream purge`, which loses it), or a larger ' +
    '`max_file_store` with its disk.',
  evaluate({ servers, history }, { cluster }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const unlimited = assets.streams.flatMap((stream) => {
      const row = tellingRow(stream);
      return row !== null && isUnlimited(row.config) ? [{ stream, row }] : [];
    });
    const growth = history.growth(new Map(unlimited.map(({ stream, row }) => [stream.key, row.state.bytes])));
    const growing = unlimited.flatMap(({ stream, row }) => {
      const perDay = growth(stream.key) ?? 0;
      return perDay > 0 ? [{ stream, row, perDay }] : [];
    });
    const paces = new Map<string, number>();
    const onStores = growing.flatMap((each) =>
      each.stream.replicas.map(({ server }) => {
        const store = storeOf(server, each.row.config.storage);
        const key = JSON.stringify([server.target.name, store.storage]);
        paces.set(key, (paces.get(key) ?? 0) + each.perDay);
        return { ...each, store, key };
      }),
    );
    const filling = onStores.flatMap(({ stream, row, perDay, store, key }) => {
      const pace = paces.get(key) ?? perDay;
      const left = (store.free / pace) * days(1);
      const isKnown = growth(stream.key, left / aheadOf) !== null;
      return store.most > 0 && isKnown && perDay >= pace * leastShare
        ? [{ stream, row, perDay, store, pace, left }]
        : [];
    });
    const bySoonest = Map.groupBy(
      filling.toSorted((a, b) => a.left - b.left),
      ({ stream }) => stream.key,
    );
    const seen = `${plural(unlimited.length, 'stream')} without a limit, ${growing.length} growing`;
    if (bySoonest.size === 0) return nothing(seen);
    return measured(
      seen,
      [...bySoonest.values()].flatMap((stores) => {
        const [soonest] = stores;
        if (soonest === undefined) return [];
        const { stream, left } = soonest;
        const data = { ...soonest, stores };
        return [{ limit: 'left' as const, entity: stream.entity, value: left / 1_000, data }];
      }),
    );
  },
  describe: ({ entity, data: { stream, row, perDay, store, pace, left, stores } }, { at }) => ({
    summary:
      `Stream ${entity.name} has no limit and grows by ${formatBytes(perDay)} a day: at this pace the ` +
      `${store.storage === 'memory' ? 'memory' : 'file'} store of ${store.server} is full in ${formatDuration(left)}.`,
    evidence: [
      `full about ${formatTime(at + left)}: ${formatBytes(store.free)} of ${formatBytes(store.most)} free on ${store.server}`,
      `it brings ${formatPercent(perDay / pace)} of what streams without a limit add there`,
      `it holds ${formatBytes(row.state.bytes)} in ${plural(row.state.messages, 'message')}: no max_msgs, max_bytes or max_age`,
      ...(stores.length <= 1 ? [] : [`its replicas: ${inline(stores.map(fullIn))}`]),
      placement(stream),
    ],
    commands: streamCommands(stream),
  }),
});

const fullIn = ({ store, left }: { readonly store: Store; readonly left: number }): string =>
  `${store.server} full in ${formatDuration(left)}`;
