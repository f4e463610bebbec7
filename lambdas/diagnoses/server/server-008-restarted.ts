import {
  atLeast,
  attempted,
  defineDiagnosis,
  formatDuration,
  measured,
  minutes,
  nothing,
  type Target,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import {
  isPlanned,
  mostRestarts,
  processes,
  processesOf,
  restartsOf,
  unplannedOf,
  type Restart,
} from './processes.ts';
import { awayWords, memoryWords, reasonWords, restartRow } from './restart-words.ts';

type Restarted = Restart & { readonly target: Target };
type Group = {
  readonly limit: 'unexpected' | 'memory' | 'outage' | 'planned';
  readonly restarts: readonly Restarted[];
};

/** How long a restart is told after it was seen, and how long after it another one belongs to it. */
const toldFor = minutes(20);
/** Who was away for so long was paged for by SERVER_101. */
const pagedAfter = minutes(4);

const namesOf = (restarts: readonly Restarted[]): readonly string[] => [
  ...new Set(restarts.map(({ target }) => target.name)),
];

const byStart = (restarts: readonly Restarted[]): readonly Restarted[] =>
  restarts.toSorted((a, b) => a.after.startedAt - b.after.startedAt);

/** Each went only when the one before it was back. */
const isOneByOne = (restarts: readonly Restarted[]): boolean =>
  byStart(restarts).every(
    ({ before }, i, all) => i === 0 || before.lastSeen >= (all[i - 1]?.after.startedAt ?? 0),
  );

/** Several servers that go one by one, each once, are rolled; of so many it needs no further sign. */
const leastRolled = 3;

function isOnPurpose(restarts: readonly Restarted[], servers: number): boolean {
  if (restarts.every(isPlanned)) return true;
  const names = namesOf(restarts).length;
  if (names < 2 || names < restarts.length) return false;
  return restarts.some(isPlanned) || (names >= Math.min(leastRolled, servers) && isOneByOne(restarts));
}

function limitOf(restarts: readonly Restarted[], servers: number): Group['limit'] {
  if (isOnPurpose(restarts, servers)) return 'planned';
  const isKnown = ({ before, after }: Restarted) => after.firstSeen - before.lastSeen >= pagedAfter;
  return restarts.every((restart) => isPlanned(restart) || isKnown(restart)) ? 'outage' : 'unexpected';
}

/** The restarts that follow one another, up to the latest. */
function lastChain(restarts: readonly Restarted[]): readonly Restarted[] {
  const sorted = restarts.toSorted((a, b) => a.after.firstSeen - b.after.firstSeen);
  const isFirst = ({ after }: Restarted, i: number) =>
    i === 0 || after.firstSeen - (sorted[i - 1]?.after.firstSeen ?? 0) >= toldFor;
  return byStart(sorted.slice(sorted.findLastIndex(isFirst)));
}

/** Servers that restart one after another are one finding, but for those that want memory. */
function groupsOf(restarts: readonly Restarted[], servers: number, at: number): readonly Group[] {
  const { starved = [], others = [] } = Object.groupBy(restarts, ({ reason }) =>
    reason === 'memory' ? 'starved' : 'others',
  );
  const chain = lastChain(others);
  const groups: readonly Group[] = [
    ...[...Map.groupBy(starved, ({ target }) => target.name).values()].map((own) => {
      return { limit: 'memory' as const, restarts: lastChain(own) };
    }),
    ...(chain.length === 0 ? [] : [{ limit: limitOf(chain, servers), restarts: chain }]),
  ];
  return groups.filter((group) => group.restarts.some(({ after }) => at - after.firstSeen < toldFor));
}

/**
 * What ended a process is gone with it, its ring of closed connections too: a drain is known where a look met it, an upgrade
 * by its version, another configuration by its digest (from 2.11 on), want of memory by its last figures. A polite stop and a
 * crash look the same. Held, so that the next server of a rolling restart explains the first one; what restarts again and
 * again is SERVER_009's.
 */
export default defineDiagnosis({
  id: 'SERVER_008',
  title: 'A server restarted',
  brief: ['servers', 'restarted'],
  scope: 'cluster',
  reads: { healthz: attempted },
  history: { processes },
  limits: {
    unexpected: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers that restarted, and nothing shows that it was on purpose' },
    ),
    memory: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers that restarted when their memory was near its limit, or had doubled' },
    ),
    outage: atLeast(
      { info: 1 },
      {
        unit: 'count',
        of: 'servers that run again after they were down for as long as SERVER_101 takes to tell',
      },
    ),
    planned: atLeast(
      { info: 1 },
      {
        unit: 'count',
        of: 'servers that restarted after a drain, with another version or configuration, or one after another',
      },
    ),
  },
  for: minutes(5),
  why:
    'Its clients were disconnected. What they published meanwhile without waiting for an acknowledgement is lost, and so are ' +
    'streams in memory that have no other replica. What ended a server once may do so again.',
  remedy:
    'Was it restarted by hand, by a deployment or with its host? Then nothing; a drain (`nats-server --signal ldm`) disturbs clients ' +
    'less. Else look how the process ended: `journalctl -u nats-server`, exit code and stopped reason of the ECS task, `kubectl ' +
    'describe pod`. Exit code 137 with `OOMKilled` is memory, 2 a panic, whose trace ends the log.',
  evaluate({ servers, unread }, { at, cluster }) {
    const all = servers.flatMap(({ target, varz, healthz, history }): readonly Restarted[] => {
      const restarts = restartsOf(processesOf({ varz, healthz }, history.processes, { at, cluster }));
      const isLoop = unplannedOf(restarts, at).length > mostRestarts;
      return isLoop ? [] : restarts.map((restart) => ({ ...restart, target }));
    });
    const groups = groupsOf(all, servers.length + unread.length, at);
    // What was told of a server ends, whether or not another can be read.
    if (groups.length === 0) return nothing('no server restarted', { conclusive: all.length > 0 });
    return measured(
      `restarted: ${inline(namesOf(groups.flatMap(({ restarts }) => restarts)))}`,
      groups.map(({ limit, restarts }) => ({
        limit,
        // The first one names it as long as others follow.
        entity: { kind: 'server' as const, name: restarts[0]?.target.name ?? '' },
        value: namesOf(restarts).length,
        data: { restarts },
      })),
      { conclusive: true },
    );
  },
  describe({ limit, value, data: { restarts } }) {
    const last = restarts.at(-1);
    if (last === undefined) throw new Error('a restart of no server');
    return {
      summary: value > 1 ? summaryOfSeveral(restarts, limit) : summaryOfOne(last, restarts.length),
      evidence: [...restarts.toReversed().map(restartRow), ...(value > 1 ? [] : memoryRow(last))],
      ...textsOf(limit),
      commands: {
        nats: 'nats server list',
        curl: `curl -s '${last.target.url}/varz' | grep -E '"(server_id|start|version|mem|gomemlimit|config_digest)"'`,
      },
    };
  },
});

function memoryRow({ before, reason }: Restarted): readonly string[] {
  const words = reason === 'memory' ? null : memoryWords(before);
  return words === null ? [] : [`its memory was ${words} when it was last seen`];
}

function summaryOfOne(restart: Restarted, times: number): string {
  const often =
    times === 1
      ? ''
      : ` It was the last of ${formatCount(times)} restarts, each within ${formatDuration(toldFor)} of the one before.`;
  return `${restart.target.name} ${reasonWords(restart)}; it was away ${awayWords(restart)}.${often}`;
}

function summaryOfSeveral(restarts: readonly Restarted[], limit: Group['limit']): string {
  const starts = restarts.map(({ after }) => after.startedAt);
  const span = formatDuration(Math.max(minutes(1), Math.max(...starts) - Math.min(...starts)));
  const names = namesOf(restarts);
  const how =
    limit === 'planned'
      ? 'as a rolling restart or an upgrade does'
      : limit === 'outage'
        ? 'after they were down, of which SERVER_101 told'
        : isOneByOne(restarts)
          ? 'one after another, and nothing shows that it was on purpose'
          : 'some of them at the same time, and nothing shows that it was on purpose';
  return `${plural(names.length, 'server')} restarted within ${span} (${inline(names, 5)}), ${how}.`;
}

function textsOf(limit: Group['limit']): { readonly why?: string; readonly remedy?: string } {
  switch (limit) {
    case 'planned':
      return {
        remedy:
          'Nothing, if somebody restarted or upgraded it. If nobody did, find who can: a deployment, an operator of Kubernetes, a host.',
      };
    case 'memory':
      return {
        why:
          'A process that reaches the limit of its container or host is killed without a word: its clients are cut off, and it ' +
          'comes to the same point again.',
        remedy:
          'Was it killed for memory (`OOMKilled`, exit code 137, `dmesg | grep -i oom`)? Then find what took it: streams in memory, ' +
          'connections and subscriptions in /varz, pending bytes in /connz?sort=pending. Give it more, and set GOMEMLIMIT to some 80 % of ' +
          'what it may use, so that it collects garbage before it is killed.',
      };
    case 'outage':
    case 'unexpected':
      return {};
  }
}
