import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  increase,
  measured,
  minutes,
  window,
} from '../../define.ts';
import { formatBytes, formatCount, plural } from '../../engine/format.ts';
import { loadOf, loadWords } from '../load.ts';

/** Beyond this share of `max_pending` a receiver makes those who publish to it wait. */
const stallsFrom = 0.75;

/**
 * A burst stalls somebody for a moment, and all is well: minutes are counted in which it happened. Each stall is a wait of some
 * milliseconds for one publisher, so that their number says little.
 */
export default defineDiagnosis({
  id: 'SERVER_013',
  title: 'Publishers are held back',
  brief: ['servers', 'publishers held back'],
  scope: 'server',
  reads: { varz: from('2.12.0') },
  history: { stalls: increase(), counts: window('minutes'), minutes: window('minutes') },
  limits: {
    minutes: atLeast(
      { info: 1, warning: 3 },
      { unit: 'count', of: 'minutes of the last ten in which publishers were held back', over: minutes(10) },
    ),
  },
  for: minutes(0),
  why:
    'A client reads too slowly: more than three quarters of what may wait for it (`max_pending`) does. Those who publish to it are ' +
    'held back for some milliseconds each time, and all else that they publish with it. At `max_pending` it is cut off and loses ' +
    'what waited (CONN_102).',
  remedy:
    'Find the slow receiver: `/connz?sort=pending` names it, and `stalls` in its rows those who wait for it. Take work out of its ' +
    'message handlers, share its load over a queue group, or let it pull from JetStream.',
  evaluate({ target, varz, history }, { at, limits: { minutes: limit } }) {
    const grown = history.stalls(varz.stalled_clients ?? 0)?.value ?? 0;
    const { total } = history.counts([{ key: 'stalls', at, count: grown }]);
    const busy = history.minutes(grown > 0 ? [{ key: 'minutes', at }] : []).total;
    const data = { target, total, over: limit.over, maxPending: varz.max_pending, load: loadOf(varz) };
    return measured(`${plural(total, 'stall')} in ${formatDuration(limit.over)}`, [
      { limit: 'minutes', entity: { kind: 'server', name: target.name }, value: busy, data },
    ]);
  },
  describe: ({ value, data: { target, total, over, maxPending, load } }) => ({
    summary:
      `${target.name} held publishers back ${plural(total, 'time')} within ${formatDuration(over)}, ` +
      `in ${plural(value, 'minute')}: a client reads too slowly.`,
    evidence: [
      `somebody has more than ${formatBytes(maxPending * stallsFrom)} waiting, of ${formatBytes(maxPending)} (max_pending) at which it is cut off`,
      `held back ${formatCount(total / value)} times in each of those minutes`,
      loadWords(load),
    ],
    commands: {
      nats: 'nats server report connections --sort out-bytes --top 10',
      curl: `curl -s '${target.url}/connz?sort=pending&limit=5' | grep -E '"(name|ip|pending_bytes|subscriptions)"'`,
    },
  }),
});
