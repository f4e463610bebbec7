import { textField, timeField, timeOrNullField, type Row } from '../fields.ts';
import { consumerColumns, type ConsumerColumns, type Consumers } from './consumer-columns.ts';
import { consumerConfigOf, notKnownYet, type ConsumerConfig } from './consumer-config.ts';
import { groupsOfConsumers } from './group.ts';
import { amountField, isTrue, rowField } from './row-fields.ts';

const sequencesInto = (field: 'delivered' | 'ack_floor') => {
  const [consumerSeq, streamSeq, lastActive] = ['consumer_seq', 'stream_seq', 'last_active'].map(
    (name) => `${field}.${name}`,
  ) as [string, string, string];
  return (
    columns: ConsumerColumns['delivered'],
    place: number,
    value: unknown,
    isFollower: boolean,
  ): void => {
    const row = rowField(value, field);
    const last = isFollower ? undefined : row['last_active'];
    columns.consumerSeq[place] = amountField(row['consumer_seq'], consumerSeq);
    columns.streamSeq[place] = amountField(row['stream_seq'], streamSeq);
    columns.at[place] = last === undefined ? NaN : (timeOrNullField(last, lastActive) ?? NaN);
  };
};
const readDelivered = sequencesInto('delivered');
const readAckFloor = sequencesInto('ack_floor');

/**
 * A decoder of the consumers of one reply into columns.
 * @param most how many there are at most
 */
export function consumersOf(most: number) {
  const columns = consumerColumns(most);
  const { groupOf, isFollower } = groupsOfConsumers();
  let count = 0;
  let told: ConsumerConfig | null = null;
  /** @throws FieldError if it is not as expected: the next one takes its place */
  const add = (row: Row, config: ConsumerConfig): void => {
    const group = groupOf(row['cluster']);
    const isFollowing = isFollower(group);
    readDelivered(columns.delivered, count, row['delivered'], isFollowing);
    readAckFloor(columns.ackFloor, count, row['ack_floor'], isFollowing);
    const name = textField(row['name'], 'name');
    columns.created[count] = timeField(row['created'], 'created');
    columns.ackPending[count] = amountField(row['num_ack_pending'], 'num_ack_pending');
    columns.redelivered[count] = amountField(row['num_redelivered'], 'num_redelivered');
    columns.waiting[count] = amountField(row['num_waiting'], 'num_waiting');
    columns.pending[count] = amountField(row['num_pending'], 'num_pending');
    columns.pushBound[count] = Number(isTrue(row['push_bound']));
    columns.paused[count] = Number(isTrue(row['paused']));
    columns.name[count] = name;
    columns.group[count] = group;
    columns.config[count] = config;
    count += 1;
  };
  return {
    bare: (row: Row): void => add(row, notKnownYet),
    whole: (row: Row): void => {
      told = consumerConfigOf(row['config'], told);
      add(row, told);
    },
    /** How many there are so far. */
    count: (): number => count,
    /** Those that came after so many. */
    after: (from: number): Consumers => ({ columns, from, count: count - from }),
  };
}
