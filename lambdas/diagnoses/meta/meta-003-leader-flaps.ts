import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  known,
  measured,
  minutes,
  nothing,
  previous,
  window,
} from '../../define.ts';
import { formatTime, inline, plural } from '../../engine/format.ts';
import { metaCommands, metaGroupsOf, noMetaGroup, type MetaGroup } from './groups.ts';

type Change = { readonly from: string; readonly to: string };

/** A former leader that started so shortly before the change was seen gave up its office by that. */
const around = minutes(2);

const keyOf = ({ entity }: MetaGroup): string => entity.name;

/**
 * Insights warns of two changes in ten minutes, which each rolling restart makes. Changes are not counted whose former leader
 * restarted or does not answer; of what is left, a drain may make one or two.
 */
export default defineDiagnosis({
  id: 'META_003',
  title: 'Meta leader changes again and again',
  brief: ['meta group', 'leader changes'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: { leaders: previous(), changes: window<Change>('changes') },
  limits: {
    changes: atLeast(
      { info: 2, warning: 4 },
      {
        unit: 'count',
        of: 'runs that saw another meta leader, without a restart of the former one',
        over: minutes(15),
      },
    ),
  },
  for: minutes(1),
  why:
    'With each change requests about streams and consumers wait or fail for seconds. A leader that is healthy keeps its office: the ' +
    'servers do not hear each other in time.',
  remedy:
    'Compare CPU, disk and network of the servers named (evidence): one that is too slow loses its office and wins it again. Very ' +
    'many streams and consumers make snapshots slow (META_004, META_005). Until that is mended, let a faster server lead (`nats ' +
    'server cluster step-down --host NAME`; requests about streams and consumers wait for seconds).',
  evaluate({ servers, unread, history }, { at }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const now = new Map(
      groups.flatMap((group) => {
        const [name, ...others] = group.leaderNames;
        return name === undefined || others.length > 0 ? [] : [[keyOf(group), name] as const];
      }),
    );
    const isSure = now.size === groups.length;
    const last = isSure ? history.leaders(JSON.stringify([...now])) : null;
    const before = new Map(last === null ? [] : (JSON.parse(last.value) as [string, string][]));
    const explains = (former: string): boolean => {
      const server = servers.find(({ varz }) => (varz.server_name ?? varz.server_id) === former);
      if (server === undefined) return unread.length > 0;
      return server.jsz.disabled || server.varz.uptime * 1_000 < at - (last?.at ?? at) + around;
    };
    const changes = [...now].flatMap(([key, to]) => {
      const former = before.get(key);
      if (former === undefined || former === to || explains(former)) return [];
      return [{ key, at, note: { from: former, to } }];
    });
    const { keys } = history.changes(changes);
    const measurements = groups.flatMap((group) => {
      const counted = keys.get(keyOf(group));
      if (counted === undefined) return [];
      const { total, samples } = counted;
      return [{ limit: 'changes' as const, entity: group.entity, value: total, data: { group, samples } }];
    });
    if (measurements.length === 0)
      return nothing(isSure ? `led by ${inline([...now.values()])}` : 'a leader is being elected');
    return measured(
      measurements.map(({ value }) => plural(value, 'change of leader', 'changes of leader')).join('; '),
      measurements,
    );
  },
  describe({ entity, value, data: { group, samples } }, { limits }) {
    const names = [...new Set(samples.flatMap(({ note }) => [note.from, note.to]))];
    return {
      summary:
        `The meta leader of ${entity.name} changed ${plural(value, 'time')} within ` +
        `${formatDuration(limits.changes.over)}, between ${inline(names, 5)}.`,
      evidence: [
        ...samples.slice(-4).map(({ at, note }) => `${formatTime(at)}: ${note.from} to ${note.to}`),
        ...group.servers.flatMap(({ name, varz }) => {
          const cpu = known(() => varz.cpu);
          return cpu === null
            ? []
            : [`${name}: ${cpu} % of a core, up ${formatDuration(varz.uptime * 1_000)}`];
        }),
      ],
      commands: metaCommands(group),
    };
  },
});
