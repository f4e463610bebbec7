import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { alarmLine } from '../../infra/cloudwatch/alarm-spec.ts';
import { compositeLine } from '../../infra/cloudwatch/composite-alarm.ts';
import { alarmSpecs, compositeSpecs } from '../../infra/alarms/alarm-specs.ts';
import { loadSettings, understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';

/** The example settings, changed. */
function inputOf(changes: object) {
  const raw = parseYaml(readFileSync('infra/settings.yaml', 'utf8')) as object;
  return { checks, ...understand({ ...raw, ...changes }, 'infra/settings.yaml') };
}

const input = { checks, ...loadSettings('infra/settings.yaml') };
const specs = alarmSpecs(input);
const composites = compositeSpecs(input);

it('the example settings deploy these alarms', () => {
  const shown = specs.map((spec) => alarmLine(spec).replaceAll('nats-cloudwatch-', '~'));
  expect(shown.join('\n')).toMatchInlineSnapshot(`
    "nats/prod/NatsHighRoutesCount/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub1} > 0 | 4 x 60 s | missing=ignore | warning
    nats/prod/NatsHighRoutesCount/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighRoutesCount,server_id=hub2} > 0 | 4 x 60 s | missing=ignore | warning
    nats/prod/NatsHighMemoryUsage/hub1/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub1} > 209715200 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighMemoryUsage/hub2/warning | Maximum gnatsd_varz_mem{cluster=prod,server_id=hub2} > 209715200 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsSlowConsumers/hub1/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub1} > 0 | 1 x 60 s | missing=ignore | critical
    nats/prod/NatsSlowConsumers/hub2/critical | Maximum nats_rule{cluster=prod,rule=NatsSlowConsumers,server_id=hub2} > 0 | 1 x 60 s | missing=ignore | critical
    nats/prod/NatsServerDown/hub1/critical | Minimum up{cluster=prod,server_id=hub1} < 1, 0 counts where Maximum nats_servers_up{cluster=prod} >= 1 | 3 x 60 s | missing=ignore | critical
    nats/prod/NatsServerDown/hub2/critical | Minimum up{cluster=prod,server_id=hub2} < 1, 0 counts where Maximum nats_servers_up{cluster=prod} >= 1 | 3 x 60 s | missing=ignore | critical
    nats/prod/NatsHighCpuUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub1} > 80 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighCpuUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighCpuUsage,server_id=hub2} > 80 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighNumberOfConnections/hub1/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighNumberOfConnections/hub2/warning | Maximum gnatsd_connz_num_connections{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighJetstreamStoreUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighJetstreamStoreUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamStoreUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighJetstreamMemoryUsage/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub1} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighJetstreamMemoryUsage/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsHighJetstreamMemoryUsage,server_id=hub2} > 0.8 | 6 x 60 s | missing=ignore | warning
    nats/prod/NatsHighNumberOfSubscriptions/hub1/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub1} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighNumberOfSubscriptions/hub2/warning | Maximum gnatsd_varz_subscriptions{cluster=prod,server_id=hub2} > 1000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighPendingBytes/hub1/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub1} > 100000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsHighPendingBytes/hub2/warning | Maximum gnatsd_connz_pending_bytes{cluster=prod,server_id=hub2} > 100000 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsTooManyErrors/hub1/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub1} > 5 | 1 x 60 s | missing=ignore | warning
    nats/prod/NatsTooManyErrors/hub2/warning | Maximum nats_rule{cluster=prod,rule=NatsTooManyErrors,server_id=hub2} > 5 | 1 x 60 s | missing=ignore | warning
    nats/prod/NatsJetstreamAccountsExceeded/hub1/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub1} > 100 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsJetstreamAccountsExceeded/hub2/warning | Maximum gnatsd_varz_jetstream_stats_accounts{cluster=prod,server_id=hub2} > 100 | 6 x 60 s | missing=notBreaching | warning
    nats/prod/NatsLeafNodeConnectionIssue/critical | Minimum nats_rule{cluster=prod,rule=NatsLeafNodeConnectionIssue} < 1 | 6 x 60 s | missing=ignore | critical
    nats/prod/all-servers-down | Maximum nats_servers_up{cluster=prod} < 1 | 3 x 60 s | missing=ignore | critical
    nats/prod/servers/findings/critical | Maximum nats_findings_open{cluster=prod,group=servers,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/servers/findings/warning | Maximum nats_findings_open{cluster=prod,group=servers,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/prod/links/findings/critical | Maximum nats_findings_open{cluster=prod,group=links,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/links/findings/warning | Maximum nats_findings_open{cluster=prod,group=links,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/prod/connections/findings/critical | Maximum nats_findings_open{cluster=prod,group=connections,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/connections/findings/warning | Maximum nats_findings_open{cluster=prod,group=connections,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/prod/clients/findings/critical | Maximum nats_findings_open{cluster=prod,group=clients,severity=critical} >= 1 | 1 x 300 s | missing=ignore | critical
    nats/prod/clients/findings/warning | Maximum nats_findings_open{cluster=prod,group=clients,severity=warning} >= 1 | 1 x 300 s | missing=ignore | warning
    nats/prod/accounts/findings/critical | Maximum nats_findings_open{cluster=prod,group=accounts,severity=critical} >= 1 | 1 x 300 s | missing=ignore | critical
    nats/prod/accounts/findings/warning | Maximum nats_findings_open{cluster=prod,group=accounts,severity=warning} >= 1 | 1 x 300 s | missing=ignore | warning
    nats/prod/leafnodes/findings/critical | Maximum nats_findings_open{cluster=prod,group=leafnodes,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/leafnodes/findings/warning | Maximum nats_findings_open{cluster=prod,group=leafnodes,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/prod/jetstream/findings/critical | Maximum nats_findings_open{cluster=prod,group=jetstream,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/jetstream/findings/warning | Maximum nats_findings_open{cluster=prod,group=jetstream,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/prod/consumers/findings/critical | Maximum nats_findings_open{cluster=prod,group=consumers,severity=critical} >= 1 | 1 x 60 s | missing=ignore | critical
    nats/prod/consumers/findings/warning | Maximum nats_findings_open{cluster=prod,group=consumers,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/prod/configuration/findings/critical | Maximum nats_findings_open{cluster=prod,group=configuration,severity=critical} >= 1 | 1 x 300 s | missing=ignore | critical
    nats/prod/configuration/findings/warning | Maximum nats_findings_open{cluster=prod,group=configuration,severity=warning} >= 1 | 1 x 300 s | missing=ignore | warning
    nats/prod/rules/findings/warning | Maximum nats_findings_open{cluster=prod,group=rules,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning
    nats/~accounts/not-running | FILL(Minimum Errors{FunctionName=~accounts}, 1) >= 1 | 3 of 4 x 300 s | missing=breaching, warm-up 25 min whole | critical
    nats/~clients/not-running | FILL(Minimum Errors{FunctionName=~clients}, 1) >= 1 | 3 of 4 x 300 s | missing=breaching, warm-up 25 min whole | critical
    nats/~cluster-links/not-running | FILL(Minimum Errors{FunctionName=~cluster-links}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~configuration/not-running | FILL(Minimum Errors{FunctionName=~configuration}, 1) >= 1 | 3 of 4 x 300 s | missing=breaching, warm-up 25 min whole | critical
    nats/~connection-count/not-running | FILL(Minimum Errors{FunctionName=~connection-count}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~connection-stopped/not-running | FILL(Minimum Errors{FunctionName=~connection-stopped}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~jetstream-consumers/not-running | FILL(Minimum Errors{FunctionName=~jetstream-consumers}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~jetstream-meta/not-running | FILL(Minimum Errors{FunctionName=~jetstream-meta}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~jetstream-server/not-running | FILL(Minimum Errors{FunctionName=~jetstream-server}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~jetstream-streams/not-running | FILL(Minimum Errors{FunctionName=~jetstream-streams}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~leafnode-connections/not-running | FILL(Minimum Errors{FunctionName=~leafnode-connections}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~leafnode-subscriptions/not-running | FILL(Minimum Errors{FunctionName=~leafnode-subscriptions}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~rule-series/not-running | FILL(Minimum Errors{FunctionName=~rule-series}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~server-load/not-running | FILL(Minimum Errors{FunctionName=~server-load}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~server-up/not-running | FILL(Minimum Errors{FunctionName=~server-up}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/~stale-connections/not-running | FILL(Minimum Errors{FunctionName=~stale-connections}, 1) >= 1 | 5 of 7 x 60 s | missing=breaching, warm-up 15 min whole | critical
    nats/nats-cloudwatch/not-delivered/critical | Sum NumberOfNotificationsFailed{TopicName=~critical} >= 4 | 1 x 300 s | missing=notBreaching | warning
    nats/nats-cloudwatch/not-delivered/warning | Sum NumberOfNotificationsFailed{TopicName=~warning} >= 1 | 1 x 300 s | missing=notBreaching | critical
    nats/nats-cloudwatch/not-delivered/findings | Sum NumberOfNotificationsFailed{TopicName=~findings} >= 1 | 1 x 300 s | missing=notBreaching | warning
    nats/nats-cloudwatch/undelivered | Maximum ApproximateAgeOfOldestMessage{QueueName=~undelivered} >= 300 | 1 x 300 s | missing=notBreaching | warning"
  `);
});

it('and these that are made of others', () => {
  expect(composites.map(compositeLine).join('\n')).toMatchInlineSnapshot(`
    "nats/nats-cloudwatch/several-not-running | at least 2 of 16 alarms ALARM | critical
    nats/nats-cloudwatch/not-running | at least 1 of 16 alarms ALARM | silent while nats/nats-cloudwatch/several-not-running (wait 120 s, extension 300 s) | critical"
  `);
});

/** Of two servers of a kind, the first; of the watchdogs, which differ in names alone, one. */
const texts = [...specs, ...composites].filter(
  ({ name }) => !/\/hub2\/|\/nats-cloudwatch-(?!server-up)/.test(name),
);

it('their texts, as somebody on call reads them', () => {
  const shown = texts.map(({ name, description }) => `${name}\n${description}`);
  expect(shown.join('\n\n')).toMatchInlineSnapshot(`
    "nats/prod/NatsHighRoutesCount/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has had routes to servers that nobody watches for 4 minutes.
    No alarm speaks for such a server. It is new and has no target in settings yet, or it does not belong here, has a copied configuration or came in through an open cluster port, and sees all traffic.
    First: Ask /routez of this server: it names every peer with its address. Give one that belongs here a target in settings; stop one that does not, and close the cluster port to it.
    Finding: NatsHighRoutesCount of check rule-series, on SNS topic nats-cloudwatch-findings, has the values.
    Rule NatsHighRoutesCount: gnatsd_varz_cluster_name * ignoring (value) group_left () gnatsd_varz_remotes + 1 - on (value) group_left () count by (value) (gnatsd_varz_cluster_name) > 0 and on () min(up) == 1, for 3 min.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/clustering

    nats/prod/NatsHighMemoryUsage/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has used more than 200MiB of memory for 6 minutes.
    Streams in memory, many subscriptions or connections, and clients that read too slowly (pending bytes) take it. Where the process has GOMEMLIMIT or a container's limit, it slows down before that and is killed at it.
    First: Compare with its memory of last week. Then look for what grew: connections and subscriptions in /varz, pending bytes in /connz?sort=pending, streams in memory in /jsz. If this much is normal here, put the limit that fits into a rule file of your own.
    Finding: none; the graph of this alarm in CloudWatch has the values.
    Rule NatsHighMemoryUsage: gnatsd_varz_mem > 200 * 1024 * 1024, for 5 min.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/NatsSlowConsumers/hub1/critical
    NATS server hub1 (hub1.nats.example:8222) has found slow consumers in the last 10 minutes.
    Something does not read as fast as the server writes to it. Behind another server (route, gateway, leafnode) all traffic between the two waits, JetStream's raft included, and is lost for clients when it is cut off. A slow client, which the rule counts too, is cut off and loses what waited.
    First: If finding SERVER_004 is open, look at the server at the other end: is it short of CPU, does it swap, is it paused? Then at the network between them: CLUSTER_115, SERVER_010, SERVER_018 and LEAF_002 name slow ones. The log names the connection ("Slow Consumer"). Else it is clients: CONN_102 names them. Take work out of their message handlers, or share their load over a queue group.
    Finding: SERVER_004 of check connection-stopped, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/slow_consumers

    nats/prod/NatsServerDown/hub1/critical
    NATS server hub1 (hub1.nats.example:8222) has not answered for 3 minutes.
    Clients of this server are disconnected or about to be, and no other check can see it: they all say unknown.
    First: The finding says how it fails. Refused: is the process running (service status, ECS task, pod), did its address change? Timed out: does a security group or network ACL keep the checks from the monitoring port (\`http_port\`, usually 8222), or does the server hang? No address: the name in DNS. Answered, but not understood: TLS, port and path of its URL in settings.
    Finding: SERVER_101 of check server-up, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/NatsHighCpuUsage/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has used more than 80% of its CPU for 6 minutes.
    Messages wait, routes and raft with them, and clients that wait too long reconnect and cost more. Elections of JetStream leaders begin when heartbeats are late.
    First: Look for who sends or receives most (\`/connz?sort=msgs_to\`, \`sort=msgs_from\`), for wildcards that match everything, and for TLS handshakes of clients that reconnect without end: the finding says how many came. Or its memory is at GOMEMLIMIT (SERVER_142): then the garbage collector takes it. Spread clients over more servers, or give this one more cores.
    Finding: SERVER_003 of check server-load, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/NatsHighNumberOfConnections/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has held more than 1000 connections for 6 minutes.
    Each connection costs memory, a file descriptor and a share of CPU; a leak or a reconnect storm shows here first.
    First: Find who holds the connections: the finding names them. A leak: fix the client so that it reuses one connection. Legitimate growth: spread clients over the cluster by giving them all server URLs, add a server, or raise this limit in settings. Cap one tenant with its account limit (\`conn\` in the account JWT, \`max_connections\` for all of a server).
    Finding: SERVER_103 of check connection-count, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/NatsHighJetstreamStoreUsage/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has used more than 80% of its JetStream file store for 6 minutes.
    A full store refuses every message for its streams, large ones from about 90 % on, and no counter, no health probe says so. In a cluster the leader of a stream gives up on it, and no other is elected. Compressed streams count what they hold uncompressed: \`du\` shows less.
    First: Raise \`max_file_store\` and restart, if the disk has room: before 2.15 a reload may be refused. Else make room while there is some: limit large streams (\`max_bytes\`, \`max_age\`), or purge or delete what nobody needs (\`nats stream purge\`, \`nats stream rm\`, which lose it). Once full, a replicated stream has no leader and refuses a purge.
    Finding: NatsHighJetstreamStoreUsage of check rule-series; from 90 % on SERVER_019 of check jetstream-server, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering/troubleshooting

    nats/prod/NatsHighJetstreamMemoryUsage/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has used more than 80% of its JetStream memory store for 6 minutes.
    A full memory store refuses every message for streams in memory, and no counter, no health probe says so. Streams on file go on.
    First: Which streams in memory are large, and do they have limits (\`max_bytes\`, \`max_age\`)? Set them, or purge what nobody needs (\`nats stream purge\`, which loses it). Else raise \`max_memory_store\` and restart, if the host has the memory: before 2.15 a reload may be refused.
    Finding: NatsHighJetstreamMemoryUsage of check rule-series; from 90 % on SERVER_005 of check jetstream-server, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering/troubleshooting

    nats/prod/NatsHighNumberOfSubscriptions/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has held more than 1000 subscriptions for 6 minutes.
    Those that routes and leafnodes brought are among them. A number that only grows is a client that subscribes and never unsubscribes, often one inbox a request; an MQTT client alone brings a dozen.
    First: Find the clients that hold most (/connz?sort=subs). If this many are normal here, put the limit that fits into a rule file of your own.
    Finding: none; the graph of this alarm in CloudWatch has the values.
    Rule NatsHighNumberOfSubscriptions: gnatsd_varz_subscriptions > 1000, for 5 min.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/NatsHighPendingBytes/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has had more than 97.66kiB waiting for its clients for 6 minutes.
    Counted on the first page of /connz. Clients are too slow, or the network to them is: at max_pending, or when a write takes longer than write_deadline, they are disconnected as slow consumers and lose what waits.
    First: Ask /connz?sort=pending: it names those with most. Look at their CPU and at the network to them.
    Finding: none; the graph of this alarm in CloudWatch has the values.
    Rule NatsHighPendingBytes: gnatsd_connz_pending_bytes > 100000, for 5 min.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/slow_consumers

    nats/prod/NatsTooManyErrors/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has refused more than 5 JetStream API requests in 5 minutes.
    Requests about streams or consumers that do not exist, or that may not be made or changed so; each MQTT client with a clean session counts once as it connects, in good health. Refused messages do not count here (a full store, a full stream), nor does an outage: without a leader requests time out.
    First: Read the client's own log, which has the error; \`nats events --js-advisory\` shows each request with its reply.
    Finding: NatsTooManyErrors of check rule-series, on SNS topic nats-cloudwatch-findings, has the values.
    Rule NatsTooManyErrors: increase(gnatsd_varz_jetstream_stats_api_errors[5m]) > 5.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin

    nats/prod/NatsJetstreamAccountsExceeded/hub1/warning
    NATS server hub1 (hub1.nats.example:8222) has had more than 100 accounts with JetStream for 6 minutes.
    Each may reserve storage and memory of its own, and together more than the server has.
    First: Compare what they reserve with what the server has (/jsz?accounts=true), and remove the accounts of tenants that left.
    Finding: none; the graph of this alarm in CloudWatch has the values.
    Rule NatsJetstreamAccountsExceeded: gnatsd_varz_jetstream_stats_accounts > 100, for 5 min.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin

    nats/prod/NatsLeafNodeConnectionIssue/critical
    NATS cluster prod: no leafnode has been connected for 6 minutes.
    Whatever reaches this cluster through leafnodes is cut off: edge sites, other regions, other accounts' clusters. Messages to and from them go nowhere meanwhile; JetStream sources and mirrors over leafnodes fall behind.
    First: The finding says whether attempts arrive. If they are refused, compare \`credentials\`, \`account\` and \`tls\` of the leaf servers' \`remotes\` with what the hubs accept. If none arrives, read the logs of the leaf servers for "Error trying to connect as leafnode": "i/o timeout" is packets dropped (security group, network ACL, firewall), "connection refused" a wrong port or a listener that is down, "no such host" DNS; no such line: they do not run or have no \`remotes\`. From a leaf server try \`nc -vz <hub> 7422\`.
    Finding: LEAF_101 of check leafnode-connections, on SNS topic nats-cloudwatch-findings, has the evidence.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/leafnodes

    nats/prod/all-servers-down
    NATS cluster prod is down: none of its servers has answered for 3 minutes.
    What all of them share has failed, or the way to them: clients are cut off, or the checks alone are. Alarms of single servers keep silent meanwhile.
    First: Can clients still connect? If so, look at the way of the checks: security group, route, the monitoring port of the servers. If not: what was changed last (deployment, configuration, certificate), do the hosts and their network run, does DNS know them?
    Finding: SERVER_101 of check server-up, on SNS topic nats-cloudwatch-findings, says of each server how it fails.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/servers/findings/critical
    NATS cluster prod: a critical finding about its servers is open, as of the last minute.
    Any of: Memory at its limit (SERVER_142); A server is not ready for connections (SERVER_001); JetStream is not healthy on a server (SERVER_014); Streams or consumers of a server are not recovered or not current (SERVER_015); A server restarts again and again (SERVER_009).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check server-load or server-up.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/servers/findings/warning
    NATS cluster prod: a warning finding about its servers is open, as of the last minute.
    Any of: Memory at its limit; A server is not ready for connections; Memory climbs to its limit; JetStream is not healthy on a server; Publishers are held back; Streams or consumers of a server are not recovered or not current; An account with streams cannot be resolved; Servers of one cluster have the same name; A server restarted; A target's URL leads to several servers; One server is watched as two targets; A server's clock was set; A server could not be asked; An endpoint cannot be read while the server is up.
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check server-load or server-up.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/links/findings/critical
    NATS cluster prod: a critical finding about routes and gateways of its servers is open, as of the last minute.
    Any of: A cluster is split (CLUSTER_112); A gateway to another cluster is lost (CLUSTER_007); A route is open and nothing comes over it (CLUSTER_111).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check cluster-links.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/links/findings/warning
    NATS cluster prod: a warning finding about routes and gateways of its servers is open, as of the last minute.
    Any of: A gateway to another cluster is lost (CLUSTER_007); Servers of a cluster have no route to each other (CLUSTER_005); A gateway was never up (CLUSTER_113); Gateways work in one direction only (CLUSTER_114); A gateway has lost interest of its cluster (CLUSTER_116); Messages pile up before a route or gateway (CLUSTER_115); Long way between servers of a cluster (SERVER_010); Long way to another cluster (SERVER_018); An endpoint cannot be read while the server is up (SERVER_102).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check cluster-links.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/connections/findings/critical
    NATS cluster prod: a critical finding about connections to its servers is open, as of the last minute.
    Any of: Authentication failures of one client (CONN_101); Stale connections (SERVER_012); Slow consumers evicted (CONN_102); Connections closed by a limit (CONN_103); Leafnode in a reconnect loop (LEAF_104).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check connection-stopped or stale-connections.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/connections/findings/warning
    NATS cluster prod: a warning finding about connections to its servers is open, as of the last minute.
    Any of: Connections near the server maximum (SERVER_011); Authentication failures of one client (CONN_101); Stale connections (SERVER_012); The number of connections changed at once (CLUSTER_006); Slow consumers evicted (CONN_102); Clients connect and leave again and again (CONN_115); Connections closed by a limit (CONN_103); TLS handshakes fail (CONN_104); Evidence of closed connections is lost (CONN_105); Leafnode in a reconnect loop (LEAF_104); An endpoint cannot be read while the server is up (SERVER_102).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check connection-count, connection-stopped or stale-connections.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/clients/findings/critical
    NATS cluster prod: a critical finding about clients of its servers is open, as of the last 5 min.
    It is: A client is near max_subscriptions (CONN_123).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check clients.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/clients/findings/warning
    NATS cluster prod: a warning finding about clients of its servers is open, as of the last 5 min.
    Any of: Clients do not keep up (CONN_002); Long round trips to clients (CONN_001); A client leaks connections (CONN_114); One client name on very many connections from one address (CONN_113); A client is near max_subscriptions (CONN_123); Subscriptions grow without end (CONN_121); A client subscribes to one subject many times (CONN_122); An endpoint cannot be read while the server is up (SERVER_102).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check clients.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/accounts/findings/critical
    NATS cluster prod: a critical finding about its accounts is open, as of the last 5 min.
    Any of: An account's JWT has expired (ACCOUNTS_102); An account's JWT expires soon (ACCOUNTS_101).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check accounts.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/accounts/findings/warning
    NATS cluster prod: a warning finding about its accounts is open, as of the last 5 min.
    Any of: An account's JWT has expired (ACCOUNTS_102); An account's JWT expires soon (ACCOUNTS_101); Servers go by different JWTs of an account, so that who is revoked may still be connected (ACCOUNTS_103); Account near the connections that its JWT allows (ACCOUNTS_001); Account near the leafnodes that its JWT allows (ACCOUNTS_106); A client near the subscriptions that its account's JWT allows (ACCOUNTS_006); Imports of an account's JWT do not work (ACCOUNTS_003); An endpoint cannot be read while the server is up (SERVER_102).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check accounts.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/leafnodes/findings/critical
    NATS cluster prod: a critical finding about its leafnodes is open, as of the last minute.
    It is: A leafnode brings too many subscriptions (LEAF_003).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check leafnode-subscriptions.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/leafnodes

    nats/prod/leafnodes/findings/warning
    NATS cluster prod: a warning finding about its leafnodes is open, as of the last minute.
    Any of: A leafnode is gone (LEAF_102); A leafnode brings too many subscriptions (LEAF_003); A leaf server has lost a remote (LEAF_103); Long way to leafnodes (LEAF_002); A leafnode has a name with whitespace (LEAF_001); An endpoint cannot be read while the server is up (SERVER_102).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check leafnode-connections or leafnode-subscriptions.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/leafnodes

    nats/prod/jetstream/findings/critical
    NATS cluster prod: a critical finding about JetStream is open, as of the last minute.
    Any of: meta group (no leader, leaders disagree, requests wait, slow snapshots); servers (JetStream off, many raft groups); streams (no quorum, no leader, near max_bytes, near max_msgs, lost messages, gone); store (nearly full, memory nearly full, reserved); owners' levels (mirror lag, mirror silence, too few sources, too many sources, replica count, replica lag, replica silence, messages, subjects).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check jetstream-meta, jetstream-server or jetstream-streams.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering/troubleshooting

    nats/prod/jetstream/findings/warning
    NATS cluster prod: a warning finding about JetStream is open, as of the last minute.
    Any of: meta group (server missed, phantom peers, leader changes, requests wait, slow snapshots, shrank, lowered quorum, many assets); servers (JetStream off, many raft groups, domain changed, unread endpoint); streams (silent replica, few replicas, incomplete replica, writes stuck, origin lost, mirror stuck, near max_bytes, consumers jumped, many subjects, near max_msgs, subject count wrong, lost messages, gone); store (nearly full, memory nearly full, full soon, reserved, shrank, slow disk, filled by a stream); requests (pile up, many); owners' levels (unreadable, messages, subjects).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check jetstream-meta, jetstream-server or jetstream-streams.
    Read on: https://docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering/troubleshooting

    nats/prod/consumers/findings/critical
    NATS cluster prod: a critical finding about JetStream consumers is open, as of the last minute.
    Any of: Consumers have lost their quorum; Consumers have no leader; Consumer that should be pinned is not; Stream near the consumers that it may have; Consumers of a stream grow beyond measure; Consumer stalled: messages are pending and it does not move; Consumer ahead of its stream; More unacknowledged messages than the owner allows; More pull requests waiting than the owner allows; More messages waiting than the owner allows; Nothing delivered for longer than the owner allows; Nothing acknowledged for longer than the owner allows; More redelivered messages than the owner allows.
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check jetstream-consumers.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin

    nats/prod/consumers/findings/warning
    NATS cluster prod: a warning finding about JetStream consumers is open, as of the last minute.
    Any of: Replica of a consumer does not follow; Replica of a consumer is behind; Level in the metadata of a consumer that is none; Stream near the consumers that it may have; Messages that no consumer wants; Consumers of a stream grow beyond measure; Consumer stalled: messages are pending and it does not move; All of max_ack_pending is used and nothing is acknowledged; Messages are delivered again and again, or were given up; Messages left the stream before the consumer read them; More consumers wait than can be followed; An endpoint cannot be read while the server is up.
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check jetstream-consumers.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin

    nats/prod/configuration/findings/critical
    NATS cluster prod: a critical finding about how its servers are configured is open, as of the last 5 min.
    Any of: Certificate expires (SERVER_151); Versions in one cluster that must not mix (CLUSTER_122); Clients need no credentials (SERVER_007).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check configuration.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/configuration/findings/warning
    NATS cluster prod: a warning finding about how its servers are configured is open, as of the last 5 min.
    Any of: Certificate expires (SERVER_151); Clients need no credentials (SERVER_007); Servers of one cluster are configured differently (CLUSTER_121); Servers of one cluster run different versions (SERVER_002); White space in the JetStream domain (SERVER_006); White space in a cluster's name (CLUSTER_004); An endpoint cannot be read while the server is up (SERVER_102).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check configuration.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/prod/rules/findings/warning
    NATS cluster prod: a warning finding about how its Prometheus rules are evaluated is open, as of the last minute.
    Any of: An endpoint cannot be read while the server is up (SERVER_102); A deployed rule cannot be evaluated (RULE_101).
    First: Read the finding (below), or run npm start in a clone of nats-cloudwatch.
    Finding: the newest on SNS topic nats-cloudwatch-findings, by check rule-series.
    Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring

    nats/nats-cloudwatch-server-up/not-running
    NATS check server-up of nats-cloudwatch is not running: in 5 min of the last 7 min no run of it has finished.
    Nobody looks at what it looks at, so that silence means nothing: its other alarms keep their state. It does not say that servers are down.
    First: Read the function's log, /aws/lambda/nats-cloudwatch-server-up. Look for denied or timed-out calls of CloudWatch, SNS or DynamoDB (endpoints, role), and for its schedule being disabled.
    Finding: none, as a check that does not run finds nothing.
    Read on: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html

    nats/nats-cloudwatch/not-delivered/critical
    NATS monitoring nats-cloudwatch: messages of SNS topic nats-cloudwatch-critical do not reach a reader, deliveries failed in the last 5 minutes.
    Who should hear of critical alarms may not. This alarm goes by topic nats-cloudwatch-warning.
    First: Ask the pager, chat or mail service whether it works, and whether the endpoint is still the right one; a function or queue, whether it is there and lets SNS send. SNS repeats for up to an hour, and then puts pagers' messages into queue nats-cloudwatch-undelivered. Until then look at the alarms in CloudWatch.
    Finding: none, as no check looks at deliveries.
    Read on: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html

    nats/nats-cloudwatch/not-delivered/warning
    NATS monitoring nats-cloudwatch: messages of SNS topic nats-cloudwatch-warning do not reach a reader, deliveries failed in the last 5 minutes.
    Who should hear of warning alarms may not. This alarm goes by topic nats-cloudwatch-critical.
    First: Ask the pager, chat or mail service whether it works, and whether the endpoint is still the right one; a function or queue, whether it is there and lets SNS send. SNS repeats for up to an hour, and then puts pagers' messages into queue nats-cloudwatch-undelivered. Until then look at the alarms in CloudWatch.
    Finding: none, as no check looks at deliveries.
    Read on: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html

    nats/nats-cloudwatch/not-delivered/findings
    NATS monitoring nats-cloudwatch: messages of SNS topic nats-cloudwatch-findings do not reach a reader, deliveries failed in the last 5 minutes.
    Who should hear of findings may not. This alarm goes by topic nats-cloudwatch-warning.
    First: Ask the pager, chat or mail service whether it works, and whether the endpoint is still the right one; a function or queue, whether it is there and lets SNS send. SNS repeats for up to an hour, and then puts pagers' messages into queue nats-cloudwatch-undelivered. Until then look at the alarms in CloudWatch.
    Finding: none, as no check looks at deliveries.
    Read on: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html

    nats/nats-cloudwatch/undelivered
    NATS monitoring nats-cloudwatch: messages for pagers have lain undelivered in queue nats-cloudwatch-undelivered for 5 minutes.
    SNS gave them up. Nobody was told what they say, and after 14 days SQS deletes them.
    First: Read them in the console of SQS: each names its topic and alarm. See to what still holds, repair the reader, and purge the queue: this alarm is OK when it is empty.
    Finding: none, as no check looks at deliveries.
    Read on: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html

    nats/nats-cloudwatch/several-not-running
    NATS monitoring nats-cloudwatch (cluster prod) has stopped: several of its 16 checks have not run in 5 min of the last 7 min, or where it runs less often 15 min of the last 20 min.
    Nobody looks at the servers: all other alarms keep their state, and that they are OK means nothing. It does not say that servers are down.
    First: What they share has failed. Read the log of one of the functions, /aws/lambda/nats-cloudwatch-CHECK: are calls of CloudWatch, SNS or DynamoDB denied or timing out (role, endpoints, NAT)? Are the schedules enabled? Was something deployed just now? Does the account lack concurrent executions? Look at the servers by hand meanwhile: npm start in a clone of nats-cloudwatch.
    Finding: none, as checks that do not run find nothing.
    Read on: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html

    nats/nats-cloudwatch/not-running
    NATS monitoring nats-cloudwatch (cluster prod): a check has not run in 5 min of the last 7 min, or where it runs less often 15 min of the last 20 min.
    Nobody looks at what it looks at: its other alarms keep their state, and that they are OK means nothing. It does not say that servers are down.
    First: Open this alarm in CloudWatch: the alarm in it that is in ALARM names the check. Read the log of its function, /aws/lambda/nats-cloudwatch-CHECK, for what ended it. Does it run out of memory or time? Is its schedule enabled?
    Finding: none, as a check that does not run finds nothing.
    Read on: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"
  `);
});

const variants = {
  'the example settings': {},
  'rules as they are published': { mirror: 'literal' },
  'the engine promql': { alarms: { engine: 'promql' } },
  'alarms by cluster': { alarms: { per: 'cluster' } },
} as const;

describe.each(Object.entries(variants))('with %s each text by itself says', (_, changes) => {
  const deployed = inputOf(changes);
  const all = [...alarmSpecs(deployed), ...compositeSpecs(deployed)].map(({ name, description }) => ({
    name,
    description,
    lines: description.split('\n'),
  }));
  const lacking = (has: (alarm: (typeof all)[number]) => boolean) =>
    all.filter((each) => !has(each)).map(({ name }) => name);

  it('what is wrong and where, in its first line: a server with its address, a cluster, or the monitoring itself', () => {
    const place =
      /^NATS (server hub\d \(hub\d\.nats\.example:8222\)|cluster prod|check [a-z-]+ of nats-cloudwatch|monitoring nats-cloudwatch(?: \(cluster prod\))?):? [a-z]/;
    expect(lacking(({ lines: [first = ''] }) => place.test(first) && first.endsWith('.'))).toEqual([]);
  });

  it('since when that must hold, there too', () => {
    const time =
      /( for \d+ minutes?| in the last \d+ minutes| in \d+ minutes|, as of the last (minute|\d+ min)|of the last \d+ min(utes)?\b.*)\.$|: in \d+ min of the last \d+ min /;
    expect(lacking(({ lines: [first = ''] }) => time.test(first))).toEqual([]);
  });

  it('what to do first, and where the finding is', () => {
    expect(
      lacking(({ lines }) =>
        ['First: ', 'Finding: '].every((word) =>
          lines.some((line) => line.startsWith(word) && line.length > word.length + 10),
        ),
      ),
    ).toEqual([]);
  });

  it('where to read on: an address that opens, as its last line', () => {
    expect(lacking(({ lines }) => /^(Read on|Runbook): https:\/\/\S+$/.test(lines.at(-1) ?? ''))).toEqual([]);
  });

  it('nothing that only this repository knows, and nothing that was a template', () => {
    const foreign =
      /README|lambdas\/|infra\/|\{\{|\$value|\$labels|\bthe value\b|its [a-z]+_[a-z]+|undefined|NaN/;
    expect(all.filter(({ description }) => foreign.test(description)).map(({ name }) => name)).toEqual([]);
  });

  it('it whole, in the 1,024 characters that CloudWatch takes', () => {
    expect(
      lacking(({ description }) => description.length <= 1_024 && !/\.\.\.(\n|$)/.test(description)),
    ).toEqual([]);
  });
});

it('with the address of a manual of the team each text ends there', () => {
  const readme = 'https://git.example/nats/checks.md';
  const input = inputOf({ alarms: { readme } });
  const ends = [...alarmSpecs(input), ...compositeSpecs(input)].map(
    ({ description }) => description.split('\n').at(-1) ?? '',
  );
  // Of deliveries the manual of the checks says nothing.
  const isOfSns = (end: string) => end.startsWith('Read on: https://docs.aws.amazon.com/sns/');
  expect(ends.filter((end) => !end.startsWith(`Read on: ${readme}#`) && !isOfSns(end))).toEqual([]);
});
