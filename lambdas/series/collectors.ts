/** The replies that series are made of, by the endpoint they come from. `healthz` is asked for in three ways. */
export type ReplyName =
  | 'varz'
  | 'routez'
  | 'subsz'
  | 'connz'
  | 'healthz'
  | 'healthzJsEnabledOnly'
  | 'healthzJsServerOnly'
  | 'leafz'
  | 'gatewayz'
  | 'accstatz'
  | 'accountz'
  | 'jsz';

export type Collector = {
  /** prometheus-nats-exporter's namespace unless its `-prefix` replaces it; null for a name that stands alone. */
  readonly namespace: 'gnatsd' | 'jetstream' | null;
  /** What its names begin with, behind the namespace. */
  readonly subsystem: string;
  readonly reply: ReplyName;
  /** What one series stands for. */
  readonly per: string;
  /** Where in the reply the rows are, a series each. */
  readonly rows: string;
  /** Labels beside `server_id`. A trailing `*` stands for the keys of a stream's or consumer's metadata. */
  readonly labels: readonly string[];
};

const ofServer = (reply: ReplyName, subsystem: string = reply): Collector => ({
  namespace: 'gnatsd',
  subsystem,
  reply,
  per: 'server',
  rows: '',
  labels: [],
});
const ofHealth = (reply: ReplyName, subsystem: string): Collector => ({
  ...ofServer(reply, subsystem),
  labels: ['value'],
});
const ofGateways = (rows: string): Collector => ({
  ...ofServer('gatewayz'),
  per: 'gateway connection',
  rows,
  labels: ['gateway_name', 'cid', 'remote_gateway_name'],
});

const leafLabels = ['account', 'account_id', 'ip', 'port', 'name'];
const jszLabels = ['server_name', 'cluster', 'domain', 'meta_leader', 'is_meta_leader'];
const accountLabels = [...jszLabels, 'account', 'account_name', 'account_id'];
const streamLabels = [
  ...accountLabels,
  'stream_name',
  'stream_leader',
  'is_stream_leader',
  'stream_raft_group',
];
const streams = 'account_details[].stream_detail[]';
const ofJetStream = (subsystem: string, per: string, rows: string, labels: readonly string[]): Collector => ({
  namespace: 'jetstream',
  subsystem,
  reply: 'jsz',
  per,
  rows,
  labels,
});

/**
 * The families of series that prometheus-nats-exporter has, one for each shape of labels. Read from its collectors at
 * commit 2fdbfd7 (collector/*.go).
 */
export const collectors = {
  varz: { ...ofServer('varz'), labels: ['value'] },
  routez: { ...ofServer('routez'), labels: ['value'] },
  subsz: { ...ofServer('subsz'), labels: ['value'] },
  connz: ofServer('connz'),
  connzRow: {
    ...ofServer('connz'),
    per: 'connection',
    rows: 'connections[]',
    labels: [
      ...['cid', 'kind', 'type', 'ip', 'port', 'name', 'name_tag', 'account', 'account_id'],
      ...['lang', 'version', 'tls_version', 'tls_cipher_suite'],
    ],
  },
  healthz: ofHealth('healthz', 'healthz'),
  healthzJsEnabledOnly: ofHealth('healthzJsEnabledOnly', 'healthz_js_enabled_only'),
  healthzJsServerOnly: ofHealth('healthzJsServerOnly', 'healthz_js_server_only'),
  leafz: ofServer('leafz'),
  leafzRow: { ...ofServer('leafz'), per: 'leaf connection', rows: 'leafs[]', labels: leafLabels },
  leafzSubscription: {
    ...ofServer('leafz'),
    per: 'subscription',
    rows: 'leafs[].subscriptions_list[]',
    labels: [...leafLabels, 'subscription'],
  },
  gatewayzOutbound: ofGateways('outbound_gateways.<remote>'),
  gatewayzInbound: ofGateways('inbound_gateways.<remote>[]'),
  accstatz: {
    ...ofServer('accstatz'),
    per: 'account',
    rows: 'account_statz[]',
    labels: ['account', 'account_id', 'account_name'],
  },
  accountz: {
    ...ofServer('accountz'),
    per: 'account',
    rows: 'account_detail',
    labels: ['account_id', 'account_name'],
  },
  jszServer: ofJetStream('server', 'server', '', jszLabels),
  jszAccount: ofJetStream('account', 'account', 'account_details[]', accountLabels),
  jszStream: ofJetStream('stream', 'stream replica on this server', streams, [
    ...streamLabels,
    'stream_meta_*',
  ]),
  jszSource: ofJetStream('stream', 'source of a stream', `${streams}.sources[]`, [
    ...streamLabels,
    'source_name',
    'source_api',
    'source_deliver',
    // Not the exporter's: see `toldApart`.
    'source_filter_subject',
  ]),
  jszMirror: ofJetStream('stream', 'mirror of a stream', `${streams}.mirror`, [
    ...streamLabels,
    'mirror_name',
    'mirror_api',
    'mirror_deliver',
  ]),
  jszConsumer: ofJetStream('consumer', 'consumer replica on this server', `${streams}.consumer_detail[]`, [
    ...streamLabels,
    'stream_meta_*',
    'consumer_name',
    'consumer_leader',
    'is_consumer_leader',
    'consumer_desc',
    'consumer_meta_*',
  ]),
  /** Not the exporter's: Prometheus itself makes `up` of each target that it scrapes. */
  up: { ...ofServer('varz', ''), namespace: null },
} as const satisfies Readonly<Record<string, Collector>>;

export type CollectorId = keyof typeof collectors;

/** Those whose replies are flattened as a whole: names are made of JSON paths. */
export const reflective = ['varz', 'routez', 'subsz'] as const satisfies readonly CollectorId[];
