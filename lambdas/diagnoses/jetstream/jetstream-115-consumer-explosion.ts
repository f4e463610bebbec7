import { atLeast, defineDiagnosis, from, hours, measured, minutes, nothing, trend } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import { crowdOf, crowdRows, type Crowd } from './crowd.ts';

/** Growth is compared with what was there one to two hours ago. */
const perHour = (perDay: number): number => perDay / 24;

/** A stream whose consumers all came back, as after a restart of their clients, did not double. */
const isSurge = (count: number, grown: number): boolean => grown >= count / 3;

/**
 * Many consumers are a load that no limit of the server ends. Thousands may be how a system is built, MQTT above all, so what
 * grows by itself is told early and what merely is many late.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_115',
  title: 'Consumers of a stream grow beyond measure',
  brief: ['streams', 'very many consumers'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: { growth: trend(hours(2)) },
  limits: {
    growth: atLeast(
      { warning: 1_000, critical: 10_000 },
      {
        unit: 'count',
        of: 'consumers by which one stream grew within an hour, if that is a third of them or more',
      },
    ),
    count: atLeast({ warning: 10_000, critical: 50_000 }, { unit: 'count', of: 'consumers of one stream' }),
  },
  for: minutes(2),
  why:
    'Every consumer costs memory, a raft group where it is replicated, and a look at each message that comes: the stream becomes slow, ' +
    'then the meta layer, and a restart takes longer with each of them.',
  remedy:
    'Which client creates so many, and why do they stay? Have it use one consumer under one name, with an `inactive_threshold`.',
  evaluate({ servers, history }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const growth = history.growth(
      new Map(assets.streams.map(({ key, consumers }) => [key, consumers.count])),
    );
    const crowds = assets.streams.map((stream) => {
      const count = stream.consumers.count;
      return { stream, count, grown: perHour(growth(stream.key) ?? 0) };
    });
    const most = crowds.reduce((largest, { count }) => Math.max(largest, count), 0);
    if (most === 0) return nothing('no consumers');
    return measured(
      `at most ${plural(most, 'consumer')} of one stream`,
      crowds.flatMap((data) => {
        const { stream, count, grown } = data;
        const { entity } = stream;
        return [
          { limit: 'count' as const, entity, value: count, data },
          ...(grown > 0 && isSurge(count, grown)
            ? [{ limit: 'growth' as const, entity, value: Math.round(grown), data }]
            : []),
        ];
      }),
    );
  },
  describe({ entity, limit, value, level, data: { stream, count, grown } }, { at }) {
    const crowd = crowdOf(stream, at);
    const pace = `${formatCount(Math.round(grown))} more an hour`;
    return {
      summary:
        limit === 'growth'
          ? `Stream ${entity.name} has ${plural(count, 'consumer')} and ${pace}, limit ${formatCount(level)}.`
          : `Stream ${entity.name} has ${plural(value, 'consumer')}, limit ${formatCount(level)}.`,
      evidence: [...crowdRows(crowd), ...(limit === 'count' && grown >= 1 ? [pace] : []), placement(stream)],
      remedy: remedyOf(crowd),
      commands: streamCommands(stream),
    };
  },
});

const undoing =
  'Delete those that nobody uses: `nats consumer rm`, which forgets how far each had come and, in a work queue or interest stream, frees ' +
  'messages that only it held.';

function remedyOf({ isMqtt, lasting, ephemeral }: Crowd): string {
  if (isMqtt) {
    return (
      'Which MQTT clients connect with `clean session` off and a new client id each time? Their sessions and subscriptions stay for ever. ' +
      'Have them keep one id, or connect with a clean session; `consumer_inactive_threshold` of `mqtt` ends consumers of sessions that do ' +
      'not come back, whose messages are then lost to them.'
    );
  }
  return lasting >= ephemeral
    ? 'Which client creates a durable consumer under a new name each time (a pod name, a random id)? Have it use one name, and give durable ' +
        `consumers an \`inactive_threshold\`. ${undoing}`
    : 'Which client creates an ephemeral consumer for each request or subscription and does not delete it? Have it keep one. They go by ' +
        `themselves once nobody used them for \`inactive_threshold\`: is that long, lower it. ${undoing}`;
}
