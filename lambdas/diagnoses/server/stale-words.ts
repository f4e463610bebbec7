import { formatDuration, type Description, type Duration, type Target } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { closedReportCommand, closedRowsCommand, tallied, uncounted } from '../conn/closed-rows.ts';
import { loadWords } from '../load.ts';
import { causesOf, pingEvidence, type StaleFacts } from './stale-causes.ts';

export type StaleData = {
  readonly target: Target;
  readonly facts: StaleFacts;
  readonly over: Duration;
  /** How many of the window the closed ring showed, and of how many clients or leafnodes these were. */
  readonly inRing: number;
  readonly peers: number;
  /** Rows of names that the window could not keep apart. */
  readonly others: number;
  readonly poolSize: number;
  /** Why the closed ring could not be read. */
  readonly unread: string | null;
};

const files =
  "File descriptors cannot be seen from here: on the server's host compare `ls /proc/$(pidof nats-server)/fd | wc -l` " +
  'with the process limit.';

/** A finding about the stale connections of one kind, attributed as far as the evidence goes. */
export function staleWords(value: number, level: number, data: StaleData): Description {
  const { target, facts, over } = data;
  const causes = causesOf(facts);
  const [first] = causes;
  return {
    summary:
      `${target.name} found ${connections(value, data)} stale within ${formatDuration(over)} (limit ${formatCount(level)}): ` +
      `${first?.headline ?? 'no common cause in what the server shows'}.`,
    evidence: [
      ...causes.map(({ evidence }) => evidence),
      ...who(value, data),
      pingEvidence(facts),
      ...(facts.slowConsumers > 0
        ? [`${plural(facts.slowConsumers, 'connection')} evicted as slow consumer in the same time`]
        : []),
      loadWords({ cpu: facts.cpuPercent, cores: facts.cores, memory: facts.memoryBytes }),
    ],
    ...(first ? { remedy: `${first.remedy}\n${files}` } : { remedy: `${unexplained}\n${files}` }),
    commands: commands(data),
  };
}

/** A leafnode that goes stale, returns and goes stale again is counted each time. */
function connections(value: number, { facts, inRing, peers }: StaleData): string {
  if (facts.kind === 'leafnodes' && value > 1 && value === inRing && peers > 0)
    return `${plural(value, 'connection')} of ${plural(peers, 'leafnode')}`;
  return plural(value, `${facts.kind.slice(0, -1)} connection`);
}

const unexplained =
  'Compare the times with the logs of the clients or peers and with changes to the network: a host that died, a process ' +
  'that hangs and a firewall that forgot the connection all look the same from here.';

function who(value: number, { facts, inRing, others, poolSize, unread }: StaleData): readonly string[] {
  const { kind, rows } = facts;
  if (kind === 'routes' || kind === 'gateways') {
    const shared = kind === 'routes' && poolSize > 1;
    return [
      `which ${kind}: not shown, the closed ring keeps clients and leafnodes only`,
      ...(shared
        ? [
            `a peer holds ${poolSize} pooled routes and one for each pinned account: ${value} may be one server that hung`,
          ]
        : []),
    ];
  }
  if (unread !== null) return [`which ${kind}: the closed ring could not be read (${unread})`];
  const missing = value - inRing - others;
  return [
    ...(rows.length > 0
      ? [
          `who: ${tallied(
            rows.map((row) => row.who),
            5,
          )}`,
        ]
      : []),
    ...(rows.length > 0
      ? [
          `from: ${tallied(
            rows.map((row) => row.ip),
            5,
          )}`,
        ]
      : []),
    ...uncounted(others, 'names'),
    ...(missing > 0
      ? [
          `${formatCount(missing)} more were counted than the closed ring shows: it turned over, or they were closing already`,
        ]
      : []),
  ];
}

function commands({ target, facts: { kind } }: StaleData): Description['commands'] {
  if (kind === 'routes')
    return {
      nats: 'nats server report routes',
      curl: `curl -s '${target.url}/routez' | grep -E '"(remote_name|ip|rtt|uptime)":'`,
    };
  if (kind === 'gateways')
    return {
      nats: 'nats server report gateways',
      curl: `curl -s '${target.url}/gatewayz' | grep -E '"(name|ip|rtt|uptime)":'`,
    };
  return {
    nats: closedReportCommand('stale connection'),
    curl: closedRowsCommand(target.url, 'Stale Connection'),
  };
}
