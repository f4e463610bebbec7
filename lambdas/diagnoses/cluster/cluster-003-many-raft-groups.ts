import { atLeast, defineDiagnosis, from, measured, minutes } from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity } from '../server/jetstream.ts';

/**
 * Insights warns at 1,000, which many clusters run with in health: from there it is for information. What the operator set
 * (`max_ha_assets`) is a limit that the server itself enforces.
 */
export default defineDiagnosis({
  id: 'CLUSTER_003',
  title: 'Many raft groups on one server',
  brief: ['servers', 'many raft groups'],
  scope: 'server',
  reads: { jsz: from() },
  history: {},
  limits: {
    groups: atLeast(
      { info: 1_000, warning: 5_000 },
      { unit: 'count', of: 'streams and consumers with several replicas of which one server holds one' },
    ),
    share: atLeast({ warning: 0.9, critical: 1 }, { unit: 'ratio', of: '`max_ha_assets` in use' }),
  },
  for: minutes(5),
  why:
    'Each stream and consumer with several replicas is a raft group with a log, timers and heartbeats of its own: they take CPU ' +
    'while nothing is sent, and elect leaders all at once after a restart. At `max_ha_assets` the server takes no more of them.',
  remedy:
    'Which streams have most consumers, and are they used (`nats consumer report`)? Give those of clients that come and go an ' +
    '`inactive_threshold`, or make them of one replica; use one consumer with several filters in place of many. Else spread ' +
    'streams over more servers, or raise `max_ha_assets` if it is set too low.',
  evaluate({ target, jsz }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { ha_assets: groups, limits: { max_ha_assets: most = 0 } = {} } = jsz;
    const entity = serverEntity(target);
    const data = { target, groups, most, streams: jsz.streams, consumers: jsz.consumers };
    const ofMost = most > 0 ? ` of at most ${formatCount(most)}` : '';
    return measured(`${plural(groups, 'raft group')}${ofMost}`, [
      { limit: 'groups' as const, entity, value: groups, data },
      ...(most > 0 ? [{ limit: 'share' as const, entity, value: groups / most, data }] : []),
    ]);
  },
  describe: ({ limit, value, level, data: { target, groups, most, streams, consumers } }) => ({
    summary:
      limit === 'share'
        ? `${target.name} takes part in ${formatCount(groups)} of at most ${plural(most, 'raft group')}: ` +
          `${formatPercent(value)}, limit ${formatPercent(level)}.`
        : `${target.name} takes part in ${plural(groups, 'raft group')}, limit ${formatCount(level)}.`,
    evidence: [
      `it holds ${plural(streams, 'replica')} of streams and ${formatCount(consumers)} of consumers, those without raft included`,
    ],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/jsz' | grep -E '"(ha_assets|max_ha_assets|streams|consumers)"'`,
    },
  }),
});
