import {
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  hours,
  known,
  measured,
  minutes,
  notApplicable,
  nothing,
  trend,
  type Duration,
} from '../../define.ts';
import { formatBytes, plural } from '../../engine/format.ts';
import { limitWords, memoryLimitOf, noLimitKnown, usedWords } from './memory-limit.ts';

/** Over which growth is taken, for how long that process has to be watched, and the least share of the limit. */
type Pace = { readonly over: Duration; readonly watched: Duration; readonly least: number };
/** A whole day, so that day and night even out. */
const slow: Pace = { over: days(1), watched: hours(23), least: 0.5 };
/** A leak that takes hours. A morning's load is as steep, but seldom so high. */
const fast: Pace = { over: hours(6), watched: hours(3), least: 0.7 };

/**
 * By trend, of each process for itself: what a server needs differs, and caches of nats-server 2.12 and later grow up to
 * GOMEMLIMIT by design. So what climbs to that is for information, and only what climbs to where it is killed warns.
 */
export default defineDiagnosis({
  id: 'SERVER_141',
  title: 'Memory climbs to its limit',
  brief: ['memory', 'climbs'],
  scope: 'server',
  reads: {},
  history: { slow: trend(slow.over), fast: trend(fast.over) },
  limits: {
    left: atMost(
      { info: days(7) / 1_000, warning: days(2) / 1_000 },
      { unit: 'seconds', of: "time until memoryLimit of settings is reached, by the last day's growth" },
    ),
    hours: atMost(
      { warning: hours(6) / 1_000 },
      {
        unit: 'seconds',
        of: 'time until memoryLimit of settings is reached, by the growth of the last hours',
      },
    ),
    collected: atMost(
      { info: days(2) / 1_000 },
      {
        unit: 'seconds',
        of: "time until GOMEMLIMIT is reached, by the last day's growth, without memoryLimit",
      },
    ),
  },
  for: minutes(30),
  why:
    'At the limit of its container or host the server is killed without a word, its clients are cut off, and it begins to climb anew. ' +
    'There is still time to act in daylight.',
  remedy:
    'Look for what grows with it: streams in memory (`/jsz?streams=true`), connections and subscriptions in /varz, pending bytes in ' +
    '`/connz?sort=pending`. If it is none of these, look for a later release of nats-server, and restart this one after a drain ' +
    'before it is killed. GOMEMLIMIT at some 80 % of what it may use makes it collect garbage in time.',
  evaluate({ target, varz, history }, { cluster }) {
    const limit = memoryLimitOf(varz, cluster);
    if (limit === null) return notApplicable(noLimitKnown);
    const { mem, server_id: id } = varz;
    const now = new Map([[id, mem]]);
    const [slowly, fastly] = [history.slow(now), history.fast(now)];
    const leftAt = (aDay: number | null, { least }: Pace): number | null =>
      aDay === null || aDay <= 0 || mem < limit.bytes * least
        ? null
        : (Math.max(0, limit.bytes - mem) / aDay) * days(1);
    const paces = [
      {
        name: limit.kind === 'killed' ? ('left' as const) : ('collected' as const),
        pace: slow,
        aDay: slowly(id, slow.watched),
      },
      ...(limit.kind === 'killed'
        ? [{ name: 'hours' as const, pace: fast, aDay: fastly(id, fast.watched) }]
        : []),
    ];
    const used = usedWords(mem, limit);
    const measurements = paces.flatMap(({ name, pace, aDay }) => {
      const left = leftAt(aDay, pace);
      if (left === null || aDay === null) return [];
      return {
        limit: name,
        entity: { kind: 'server' as const, name: target.name },
        value: left / 1_000,
        data: {
          ...{ target, limit, used, aDay, pace },
          holds: known(() => [
            `it holds ${plural(varz.connections, 'client')} and ${plural(varz.subscriptions, 'subscription')}`,
          ]),
        },
      };
    });
    return measurements.length === 0 ? nothing(used) : measured(used, measurements);
  },
  describe: ({ value, data: { target, limit, used, aDay, pace, holds } }) => ({
    summary:
      `Memory of ${target.name} reaches ${limitWords(limit)} in about ` +
      `${formatDuration(Math.max(hours(1), Math.round((value * 1_000) / hours(1)) * hours(1)))} at its pace.`,
    evidence: [
      `it uses ${used} and grew by ${formatBytes((aDay / days(1)) * hours(1))} an hour, seen over up to ${formatDuration(pace.over)}`,
      ...(holds ?? []),
    ],
    ...(limit.kind === 'killed'
      ? {}
      : {
          why:
            'At GOMEMLIMIT the garbage collector works harder. Caches of nats-server 2.12 and later fill up to it and are given back, ' +
            'so that this may be no trouble: it is if the CPU rises with it.',
        }),
    commands: {
      nats: 'nats server report mem',
      curl: `curl -s '${target.url}/varz' | grep -E '"(mem|gomemlimit|connections|subscriptions)"'`,
    },
  }),
});
