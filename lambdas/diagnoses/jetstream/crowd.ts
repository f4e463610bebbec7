import { hours } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Consumer, Stream } from '../assets/assets.ts';

/** What the consumers of a stream are, as far as it tells who makes so many. */
export type Crowd = {
  readonly count: number;
  /** Created within the last hour, and still there. */
  readonly recent: number;
  readonly ephemeral: number;
  /** Durable ones that stay for ever if nobody deletes them. */
  readonly lasting: number;
  /** Nobody asks for their messages: no pull waits, no subscriber is bound. */
  readonly unused: number;
  /** Names, the newest first. */
  readonly newest: readonly string[];
  readonly isMqtt: boolean;
};

/** The server keeps MQTT messages here; each subscription of a session with QoS 1 or 2 is a consumer. */
const isMqttStream = ({ name }: Stream): boolean => name.startsWith('$MQTT_');

/** Only a leader's row tells who is served. */
const isUnused = ({ leader }: Consumer): boolean =>
  leader !== null && leader.row.waiting === 0 && !leader.row.pushBound;

export function crowdOf(stream: Stream, at: number): Crowd {
  const all = stream.consumers.all().flatMap((consumer) => {
    const row = consumer.leader?.row ?? consumer.replicas[0]?.row;
    return row === undefined ? [] : [{ consumer, row }];
  });
  const count = (which: (each: (typeof all)[number]) => boolean) => all.filter(which).length;
  return {
    count: all.length,
    recent: count(({ row }) => at - row.created < hours(1)),
    ephemeral: count(({ row }) => !row.config.durable),
    lasting: count(({ row }) => row.config.durable && row.config.inactiveThreshold === 0),
    unused: count(({ consumer }) => isUnused(consumer)),
    newest: all
      .toSorted((a, b) => b.row.created - a.row.created)
      .slice(0, 3)
      .map(({ row }) => row.name),
    isMqtt: isMqttStream(stream),
  };
}

export const crowdRows = ({
  count,
  recent,
  ephemeral,
  lasting,
  unused,
  newest,
  isMqtt,
}: Crowd): readonly string[] => [
  ...(isMqtt ? ['MQTT: each is a subscription of a session with QoS 1 or 2'] : []),
  `${formatCount(unused)} of ${plural(count, 'consumer')} serve nobody now`,
  `${formatCount(lasting)} durable that stay for ever (no inactive_threshold), ${formatCount(ephemeral)} ephemeral`,
  `${formatCount(recent)} created within the last hour; the newest: ${inline(newest)}`,
];
