import { fieldAt, textAt } from './json.ts';
import type { MetadataKeys, Row, SeriesReplies } from './replies.ts';
import { listIn, one } from './shapes.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Servers, accounts, streams and consumers of /jsz. `server_name` comes from /varz, so without that there are none.
 * Each server lists every replica it has: only the leader's figures are right (nats-server issues 4539, 8140).
 */
export const jszRows = {
  jszServer: (replies: SeriesReplies) => servers(replies),
  jszAccount: (replies: SeriesReplies) => accounts(replies),
  jszStream: (replies: SeriesReplies, metadata: MetadataKeys) =>
    streams(replies).map(({ json, labels }) => ({
      json,
      labels: { ...labels, ...metadataLabels('stream', json, metadata.stream) },
    })),
  jszSource: (replies: SeriesReplies) =>
    streams(replies).flatMap(({ json, labels }) =>
      distinguished(listIn(json, 'sources').map((source) => origin('source', source, labels))),
    ),
  jszMirror: (replies: SeriesReplies) =>
    streams(replies).flatMap(({ json, labels }) =>
      one(fieldAt(json, ['mirror'])).map((mirror) => origin('mirror', mirror.json, labels)),
    ),
  jszConsumer: (replies: SeriesReplies, metadata: MetadataKeys) =>
    streams(replies).flatMap((stream) => {
      const labels = { ...stream.labels, ...metadataLabels('stream', stream.json, metadata.stream) };
      return listIn(stream.json, 'consumer_detail').map((json) => ({
        json,
        labels: {
          ...labels,
          consumer_name: textAt(json, 'name'),
          ...leaderLabels('consumer', json, labels),
          consumer_desc: textAt(json, 'config', 'description'),
          ...metadataLabels('consumer', json, metadata.consumer),
        },
      }));
    }),
};

function servers({ jsz, varz }: SeriesReplies): readonly Row[] {
  if (varz === undefined || varz === null) return [];
  const serverName = textAt(varz, 'server_name');
  return one(jsz).map(({ json }) => {
    const leader = textAt(json, 'meta_cluster', 'leader');
    const labels = {
      server_name: serverName,
      cluster: textAt(json, 'meta_cluster', 'name'),
      domain: textAt(json, 'config', 'domain'),
      meta_leader: leader,
      is_meta_leader: isLeader(json, 'meta_cluster', leader, serverName),
    };
    return { json, labels };
  });
}

function accounts(replies: SeriesReplies): readonly Row[] {
  return servers(replies).flatMap((server) =>
    listIn(server.json, 'account_details').map((json) => {
      const name = textAt(json, 'name');
      const labels = { ...server.labels, account: name, account_name: name, account_id: textAt(json, 'id') };
      return { json, labels };
    }),
  );
}

function streams(replies: SeriesReplies): readonly Row[] {
  return accounts(replies).flatMap((account) =>
    listIn(account.json, 'stream_detail').map((json) => ({
      json,
      labels: {
        ...account.labels,
        stream_name: textAt(json, 'name'),
        ...leaderLabels('stream', json, account.labels),
        // From 2.9.15, asked for with raft=true.
        stream_raft_group: textAt(json, 'stream_raft_group'),
      },
    })),
  );
}

function leaderLabels(what: 'stream' | 'consumer', json: unknown, { server_name }: Labels): Labels {
  const leader = textAt(json, 'cluster', 'leader');
  return {
    [`${what}_leader`]: leader,
    [`is_${what}_leader`]: isLeader(json, 'cluster', leader, server_name),
  };
}

/** Without a cluster the only server leads. */
function isLeader(json: unknown, cluster: string, leader: string, server: string | undefined): string {
  return String((fieldAt(json, [cluster]) ?? null) === null || leader === server);
}

function origin(what: 'source' | 'mirror', json: unknown, labels: Labels): Row {
  return {
    json,
    labels: {
      ...labels,
      [`${what}_name`]: textAt(json, 'name'),
      [`${what}_api`]: textAt(json, 'external', 'api'),
      [`${what}_deliver`]: textAt(json, 'external', 'deliver'),
    },
  };
}

function metadataLabels(what: 'stream' | 'consumer', json: unknown, keys: readonly string[]): Labels {
  return Object.fromEntries(
    keys.map((key) => [`${what}_meta_${key}`, textAt(json, 'config', 'metadata', key)]),
  );
}

/**
 * A stream may take several subjects of another by a source each, for which the exporter has the same labels. They get one
 * label more, and no others do.
 */
function distinguished(sources: readonly Row[]): readonly Row[] {
  const alike = Map.groupBy(sources, ({ labels }) => JSON.stringify(labels));
  if (alike.size === sources.length) return sources;
  return sources.map((row) => {
    const isAlone = alike.get(JSON.stringify(row.labels))?.length === 1;
    return isAlone ? row : { ...row, labels: { ...row.labels, source_filter_subject: subjectsOf(row.json) } };
  });
}

/** With subject transforms there is no single filter. */
function subjectsOf(source: unknown): string {
  const transforms = listIn(source, 'subject_transforms').map((each) => textAt(each, 'src'));
  return textAt(source, 'filter_subject') || transforms.join(',');
}
