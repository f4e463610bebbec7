/** Alerts by name: expression, and `for` where it has one. */
type Alerts = Readonly<Record<string, readonly [expr: string, held?: string]>>;

const leads = '{is_consumer_leader="true"}';
const pending = 'jetstream_consumer_num_pending';
const unacked = 'jetstream_consumer_num_ack_pending';
const again = 'jetstream_consumer_num_redelivered';
const waiting = 'jetstream_consumer_num_waiting';
const delivered = 'jetstream_consumer_delivered_consumer_seq';
const deliveredOf = 'jetstream_consumer_delivered_stream_seq';
const acked = 'jetstream_consumer_ack_floor_consumer_seq';
const ackedOf = 'jetstream_consumer_ack_floor_stream_seq';
const sinceDelivery = 'jetstream_consumer_last_delivery_seconds';
const sinceAck = 'jetstream_consumer_last_ack_seconds';
const last = 'jetstream_stream_last_seq';
const first = 'jetstream_stream_first_seq';
const messages = 'jetstream_stream_total_messages';
const bytes = 'jetstream_stream_total_bytes';
const consumers = 'jetstream_stream_consumer_count';
const sameStream = 'on (server_id, account, stream_name) group_left ()';

const backlog: Alerts = {
  Backlog: [`${pending}${leads} > 10000`, '5m'],
  BacklogLarge: [`${pending}${leads} > 60000`, '5m'],
  BacklogOfFirstWorkers: [`${pending}{consumer_name="worker-0"} > 50000`, '2m'],
  BacklogOfSomeStreams: [`${pending}{stream_name=~"ORDERS-1.*", consumer_name!~"worker-[34]"} > 40000`, '3m'],
  BacklogNeverEmpty: [`min_over_time(${pending}[10m]) > 45000`, '5m'],
  BacklogPeak: [`max_over_time(${pending}[10m]) > 70000`],
  BacklogOnAverage: [`avg_over_time(${pending}[5m]) > 50000`, '5m'],
  BacklogGrows: [`delta(${pending}[10m]) > 30000 and min_over_time(${pending}[10m]) > 100`],
  BacklogGrowsFast: [`deriv(${pending}[10m]) > 100`, '5m'],
  BacklogGrowsSince: [`${pending} - ${pending} offset 5m > 40000`],
  BacklogInAnHour: [`predict_linear(${pending}[10m], 3600) > 500000`, '10m'],
  BacklogWithoutProgress: [`${pending} > 1000 and changes(${delivered}[5m]) == 0`, '5m'],
  BacklogStuck: [`${pending} > 100 unless increase(${delivered}[5m]) > 0`, '5m'],
  BacklogOfStream: [`sum by (server_id, stream_name) (${pending}) > 250000`, '5m'],
  BacklogOfAll: [`sum(${pending}) > 1e8`],
  BacklogUneven: [`max by (stream_name) (${pending}) - min by (stream_name) (${pending}) > 70000`, '5m'],
  BacklogWorst: [`topk(5, ${pending}) > 65000`, '5m'],
  BacklogOfMost: [`quantile by (stream_name) (0.9, ${pending}) > 65000`],
  BacklogOfSeveral: [`count by (server_id, stream_name) (${pending} > 40000) >= 4`, '5m'],
  BacklogOfAllMessages: [`${pending} / ${sameStream} ${messages} > 0.99`],
};

const acknowledging: Alerts = {
  AckPending: [`${unacked}${leads} > 900`, '5m'],
  AckPendingFull: [`${unacked} >= 1000`, '2m'],
  AckPendingRises: [`delta(${unacked}[5m]) > 700`],
  AckPendingPeak: [`max_over_time(${unacked}[5m]) >= 1000`],
  AckPendingNeverFalls: [`min_over_time(${unacked}[5m]) > 500`, '5m'],
  AckPendingOnAverage: [`avg_over_time(${unacked}[5m]) > 650`, '5m'],
  AckPendingUnsteady: [`stddev_over_time(${unacked}[5m]) > 400`],
  AckPendingOfStream: [`sum by (server_id, stream_name) (${unacked}) > 4000`, '5m'],
  AckPendingShare: [`${unacked} / (${pending} + ${unacked}) > 0.9 and ${pending} > 10`],
  AckPendingBeforeBacklog: [`${unacked} > 800 and ${pending} > 20000`, '3m'],
  AckStopped: [`increase(${acked}[5m]) == 0 and ${unacked} > 0`, '5m'],
  AckSlow: [`rate(${acked}[5m]) < 10 and rate(${delivered}[5m]) > 100`, '5m'],
  AckBehindDelivery: [`${delivered} - ${acked} > 950`, '5m'],
  AckBehindStream: [`${last} - on (server_id, account, stream_name) group_right () ${ackedOf} > 60000`, '5m'],
  AckFloorStands: [`changes(${ackedOf}[5m]) == 0 and ${pending} > 0`, '5m'],
  AckRateHalved: [`rate(${ackedOf}[5m]) < 0.5 * rate(${deliveredOf}[5m])`, '5m'],
  AckAgo: [`${sinceAck}${leads} > 55`],
  AckAgoWithWork: [`${sinceAck} > 30 and ${unacked} > 500`, '2m'],
  AckAgoUnlessDelivered: [`${sinceAck} > 20 unless ${sinceDelivery} > 20`],
  AckAgoOfStream: [`min by (server_id, stream_name) (${sinceAck}) > 50`],
};

const delivering: Alerts = {
  DeliveryStopped: [`increase(${delivered}[5m]) == 0`, '10m'],
  DeliverySlow: [`rate(${delivered}${leads}[5m]) < 1`, '5m'],
  DeliveryFast: [`rate(${delivered}[5m]) > 500`, '5m'],
  DeliveryBurst: [`irate(${delivered}[5m]) > 540`],
  DeliveryOfStreamStopped: [`sum by (server_id, stream_name) (increase(${delivered}[5m])) == 0`, '5m'],
  DeliveryOfStream: [`sum by (server_id, stream_name) (rate(${delivered}[5m])) > 2000`, '5m'],
  DeliveryUneven: [
    `max by (stream_name) (rate(${delivered}[5m])) > 3 * min by (stream_name) (rate(${delivered}[5m]))`,
    '5m',
  ],
  DeliveryReset: [`resets(${delivered}[5m]) > 0`],
  DeliveryTwice: [`increase(${delivered}[5m]) / increase(${deliveredOf}[5m]) > 1.1`, '5m'],
  DeliveryBehind: [
    `rate(${last}[5m]) > on (server_id, account, stream_name) group_right () 2 * rate(${deliveredOf}[5m])`,
  ],
  DeliveryStands: [`changes(${deliveredOf}[5m]) < 2`, '5m'],
  DeliveryAgo: [`${sinceDelivery}${leads} > 58`],
  DeliveryAgoWithBacklog: [`${sinceDelivery} > 30 and ${pending} > 50000`, '2m'],
  DeliveryAgoOnAverage: [`avg by (server_id, stream_name) (${sinceDelivery}) > 50`, '2m'],
  DeliveryAgoWithoutWaiting: [`${sinceDelivery} > 10 unless ${waiting} > 0`, '2m'],
  DeliveryNeverAsked: [`${waiting} == 0 and ${pending} > 30000`, '5m'],
  WaitingMany: [`${waiting} > 500`, '5m'],
  WaitingPeak: [`max_over_time(${waiting}[5m]) > 510`],
  WaitingNone: [`max_over_time(${waiting}[5m]) == 0`, '5m'],
  WaitingOfStream: [`sum by (server_id, stream_name) (${waiting}) < 10`, '5m'],
  WaitingUnsteady: [`changes(${waiting}[5m]) > 4 and ${waiting} > 505`],
};

const redelivering: Alerts = {
  Redelivery: [`${again}${leads} > 95`, '5m'],
  RedeliveryRises: [`delta(${again}[5m]) > 80`],
  RedeliveryRate: [`rate(${again}[5m]) > 1`, '5m'],
  RedeliveryOften: [`increase(${again}[5m]) > 250`, '5m'],
  RedeliveryPeak: [`max_over_time(${again}[5m]) >= 100`],
  RedeliveryAlways: [`min_over_time(${again}[5m]) > 40`, '5m'],
  RedeliveryOnAverage: [`avg_over_time(${again}[5m]) > 75`, '5m'],
  RedeliveryOfStream: [`sum by (server_id, stream_name) (${again}) > 350`, '5m'],
  RedeliveryShare: [`${again} / (${unacked} > 0) > 2`, '5m'],
  RedeliveryOfSeveral: [`count by (server_id, stream_name) (${again} > 70) >= 4`, '5m'],
  RedeliveryWithoutAck: [`${again} > 50 and increase(${acked}[5m]) < 1000`, '5m'],
  RedeliveryUnlessNew: [`${again} > 90 unless ${delivered} < 10000`],
  RedeliveryOfOne: [
    `max by (server_id, stream_name) (${again}) > 5 * min by (server_id, stream_name) (${again}) + 60`,
  ],
  RedeliveryTwice: [
    `${again}{consumer_name=~"worker-[01]"} > 90 or ${again}{consumer_name="worker-4"} > 95`,
    '5m',
  ],
};

const streams: Alerts = {
  StreamMessages: [`${messages}{is_stream_leader="true"} > 600000`, '5m'],
  StreamBytes: [`${bytes} > 500 * 1024 * 1024`, '5m'],
  StreamMessageSize: [`${bytes} / ${messages} > 1000`],
  StreamOfDeadLetters: [`${messages}{stream_name=~"DLQ_.*"} > 0`],
  StreamEmpty: [`${messages} == 0`, '15m'],
  StreamSilent: [`increase(${last}[5m]) == 0`, '15m'],
  StreamFast: [`rate(${last}[5m]) > 400`, '5m'],
  StreamStands: [`changes(${last}[5m]) == 0 and ${consumers} > 0`, '15m'],
  StreamGap: [`${last} - ${first} + 1 - ${messages} > 0`],
  StreamWithoutConsumers: [`${consumers} < 1`, '5m'],
  StreamConsumersLost: [`${consumers} < 5`, '5m'],
  StreamExpires: [`${first} > 1 and ${messages} < 1000`, '5m'],
  StreamsOfAccount: [`count by (server_id, account) (${messages}) > 150`, '5m'],
  StreamLargest: [`topk(3, ${bytes}) > 100 * 1024 * 1024`, '5m'],
  StreamOfAllBytes: [`${bytes} / on (server_id) group_left () sum by (server_id) (${bytes}) > 0.1`],
  StreamMissing: [`absent(${messages}{stream_name="ORDERS-0"})`, '5m'],
  StreamReadByNone: [
    `sum by (server_id, stream_name) (rate(${deliveredOf}[5m])) == 0 and on (server_id, stream_name) rate(${last}[5m]) > 0`,
  ],
};

const recorded = {
  'stream:consumer_num_pending:sum': `sum by (server_id, account, stream_name) (${pending})`,
  'stream:consumer_delivered:rate5m': `sum by (server_id, account, stream_name) (rate(${delivered}[5m]))`,
  'stream:last_seq:rate5m': `sum by (server_id, account, stream_name) (rate(${last}[5m]))`,
  'account:consumer_num_ack_pending:sum': `sum by (server_id, account) (${unacked})`,
  'stream:consumer_num_pending:share': `max by (server_id, stream_name) (${pending} / ${sameStream} ${messages})`,
} as const;

const ofRecorded: Alerts = {
  RecordedBacklogOfStream: ['avg_over_time(stream:consumer_num_pending:sum[5m]) > 200000', '5m'],
  RecordedBacklogGrows: ['delta(stream:consumer_num_pending:sum[5m]) > 100000'],
  RecordedDelivery: ['max_over_time(stream:consumer_delivered:rate5m[5m]) > 1500', '5m'],
  RecordedDeliveryBehind: ['stream:consumer_delivered:rate5m < 4 * stream:last_seq:rate5m', '5m'],
  RecordedStreamStands: ['stream:last_seq:rate5m == 0', '10m'],
  RecordedAckPending: ['account:consumer_num_ack_pending:sum > 400000', '5m'],
  RecordedShare: ['stream:consumer_num_pending:share > 0.95', '5m'],
  RecordedShareRises: ['delta(stream:consumer_num_pending:share[5m]) > 0.5'],
};

const groups = { backlog, acknowledging, delivering, redelivering, streams, ofRecorded };

const annotations = {
  summary:
    '{{ $labels.stream_name }} {{ $labels.consumer_name }} on {{ $labels.server_id }}: {{ $value | humanize }}',
  description: 'Look at the consumer with `nats consumer info`, and at what its workers say.',
};

/** How many alerts `entityRules` has. */
export const alertCount = Object.values(groups).flatMap((alerts) => Object.keys(alerts)).length;

/**
 * A Prometheus rule file about streams and consumers: thresholds, changes over five and ten minutes, shares, sums by
 * stream, conditions and recorded names, over all ten series that a consumer has and six that a stream has.
 */
export const entityRules = JSON.stringify({
  groups: [
    {
      name: 'recorded',
      rules: Object.entries(recorded).map(([record, expr]) => ({ record, expr })),
    },
    ...Object.entries(groups).map(([name, alerts]) => ({
      name,
      rules: Object.entries(alerts).map(([alert, [expr, held]]) => ({
        alert,
        expr,
        ...(held === undefined ? {} : { for: held }),
        labels: { severity: 'warning' },
        annotations,
      })),
    })),
  ],
});
