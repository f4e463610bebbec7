import { formatDuration, minutes, seconds, type Duration } from '../../define.ts';
import { formatBytes, formatCount, formatPercent, formatTime, plural } from '../../engine/format.ts';
import { tallied } from '../conn/closed-rows.ts';
import type { Load } from '../load.ts';
import { togetherFrom, type StaleRow } from './stale-rows.ts';

export type StaleKind = 'clients' | 'leafnodes' | 'routes' | 'gateways';

/** What is known about the stale connections of one kind on one server. */
export type StaleFacts = {
  readonly kind: StaleKind;
  /** The latest rows of the closed ring, oldest first; none for routes and gateways. */
  readonly rows: readonly StaleRow[];
  readonly pingIntervalMs: number;
  readonly pingMax: number;
  readonly cpuPercent: Load['cpu'];
  /** Those that it may use. */
  readonly cores: Load['cores'];
  readonly memoryBytes: Load['memory'];
  readonly memoryLimitBytes: number | undefined;
  /** Clients evicted as slow consumers in the same window. */
  readonly slowConsumers: number;
  readonly version: string;
  /** The version before, if it changed within the last hour. */
  readonly before: { readonly version: string; readonly lastSeen: number } | null;
  readonly at: number;
};

/** What the evidence points at. The first that holds gives the finding its words. */
export type Cause = { readonly headline: string; readonly evidence: string; readonly remedy: string };

const busyFrom = 0.8;
const fullFrom = 0.9;
const tightUpTo = seconds(15);
/** nats-server asks its peers more often than `ping_interval` says (route.go:140, gateway.go:58). */
const longestIntervals = { clients: Infinity, leafnodes: Infinity, routes: 30_000, gateways: 15_000 };

/** A connection's PINGs: `silent` is how long it may say nothing before the server drops it, at least and at most. */
function pings({ kind, pingIntervalMs, pingMax }: StaleFacts) {
  const intervalMs = Math.min(pingIntervalMs, longestIntervals[kind]);
  return { intervalMs, leastMs: intervalMs * pingMax, mostMs: intervalMs * (pingMax + 1) };
}

/** `ping_interval 2 min, ping_max 2: …` */
export function pingEvidence(facts: StaleFacts): string {
  const { intervalMs, leastMs, mostMs } = pings(facts);
  const capped =
    intervalMs < facts.pingIntervalMs ? ` (every ${formatDuration(intervalMs)} for ${facts.kind})` : '';
  return (
    `ping_interval ${formatDuration(facts.pingIntervalMs)}${capped}, ping_max ${facts.pingMax}: a connection that ` +
    `falls silent is found after ${formatDuration(leastMs)} to ${formatDuration(mostMs)}` +
    (mostMs >= minutes(5) ? '; so long ago it may have broken' : '')
  );
}

/** Every cause that the evidence supports, the most telling first. */
export function causesOf(facts: StaleFacts): readonly Cause[] {
  const tried = [shortOfCpu, shortOfMemory, tightPings, giveUp, oneNetwork, repeated, newVersion];
  return tried.flatMap((cause) => cause(facts) ?? []);
}

function shortOfCpu({ cpuPercent, cores }: StaleFacts): Cause | null {
  if (cpuPercent === null || cores === null) return null;
  const used = cpuPercent / (cores * 100);
  if (used < busyFrom) return null;
  return {
    headline: 'the server is short of CPU',
    evidence: `CPU ${formatCount(cpuPercent)} % of one core, ${formatPercent(used)} of ${plural(cores, 'core')}`,
    remedy:
      'The server itself may be too busy to read the PONGs in time: look at what takes the CPU (TLS, fan-out, a reconnect ' +
      'storm, other processes of the host), give it more cores or spread clients over more servers.',
  };
}

function shortOfMemory({ memoryBytes, memoryLimitBytes }: StaleFacts): Cause | null {
  if (memoryBytes === null || memoryLimitBytes === undefined) return null;
  if (memoryBytes < memoryLimitBytes * fullFrom) return null;
  return {
    headline: 'the server is short of memory',
    evidence: `memory ${formatBytes(memoryBytes)} of GOMEMLIMIT ${formatBytes(memoryLimitBytes)}`,
    remedy:
      'Near GOMEMLIMIT the garbage collector takes the CPU and the server pauses: give it more memory, or find what ' +
      'grows (pending bytes of slow consumers, subscriptions, JetStream caches).',
  };
}

function tightPings(facts: StaleFacts): Cause | null {
  const { intervalMs, leastMs, mostMs } = pings(facts);
  if (leastMs > tightUpTo) return null;
  return {
    headline: `${formatDuration(leastMs)} of silence is enough to be dropped`,
    evidence: `tight: a pause of ${formatDuration(leastMs)} to ${formatDuration(mostMs)} (garbage collection, a busy host, a network hiccup) ends a connection`,
    remedy:
      `Raise \`ping_interval\` (${formatDuration(intervalMs)}) or \`ping_max\` (${facts.pingMax}); the defaults are 2 min ` +
      'and 2, a reload is enough, and a `ping_timeout` does not exist in nats-server.',
  };
}

/** Only a leafnode that the server dialled itself goes stale so young: its fixed 2 s timer (leafnode.go:3699). */
function giveUp({ kind, rows }: StaleFacts): Cause | null {
  const young = rows.filter(({ dialled, lifetimeSeconds: lived }) => dialled && lived >= 1.5 && lived < 3.5);
  if (kind !== 'leafnodes' || young.length * 2 < rows.length || young.length === 0) return null;
  return {
    headline: 'the hub did not answer the handshake within 2 s',
    evidence: `${young.length} of ${rows.length} lived about 2 s: this server dialled its hub and waited 2 s for an answer to CONNECT`,
    remedy:
      'No option changes these 2 s. Look at the hub: its CPU, its authentication (auth callout, account resolver), and ' +
      'the latency of the link between the two.',
  };
}

function oneNetwork(facts: StaleFacts): Cause | null {
  const { intervalMs } = pings(facts);
  const instant = Math.max(seconds(5), intervalMs) as Duration;
  const together = togetherFrom(facts.rows, instant);
  if (together === null) return null;
  const { network, rows, spanMs } = together;
  const hosts = new Set(rows.map(({ ip }) => ip)).size;
  return {
    headline: `${rows.length} of them are in ${network} and broke at one time`,
    evidence: `${rows.length} of ${facts.rows.length} are in ${network} (${plural(hosts, 'address', 'addresses')}), found within ${formatDuration(spanMs)}; what breaks together is found within one ping_interval`,
    remedy:
      `Look at what lies between ${network} and the server: a firewall, load balancer or NAT gateway that was restarted, ` +
      'changed, or forgot idle connections (AWS NLB and NAT gateway do after 350 s; neither tells the two ends). Let ' +
      'clients ping more often than its idle timeout, or raise the timeout.',
  };
}

function repeated({ rows }: StaleFacts): Cause | null {
  const byWho = Map.groupBy(rows, ({ who }) => who);
  const [top] = [...byWho].sort(([, a], [, b]) => b.length - a.length);
  if (top === undefined) return null;
  const [who, own] = top;
  if (own.length < 2 || own.length * 2 < rows.length) return null;
  const hanging = own.filter(({ hangs }) => hangs);
  const times = `${who} ${own.length} of ${rows.length} times, from ${tallied(own.map(({ ip }) => ip))}`;
  if (hanging.length * 2 >= own.length) {
    const most = Math.max(...hanging.map(({ pendingBytes }) => pendingBytes));
    return {
      headline: `${who} hangs again and again`,
      evidence: `${times}; up to ${formatBytes(most)} waited for it: it no longer read`,
      remedy:
        'Its process no longer reads: blocked in a message handler, paused by garbage collection or a debugger, swapped ' +
        'out, or starved of CPU. Look at its log, CPU and memory, and take a thread dump while it hangs.',
    };
  }
  return {
    headline: `${who} vanishes again and again`,
    evidence: `${times}; nothing waited for it: it went without a word`,
    remedy:
      'Nothing waited for it, so it did not fall behind: its network broke without a word (packet loss, Wi-Fi, VPN, an ' +
      'idle timeout on the way), or its host slept or died. Compare times with its log.',
  };
}

function newVersion({ version, before, at }: StaleFacts): Cause | null {
  if (before === null) return null;
  const ago = formatDuration(at - before.lastSeen);
  return {
    headline: `nats-server changed from ${before.version} to ${version} ${ago} ago`,
    evidence: `version: ${before.version} until ${formatTime(before.lastSeen)}, now ${version}`,
    remedy:
      `It began within an hour of the change from ${before.version} to ${version}: read the release notes between the ` +
      'two, and compare with a server that still runs the old one.',
  };
}
