import {
  atLeast,
  attempted,
  defineDiagnosis,
  formatDuration,
  measured,
  minutes,
  nothing,
  type Entity,
  type Target,
} from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
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
  readonly limit: 'unexpected' | 'memory' | 'planned';
  readonly entity: Entity;
  readonly restarts: readonly Restarted[];
};

/** How long a restart is told after it was seen. */
const toldFor = minutes(20);

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

/** Servers that restarted at about the same time are one finding, but for those that want memory. */
function groupsOf(recent: readonly Restarted[], servers: number, cluster: string): readonly Group[] {
  const { starved = [], others = [] } = Object.groupBy(recent, ({ reason }) =>
    reason === 'memory' ? 'starved' : 'others',
  );
  const byServer = (limit: Group['limit'], restarts: readonly Restarted[]): readonly Group[] =>
    [...Map.groupBy(restarts, ({ target }) => target.name)].map(([name, own]) => {
      return { limit, entity: { kind: 'server', name }, restarts: own };
    });
  const limit = isOnPurpose(others, servers) ? 'planned' : 'unexpected';
  return [
    ...byServer('memory', starved),
    ...(namesOf(others).length > 1
      ? [{ limit, entity: { kind: 'cluster', name: cluster }, restarts: byStart(others) } as const]
      : byServer(limit, others)),
  ];
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
      { unit: 'count', of: 'restarts of a server whose memory was near its limit, or had doubled' },
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
    const recent = all.filter(({ after }) => at - after.firstSeen < toldFor);
    // What was told of a server ends, whether or not another can be read.
    if (recent.length === 0) return nothing('no server restarted', { conclusive: all.length > 0 });
    const groups = groupsOf(recent, servers.length + unread.length, cluster.name);
    return measured(
      `restarted: ${inline(namesOf(recent))}`,
      groups.map(({ limit, entity, restarts }) => ({
        limit,
        entity,
        value: entity.kind === 'cluster' ? namesOf(restarts).length : restarts.length,
        data: { restarts },
      })),
      { conclusive: true },
    );
  },
  describe({ limit, entity, data: { restarts } }) {
    const last = restarts.at(-1);
    if (last === undefined) throw new Error('a restart of no server');
    return {
      summary:
        entity.kind === 'cluster' ? summaryOfSeveral(restarts, limit) : summaryOfOne(last, restarts.length),
      evidence: [
        ...restarts.toReversed().map(restartRow),
        ...(entity.kind === 'server' ? memoryRow(last) : []),
      ],
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
      : ` It was the ${times === 2 ? 'second' : 'third'} time within ${formatDuration(toldFor)}.`;
  return `${restart.target.name} ${reasonWords(restart)}; it was away ${awayWords(restart)}.${often}`;
}

function summaryOfSeveral(restarts: readonly Restarted[], limit: Group['limit']): string {
  const starts = restarts.map(({ after }) => after.startedAt);
  const span = formatDuration(Math.max(minutes(1), Math.max(...starts) - Math.min(...starts)));
  const names = namesOf(restarts);
  const how =
    limit === 'planned'
      ? 'as a rolling restart or an upgrade does'
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
    case 'unexpected':
      return {};
  }
}
