/** An operational check of Synadia Insights, and how ours compares. */
export type InsightsCheck = {
  readonly id: string;
  readonly title: string;
  /** Our diagnoses that answer it; the one of its own id unless said otherwise. */
  readonly ours: readonly string[];
  /** Where ours differs; empty where it asks the same. */
  readonly differs: string;
};

type Answer = { readonly by?: readonly string[]; readonly differs?: string };

const check = (id: string, title: string, { by = [id], differs = '' }: Answer = {}): InsightsCheck => ({
  ...{ id, title, ours: by, differs },
});

const ofLaterLevels = 'its level is for information here, a warning comes later';
const alsoSources = 'sources as well as mirrors';
const sinceElected = 'nothing yet counts since the leader was elected, where servers say when';

/** Each once, in the order of its suites. */
export const insightsChecks: readonly InsightsCheck[] = [
  check('SERVER_001', 'Connection Readiness Failure', {
    differs: 'a server that has only started is warned of first; a lame-duck drain is CLUSTER_101',
  }),
  check('SERVER_002', 'Server Version Mismatch', {
    differs:
      'once for a cluster, after a day; leaf servers are not compared; versions that must not mix are CLUSTER_122',
  }),
  check('SERVER_003', 'High CPU Usage', {
    differs: 'above 80 % for five minutes, of the processors that the server may use',
  }),
  check('SERVER_004', 'Slow Consumers', {
    by: ['SERVER_004', 'CONN_102'],
    differs:
      'clients by their closed connections, which name them; the counter for routes, gateways and leafnodes',
  }),
  check('SERVER_005', 'JetStream Memory Pressure', {
    differs: 'of `max_memory_store`: what is reserved is a sum of `max_bytes`, and no ceiling',
  }),
  check('SERVER_006', 'JetStream Domain Whitespace'),
  check('SERVER_007', 'Authentication Not Required', {
    differs:
      'a warning once for all servers, critical where others of the cluster ask; not where certificates are, nor on loopback',
  }),
  check('SERVER_008', 'Unexpected Server Restart', {
    differs:
      'with its reason: planned ones are for information, servers that are rolled one finding, others a warning',
  }),
  check('SERVER_009', 'Server Crash Loop', {
    differs: 'restarts are counted, planned ones apart, not starts',
  }),
  check('SERVER_010', 'High Route RTT', {
    differs:
      'of a pair of servers the shortest way, for three minutes; a server far from several is one finding',
  }),
  check('SERVER_011', 'Connection Count High'),
  check('SERVER_012', 'Stale Connections', {
    differs:
      'one stale client is none yet; MQTT clients too, which no counter has; before 2.12 by closed connections',
  }),
  check('SERVER_013', 'Stalled Clients', {
    differs: 'minutes with stalls are counted: a warning from three of ten on',
  }),
  check('SERVER_014', 'JetStream Subsystem Unhealthy', {
    differs:
      'what recovers warns first; where no server knows a meta leader META_006 pages, once for all; 2.9 too',
  }),
  check('SERVER_015', 'Stream Recovery Failure', {
    differs: 'what catches up is for information until it takes long; 2.9 too',
  }),
  check('SERVER_016', 'Account Resolution Failure'),
  check('SERVER_017', 'JetStream Storage Pressure', {
    by: ['SERVER_019', 'SERVER_131'],
    differs: 'what is reserved is no ceiling: stored and reserved are each compared with `max_file_store`',
  }),
  check('SERVER_018', 'High Gateway RTT', {
    differs:
      'against what is usual, as 50 ms are no finding between continents; beyond 500 ms always; one finding for all that have an end in common',
  }),
  check('SERVER_019', 'JetStream Storage vs Configured Limit'),

  check('CLUSTER_001', 'Memory Usage Outlier', {
    differs: `${ofLaterLevels}; of three servers that have run for six hours, from 512 MiB above the average on`,
  }),
  check('CLUSTER_003', 'High HA Assets', {
    differs: `${ofLaterLevels}; so does the share of \`max_ha_assets\``,
  }),
  check('CLUSTER_004', 'Cluster Name Whitespace', { differs: 'once for the servers of a name' }),
  check('CLUSTER_005', 'Route Count Low', {
    by: ['CLUSTER_005', 'CLUSTER_112'],
    differs: 'by whom a server reaches, as a peer has several connections; a split cluster is critical',
  }),
  check('CLUSTER_006', 'Connection Count Change'),
  check('CLUSTER_007', 'Gateway Disconnection', {
    by: ['CLUSTER_007', 'CLUSTER_113'],
    differs:
      'by outbound gateways, for two minutes, one finding for all servers; a warning for an hour where no configuration names it; one that was never up too',
  }),
  check('CLUSTER_008', 'Gateway Config Mismatch', {
    differs:
      'by what is connected, for a quarter of an hour; one that is configured, or was lost, is CLUSTER_113 or CLUSTER_007',
  }),

  check('CONN_001', 'High Client RTT', {
    differs:
      'one client is for information; a warning where most clients of a server are slow for ten minutes; one finding a server',
  }),
  check('CONN_002', 'Client Pending Pressure', {
    differs:
      'for one client in two runs in a row, and more than a second of its own traffic; one finding a server',
  }),
  check('CONN_003', 'Connection Stopped', {
    differs: 'planned, unexpected and health probes apart',
  }),

  check('ACCOUNTS_001', 'Account Connection Limit', {
    differs:
      'the limit holds for all servers together, so their connections are added up; limits below 10 are meant to be full',
  }),
  check('ACCOUNTS_002', 'Slow Consumers', {
    differs: 'for information: CONN_102 and SERVER_004 page, and name who it is',
  }),
  check('ACCOUNTS_003', 'Inactive JWT Import', {
    differs: 'a warning, with the cause by what the exporting account shows',
  }),
  check('ACCOUNTS_004', 'Orphaned Export', {
    differs: 'for information, of configured accounts: with an operator, who imports may not be loaded',
  }),
  check('ACCOUNTS_005', 'No Subscription Interest', {
    differs:
      'of the accounts in `expect.imports` alone, a warning: nobody may listen on purpose, and to know it takes all their subscriptions; streams, as a service needs no listener',
  }),
  check('ACCOUNTS_006', 'Account Subscription Limit', {
    differs: 'the limit holds for each connection, not for their sum: of the connection that has most',
  }),

  check('LEAF_001', 'Leafnode Name Whitespace', { differs: 'one finding a server' }),
  check('LEAF_002', 'High Leaf RTT', {
    differs: 'against what is usual, as edges are far away; beyond a second always; one finding a server',
  }),
  check('LEAF_003', 'Leafnode Subscription Count High'),

  check('META_001', 'Offline Replica', {
    by: ['META_001', 'META_101'],
    differs:
      'by whom the leader does not hear, as `offline` comes three minutes late; a peer that is no server is told apart',
  }),
  check('META_002', 'Leader Disagreement', {
    differs: 'in two runs in a row, as a change of leader takes seconds',
  }),
  check('META_003', 'Meta Leader Flapping', {
    differs: 'changes of a rolling restart do not count; two are for information',
  }),
  check('META_004', 'Meta Snapshot Slow'),
  check('META_005', 'Meta State Growth', { differs: ofLaterLevels }),
  check('META_006', 'Meta Quorum Lost', {
    differs: 'by the absence of a leader on every server, as `offline` comes three minutes late',
  }),
  check('META_007', 'Even Cluster Size', { differs: 'for information' }),
  check('META_008', 'Meta Pending High', {
    differs: 'in two runs in a row; critical before the server drops them',
  }),
  check('META_009', 'Meta Cluster Size Decreased', {
    differs: 'a warning for an hour, as it is mostly done on purpose',
  }),

  check('JETSTREAM_001', 'Stream Replica Lag', {
    by: ['JETSTREAM_104'],
    differs: 'by the messages that a replica lacks for minutes, not by sequences of one moment',
  }),
  check('JETSTREAM_002', 'High Subject Cardinality'),
  check('JETSTREAM_003', 'Stream Message Limit', {
    differs: 'not of streams that drop their oldest by design; critical when almost full',
  }),
  check('JETSTREAM_004', 'JS API Request Rate High', { differs: ofLaterLevels }),
  check('JETSTREAM_005', 'JS API Pending High', { differs: 'in two runs in a row' }),
  check('JETSTREAM_006', 'Consumer Count Change', {
    differs: `replicas of consumers are counted; ${ofLaterLevels}`,
  }),
  check('JETSTREAM_007', 'JetStream Memory Utilization Critical', {
    by: ['SERVER_005'],
    differs: 'the critical level of one diagnosis, of `max_memory_store`',
  }),
  check('JETSTREAM_008', 'Stream Quorum Lost', {
    by: ['JETSTREAM_008', 'JETSTREAM_107'],
    differs: 'by the absence of a leader on every replica, as `offline` comes three minutes late',
  }),
  check('JETSTREAM_009', 'JS API Error Rate High', {
    differs: 'for information, at a higher share: the built-in rule NatsTooManyErrors pages',
  }),
  check('JETSTREAM_010', 'Stream Byte Limit', {
    differs: 'not of streams that drop their oldest by design; critical when almost full',
  }),
  check('JETSTREAM_011', 'Stream Consumer Limit', {
    differs:
      'consumers are counted over all servers, as a row counts those of its server; not of streams made for a handful',
  }),
  check('JETSTREAM_013', 'Stream Subject/Message Count Inconsistency', { differs: 'in two runs in a row' }),
  check('JETSTREAM_014', 'Stream Replica Message Count Divergence', {
    by: ['JETSTREAM_104'],
    differs:
      'a warning; what lasts counts, however few messages it is, in replicas that catch up and do not arrive too',
  }),
  check('JETSTREAM_015', 'Mirror Last Seen Staleness', {
    by: ['JETSTREAM_015', 'JETSTREAM_110'],
    differs: `${alsoSources}, sooner, idle origins too, and copies that stand while they seem connected`,
  }),
  check('JETSTREAM_016', 'JetStream Storage vs Configured Limit Critical', {
    by: ['SERVER_019'],
    differs: 'the critical level of one diagnosis',
  }),
  check('JETSTREAM_017', 'Mirror Lag Critical', { differs: alsoSources }),
  check('JETSTREAM_018', 'Mirror Seen Critical', {
    differs: `${alsoSources}; one that never heard its origin counts since it was created`,
  }),
  check('JETSTREAM_019', 'Min Sources'),
  check('JETSTREAM_020', 'Max Sources'),
  check('JETSTREAM_021', 'Peer Expect'),
  check('JETSTREAM_022', 'Peer Lag Critical'),
  check('JETSTREAM_023', 'Peer Seen Critical'),
  check('JETSTREAM_024', 'Message Count Threshold', {
    differs: 'one level alone is for too few messages, as `nats server check stream` takes it',
  }),
  check('JETSTREAM_025', 'Subject Count Threshold', {
    differs: 'one level alone is as `nats server check stream` takes it',
  }),

  check('CONSUMER_001', 'Consumer Replica Offline', {
    by: ['CONSUMER_001', 'JETSTREAM_108'],
    differs:
      'a warning, by whom the leader does not hear; a server that is missing in the stream too is told once',
  }),
  check('CONSUMER_002', 'Consumer Replica Lag', { differs: 'for minutes on end' }),
  check('CONSUMER_003', 'Consumer Quorum Lost', {
    by: ['CONSUMER_003', 'CONSUMER_103', 'JETSTREAM_008'],
    differs: 'by the absence of a leader on every replica; where the stream has none, with it',
  }),
  check('CONSUMER_004', 'Consumer Delivered Below Stream First Sequence', {
    differs: 'a warning, by how many messages were lost unread; not of consumers with a filter',
  }),
  check('CONSUMER_005', 'Consumer Sequence Ahead of Stream Sequence', {
    differs: 'in two runs in a row, and it must stand there',
  }),
  check('CONSUMER_006', 'Outstanding Ack Critical'),
  check('CONSUMER_007', 'Waiting Critical'),
  check('CONSUMER_008', 'Unprocessed Critical'),
  check('CONSUMER_009', 'Last Delivery Critical', { differs: sinceElected }),
  check('CONSUMER_010', 'Last Ack Critical', { differs: sinceElected }),
  check('CONSUMER_011', 'Redelivery Critical'),
  check('CONSUMER_012', 'Pinned Consumer Policy Mismatch'),

  check('CHANGE_001', 'Config Reload Detected', { differs: 'once for all servers, and for an hour' }),
  check('CHANGE_002', 'JetStream Domain Changed'),
  check('CHANGE_003', 'Account Added or Removed', {
    differs:
      'over all servers; with an operator, accounts whose JWTs are new, as servers load and forget them by use',
  }),
  check('CHANGE_004', 'Stream Configuration Changed'),

  check('SERVICE_001', 'Service Version Mismatch', {
    differs:
      'of services that settings expect (`expect.services`), and for an hour: a deployment takes minutes',
  }),
  check('SERVICE_002', 'Service Down', {
    differs:
      'of services that settings expect (`expect.services`): without a list it does not apply, as finding them would list all subscriptions; in two runs in a row',
  }),

  check('USER_001', 'Bearer Token User', {
    differs: 'for information, one finding a cluster: many use them on purpose',
  }),
  check('USER_002', 'Excessive User Connections', {
    by: ['USER_002', 'CONN_113'],
    differs:
      'for information, as a deployment of hundreds may have one user; what one address holds too many of is a warning',
  }),
];
