import { hours, known, latest, minutes, seconds, type ClusterFacts, type Known } from '../../define.ts';
import type { Healthz, Varz } from '../../readings/endpoints.ts';
import type { Reading } from '../../readings/reading.ts';
import { isDraining } from '../lame-duck.ts';
import { memoryLimitOf, type MemoryLimit } from './memory-limit.ts';

/** One run of nats-server from its start to its end, as looks found it. Times are epoch ms by our clock. */
export type Process = {
  readonly id: string;
  readonly version: string;
  /** Of its configuration as it was last loaded; null before 2.11. */
  readonly digest: string | null;
  readonly startedAt: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Seen in lame-duck mode. */
  readonly isDrained: boolean;
  /** When a look first found it healthy; null while none did. */
  readonly healthyAt: number | null;
  /** Bytes, to the MiB, the latest last; about 5 min apart, and of the last half hour. */
  readonly memory: readonly number[];
  readonly limit: MemoryLimit | null;
};

/** Why a process ended and the next one runs, as far as both show it. */
export type Reason = 'drained' | 'version' | 'configuration' | 'memory' | 'unknown';

export type Restart = {
  readonly before: Process;
  readonly after: Process;
  readonly reason: Reason;
};

/** A server that comes back later was missed by SERVER_101, and its process before says little of why. */
export const processes = latest(hours(2));

/** What a process leaves, short, as there may be hundreds of servers, and of a crash loop a hundred processes. */
type Kept = readonly [
  startedAt: number,
  version: string,
  digest: string | null,
  isDrained: 0 | 1,
  healthyAt: number | null,
  memory: readonly (readonly [minute: number, mebibytes: number])[],
  limit: readonly [MemoryLimit['kind'], number] | null,
];

const MiB = 2 ** 20;
const minutesApart = 5;
const mostSamples = 7;

function sampled(before: Kept[5], at: number, bytes: number | null): Kept[5] {
  if (bytes === null) return before;
  const minute = Math.floor(at / minutes(1));
  // The newest moves on until the one before it is far enough away.
  const isDue = minute - (before.at(-2)?.[0] ?? -Infinity) >= minutesApart;
  const sample = [minute, Math.round(bytes / MiB)] as const;
  return [...(isDue ? before : before.slice(0, -1)), sample].slice(-mostSamples);
}

/** So many characters at its end tell one configuration from another. */
const digestKept = 12;

const processOf = (id: string, { value, firstSeen, lastSeen }: Known): Process => {
  const [startedAt, version, digest, isDrained, healthyAt, memory, limit] = JSON.parse(value) as Kept;
  return {
    ...{ id, version, digest, startedAt, firstSeen, lastSeen, healthyAt },
    isDrained: isDrained === 1,
    memory: memory.map(([, mebibytes]) => mebibytes * MiB),
    limit: limit === null ? null : { kind: limit[0], bytes: limit[1] },
  };
};

type Seen = { readonly varz: Varz; readonly healthz: Reading<Healthz> };
type Look = { readonly at: number; readonly cluster: ClusterFacts };

function keptNow({ varz, healthz }: Seen, before: Known | undefined, { at, cluster }: Look): Kept {
  const kept = before === undefined ? null : (JSON.parse(before.value) as Kept);
  const isHealthy = healthz.ok && healthz.value.http_status === 200;
  const drains = healthz.ok && known(() => isDraining({ varz, healthz: healthz.value })) === true;
  const limit = memoryLimitOf(varz, cluster);
  return [
    kept?.[0] ?? at - varz.uptime * seconds(1),
    varz.version,
    varz.config_digest?.slice(-digestKept) ?? null,
    drains ? 1 : (kept?.[3] ?? 0),
    kept?.[4] ?? (isHealthy ? at : null),
    sampled(
      kept?.[5] ?? [],
      at,
      known(() => varz.mem),
    ),
    limit === null ? null : [limit.kind, limit.bytes],
  ];
}

type Recorder = (update: (before: ReadonlyMap<string, Known>) => ReadonlyMap<string, string>) => {
  readonly before: ReadonlyMap<string, Known>;
};

/**
 * Who ran as this server within the last two hours, the running one last, as far as looks met them.
 * @param record the server's history `processes`
 */
export function processesOf(seen: Seen, record: Recorder, look: Look): readonly Process[] {
  const { server_id: id } = seen.varz;
  const value = (all: ReadonlyMap<string, Known>) => JSON.stringify(keptNow(seen, all.get(id), look));
  const { before } = record((all) => new Map([[id, value(all)]]));
  const { firstSeen = look.at } = before.get(id) ?? {};
  const former = [...before].filter(([other]) => other !== id).map(([other, each]) => processOf(other, each));
  return [
    ...former.sort((a, b) => a.firstSeen - b.firstSeen),
    processOf(id, { value: value(before), firstSeen, lastSeen: look.at }),
  ];
}

/** A process that took the place of another, the latest last. Two that ran side by side are no restart. */
export const restartsOf = (all: readonly Process[]): readonly Restart[] =>
  all.slice(1).flatMap((after, i) => {
    const before = all[i];
    return before === undefined || before.lastSeen >= after.firstSeen
      ? []
      : [{ before, after, reason: reasonOf(before, after) }];
  });

function reasonOf(before: Process, after: Process): Reason {
  if (before.version !== after.version) return 'version';
  if (before.isDrained) return 'drained';
  if (before.digest !== null && after.digest !== null && before.digest !== after.digest)
    return 'configuration';
  return isNearLimit(before) || hasClimbed(before) ? 'memory' : 'unknown';
}

const nearLimit = 0.9;

/** Caches fill up to GOMEMLIMIT in good health, so that being there explains nothing unless it is passed. */
const isNearLimit = ({ memory, limit }: Process): boolean =>
  limit !== null && (memory.at(-1) ?? 0) >= limit.bytes * (limit.kind === 'killed' ? nearLimit : 1);

const leastClimb = 512 * MiB;

/** Twice what it was within half an hour, and by more than what a start or a morning takes. */
export function hasClimbed({ memory }: Pick<Process, 'memory'>): boolean {
  const [last = 0, least = Math.min(...memory)] = [memory.at(-1)];
  return last >= least * 2 && last - least >= leastClimb;
}

export const isPlanned = ({ reason }: Restart): boolean => reason !== 'memory' && reason !== 'unknown';

/** So many restarts of one server within an hour, planned ones apart, are no loop yet. */
export const mostRestarts = 2;
export const loopWindow = hours(1);

/** Those of the last hour that nobody planned. */
export const unplannedOf = (restarts: readonly Restart[], at: number): readonly Restart[] =>
  restarts.filter((restart) => !isPlanned(restart) && at - restart.after.firstSeen < loopWindow);
