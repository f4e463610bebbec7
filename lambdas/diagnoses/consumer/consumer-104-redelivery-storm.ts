import {
  atLeast,
  defineDiagnosis,
  earlier,
  from,
  hours,
  measured,
  minutes,
  nothing,
  window,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, type Consumer } from '../assets/assets.ts';
import { asArguments, consumerCommands } from '../assets/words.ts';
import { isWhole } from './progress.ts';
import { redeliveringIn } from './redelivering.ts';
import { progressRows } from './words.ts';

/**
 * A consumer's own sequence counts deliveries, that of the stream only first ones: what the one grew beyond the other in a minute
 * was delivered again. With a filter the stream's may grow more, and there were more. num_redelivered is no measure of it: it
 * falls with each acknowledgement, and keeps messages that reached max_deliver for good. These are told by how many more they became.
 */
export default defineDiagnosis({
  id: 'CONSUMER_104',
  title: 'Messages are delivered again and again, or were given up',
  brief: ['consumers', 'redelivery without end'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: { before: earlier(), recently: window(hours(1)) },
  limits: {
    again: atLeast({ warning: 100 }, { unit: 'count', of: 'repeated deliveries of a consumer in a minute' }),
    givenUp: atLeast(
      { warning: 1 },
      { unit: 'count', over: hours(1), of: 'messages of a consumer that reached max_deliver unacknowledged' },
    ),
  },
  for: minutes(1),
  why: 'Clients fail on messages, crash with them, or need longer than ack_wait: the work is done again and again, or not at all.',
  remedy:
    "Read the clients' log for why they fail. Let them refuse with a delay, or end a message that nobody can work on (term). Where " +
    'work takes longer, raise ack_wait.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const redelivering = redeliveringIn(assets);
    const named = redelivering.map(({ consumer, row }) => ({
      consumer,
      row,
      name: `${consumer.key} ${row.created}`,
    }));
    const before = history.before(
      new Map(named.map(({ name, row }) => [name, (old) => Object.values(figuresOf(row, asFigures(old)))])),
      isWhole(servers, unread),
    );
    const grown = named.map(({ consumer, row, name }) => ({
      ...{ consumer, row },
      ...growth(row, asFigures(before.of(name)), before.wasWhole),
    }));
    const recent = history.recently(
      grown.flatMap(({ consumer, givenUp }) =>
        givenUp > 0 ? [{ key: consumer.key, at, count: givenUp }] : [],
      ),
    );
    const span = before.at === null ? 1 : Math.max(1, (at - before.at) / minutes(1));
    const values = grown.flatMap(({ consumer, row, again, first }) => {
      const data = { consumer, row, first: first / span, again: again / span };
      const { entity } = consumer;
      const given = recent.keys.get(consumer.key)?.total ?? 0;
      return [
        ...(again > 0 ? [{ limit: 'again' as const, entity, value: again / span, data }] : []),
        ...(given > 0 ? [{ limit: 'givenUp' as const, entity, value: given, data }] : []),
      ];
    });
    if (named.length === 0) return nothing('no message waits that was delivered more than once');
    return measured(
      `${plural(named.length, 'consumer')} with messages that were delivered more than once`,
      values,
    );
  },
  describe({ entity, limit, value, data: { consumer, row, first } }) {
    const commands = consumerCommands(consumer);
    const evidence = evidenceOf(consumer, row);
    if (limit === 'givenUp')
      return {
        summary:
          `Consumer ${entity.name} gave up ${plural(value, 'message')} in the last hour: delivered ${formatCount(row.config.maxDeliver)} ` +
          'times and never acknowledged.',
        evidence,
        why: 'At max_deliver a message is not delivered any more: nobody works on it, and in a work-queue or interest stream it stays.',
        remedy:
          "Find in the clients' log which messages they fail on, mend that, and publish them again or read them by their sequence " +
          `(\`nats stream get\`). num_redelivered of \`nats consumer info ${asArguments(consumer)}\` goes on to count them until they leave the stream.`,
        commands,
      };
    return {
      summary:
        `Consumer ${entity.name} delivers the same messages again: ${formatCount(Math.round(value))} repeated deliveries a minute ` +
        `beside ${formatCount(Math.round(first))} first ones.`,
      evidence,
      commands,
    };
  },
});

/** Of those that were delivered more than once, as many as do not wait for an acknowledgement. */
const givenUpAtLeast = ({ config, redelivered, ackPending }: ConsumerRow): number =>
  config.maxDeliver > 0 ? Math.max(0, redelivered - ackPending) : 0;

type Figures = { readonly deliveries: number; readonly first: number; readonly givenUp: number };

const asFigures = (kept: readonly number[] | null): Figures | null =>
  kept === null ? null : { deliveries: kept[0] ?? 0, first: kept[1] ?? 0, givenUp: kept[2] ?? 0 };

/** Messages that wait for an acknowledgement hide some that were given up: those known before are so still. */
const figuresOf = (row: ConsumerRow, before: Figures | null): Figures => ({
  deliveries: row.delivered.consumerSeq,
  first: row.delivered.streamSeq,
  givenUp: Math.min(row.redelivered, Math.max(givenUpAtLeast(row), before?.givenUp ?? 0)),
});

/** @param wasWhole whether one that was not known before had none */
function growth(row: ConsumerRow, before: Figures | null, wasWhole: boolean) {
  const now = figuresOf(row, before);
  if (before === null) return { again: 0, first: 0, givenUp: wasWhole ? now.givenUp : 0 };
  const first = now.first - before.first;
  // A new leader may begin a little behind the one before.
  return {
    again: Math.max(0, now.deliveries - before.deliveries - first),
    first: Math.max(0, first),
    givenUp: Math.max(0, now.givenUp - before.givenUp),
  };
}

function evidenceOf(consumer: Consumer, row: ConsumerRow): readonly string[] {
  const given = givenUpAtLeast(row);
  return [
    ...(given > 0
      ? [
          `at least ${plural(given, 'message has', 'messages have')} reached max_deliver (${formatCount(row.config.maxDeliver)})`,
        ]
      : []),
    ...progressRows({ consumer, row, pending: row.pending, leader: consumer.leader }),
  ];
}
