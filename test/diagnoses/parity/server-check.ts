// What `nats server check jetstream`, `meta`, `stream` and `consumer` ask (jsm.go's package monitor), of the replies that our
// checks read. As an operator runs them: jetstream with its defaults, meta and stream with the three replicas there should be.
import type { Replica, StreamRow } from '../../../lambdas/readings/decoders/assets.ts';
import { consumerRows, ofLeaders, streamRows, type ConsumerOf, type Row, type Seen } from './seen.ts';
import {
  bySeverity,
  exceeds,
  owned,
  reaches,
  rule,
  wantsPinned,
  where,
  type Rule,
  type Told,
} from './rule.ts';

const peers = 3;
/** The defaults of `--replica-seen-critical` and `--replica-lag-critical`. */
const [seenCritical, lagCritical] = [5e9, 200];

const isUnwell = ({ offline, active, lag }: Pick<Replica, 'offline' | 'active' | 'lag'>): boolean =>
  offline || active > seenCritical || lag > lagCritical;

const metaLeader = ({ servers }: Seen) =>
  servers.find(({ name, jsz: { meta_cluster: meta } }) => meta?.leader === name)?.jsz.meta_cluster;

const ofAll = (id: string, ours: readonly string[], isCritical: (seen: Seen) => boolean): Rule =>
  rule(id, ours, (seen) => (isCritical(seen) ? [['critical', 'all']] : []), bySeverity);

/** An option of `nats server check stream`, of each stream that has a leader to answer. */
function ofStream(option: string, ours: readonly string[], holds: (row: StreamRow) => boolean): Rule {
  return rule(`check stream ${option}`, ours, (seen) =>
    where('critical', ofLeaders(streamRows(seen)), ({ row }) => holds(row)),
  );
}

/** An option of `nats server check consumer`, of each consumer that has a leader to answer. */
const ofConsumer = (
  option: string,
  ours: readonly string[],
  holds: (row: ConsumerOf, at: number) => boolean,
): Rule =>
  rule(`check consumer ${option}`, ours, (seen) =>
    where('critical', ofLeaders(consumerRows(seen)), ({ row }) => holds(row, seen.at)),
  );

/** Without a leader there is no answer, which is critical. Asked for by name is what is there, and what was before. */
const unanswered =
  (rowsOf: (seen: Seen) => readonly Row<StreamRow | ConsumerOf>[]) =>
  (seen: Seen, before: Seen | null): readonly Told[] => {
    const led = new Set(ofLeaders(rowsOf(seen)).map(({ name }) => name));
    const known = new Set(
      [...rowsOf(seen), ...(before === null ? [] : rowsOf(before))].map(({ name }) => name),
    );
    return where(
      'critical',
      [...known].map((name) => ({ name })),
      ({ name }) => !led.has(name),
    );
  };

const originsOf = ({ mirror, sources }: StreamRow) =>
  sources.length > 0 ? sources : mirror === null ? [] : [mirror];

/** Nothing yet counts as too long ago. */
const isLongAgo = (
  metadata: Readonly<Record<string, string>>,
  key: string,
  last: number | null,
  at: number,
) => owned(metadata, key) !== null && (last === null || reaches(metadata, key, (at - last) * 1e6));

export const serverCheck: readonly Rule[] = [
  ofAll(
    'check jetstream',
    ['META_006', 'JETSTREAM_008', 'JETSTREAM_107', 'JETSTREAM_108', 'JETSTREAM_109'],
    (seen) =>
      metaLeader(seen) === undefined ||
      ofLeaders(streamRows(seen)).some(
        ({ row: { config, group } }) =>
          config.replicas > 1 &&
          (group.replicas.length !== config.replicas - 1 || group.replicas.some(isUnwell)),
      ),
  ),
  ofAll('check meta', ['META_001', 'META_006', 'META_009', 'META_101'], (seen) => {
    const replicas = metaLeader(seen)?.replicas;
    if (replicas === undefined) return true;
    return replicas.length + 1 !== peers || replicas.some((each) => !each.current || isUnwell(each));
  }),

  rule(
    'check stream: no answer',
    ['JETSTREAM_008', 'JETSTREAM_107', 'JETSTREAM_112'],
    unanswered(streamRows),
    bySeverity,
  ),
  rule(
    'check stream: offline',
    ['JETSTREAM_108'],
    (seen) =>
      where('critical', ofLeaders(streamRows(seen)), ({ row: { group } }) =>
        group.replicas.some(({ offline }) => offline),
      ),
    bySeverity,
  ),
  ofStream('--peer-expect', ['JETSTREAM_021'], ({ group, config: { metadata } }) => {
    const expected = owned(metadata, 'peer-expect');
    return expected !== null && group.replicas.length + 1 !== expected;
  }),
  ofStream('--peer-lag-critical', ['JETSTREAM_022'], ({ group, config: { metadata } }) =>
    group.replicas.some(({ lag }) => exceeds(metadata, 'peer-lag-critical', lag)),
  ),
  ofStream('--peer-seen-critical', ['JETSTREAM_023'], ({ group, config: { metadata } }) =>
    group.replicas.some(({ active }) => exceeds(metadata, 'peer-seen-critical', active)),
  ),
  ofStream('--lag-critical', ['JETSTREAM_017'], (row) =>
    originsOf(row).some(({ lag }) => reaches(row.config.metadata, 'lag-critical', lag)),
  ),
  ofStream('--seen-critical', ['JETSTREAM_018'], (row) =>
    originsOf(row).some(({ active }) => reaches(row.config.metadata, 'seen-critical', active)),
  ),
  ofStream(
    '--min-sources',
    ['JETSTREAM_019'],
    ({ sources, config: { metadata } }) => sources.length < (owned(metadata, 'min-sources') ?? 0),
  ),
  ofStream('--max-sources', ['JETSTREAM_020'], ({ sources, config: { metadata } }) =>
    exceeds(metadata, 'max-sources', sources.length),
  ),
  rule('check stream --msgs-warn --msgs-critical', ['JETSTREAM_024'], (seen) =>
    ofLeaders(streamRows(seen)).flatMap(({ name, row: { state, config } }): Told[] => {
      const isFew = (key: string) => state.messages <= (owned(config.metadata, key) ?? -1);
      if (isFew('msgs-critical')) return [['critical', name]];
      return isFew('msgs-warn') ? [['warning', name]] : [];
    }),
  ),
  rule('check stream --subjects-warn --subjects-critical', ['JETSTREAM_025'], (seen) =>
    ofLeaders(streamRows(seen)).flatMap(({ name, row: { state, config } }): Told[] => {
      const [warning, critical] = ['subjects-warn', 'subjects-critical'].map(
        (key) => owned(config.metadata, key) ?? 0,
      ) as [number, number];
      if (warning === 0 && critical === 0) return [];
      const sign = warning < critical ? 1 : -1;
      if (sign * state.subjects >= sign * critical) return [['critical', name]];
      return sign * state.subjects >= sign * warning ? [['warning', name]] : [];
    }),
  ),

  rule(
    'check consumer: no answer',
    ['CONSUMER_003', 'CONSUMER_103', 'JETSTREAM_008', 'JETSTREAM_107', 'JETSTREAM_112'],
    unanswered(consumerRows),
    bySeverity,
  ),
  ofConsumer('--outstanding-ack-critical', ['CONSUMER_006'], ({ ackPending, config: { metadata } }) =>
    reaches(metadata, 'outstanding-ack-critical', ackPending),
  ),
  ofConsumer('--waiting-critical', ['CONSUMER_007'], ({ waiting, config: { metadata } }) =>
    reaches(metadata, 'waiting-critical', waiting),
  ),
  ofConsumer('--unprocessed-critical', ['CONSUMER_008'], ({ pending, config: { metadata } }) =>
    reaches(metadata, 'unprocessed-critical', pending),
  ),
  ofConsumer('--last-delivery-critical', ['CONSUMER_009'], ({ delivered, config: { metadata } }, at) =>
    isLongAgo(metadata, 'last-delivery-critical', delivered.at, at),
  ),
  ofConsumer('--last-ack-critical', ['CONSUMER_010'], ({ ackFloor, config: { metadata } }, at) =>
    isLongAgo(metadata, 'last-ack-critical', ackFloor.at, at),
  ),
  ofConsumer('--redelivery-critical', ['CONSUMER_011'], ({ redelivered, config: { metadata } }) =>
    reaches(metadata, 'redelivery-critical', redelivered),
  ),
  ofConsumer(
    '--pinned',
    ['CONSUMER_012'],
    ({ config: { metadata, priorityPolicy } }) => wantsPinned(metadata) && priorityPolicy !== 'pinned_client',
  ),
];
