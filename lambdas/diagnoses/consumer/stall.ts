import { hours, known, minutes } from '../../define.ts';
import { milliseconds, type Progress } from './progress.ts';

/** Why a consumer stands that has messages to deliver and room for them. */
export type Cause =
  /** A pull consumer of which no request waits. */
  | 'unasked'
  /** A push consumer to which nobody is subscribed. */
  | 'unbound'
  /** Its leader's server could not be read, nor who asks there. */
  | 'leaderUnread'
  /** Requests wait, and its server does not serve them. */
  | 'unserved'
  /** Somebody is subscribed, and nothing is sent. */
  | 'unsent';

/** Whether it is clients that do nothing, and not servers. */
export const isOfClients = (cause: Cause): boolean => cause === 'unasked' || cause === 'unbound';

/** Null for one without a leader, which CONSUMER_003, CONSUMER_103 or its stream's diagnoses tell. */
export function causeOf({ consumer, row, leader }: Progress): Cause | null {
  if (leader === null) return consumer.leaderName === null ? null : 'leaderUnread';
  if (row.config.deliverSubject !== undefined) return row.pushBound ? 'unsent' : 'unbound';
  return row.waiting === 0 ? 'unasked' : 'unserved';
}

export type Stood = {
  /** ms. */
  readonly ms: number;
  /** Its longest pause lately, ms, and how many were like it. */
  readonly longest: number;
  readonly times: number;
};

/** How long pauses are believed in that were seen once; a longer one may have been an outage. */
const believedAtOnce = hours(2);

/** How long it may stand by what it did before, ms. */
export const usualPause = ({ longest, times }: Stood): number =>
  times > 1 || longest <= believedAtOnce ? 2 * longest : 0;

/** Within which a new consumer may wait for its first client. */
const beginning = minutes(10);

/**
 * Whether it may stand for so long in good health.
 * @param age since it was made, ms
 */
export function mayStand(cause: Cause, { row, pending }: Progress, stood: Stood, age: number): boolean {
  const { config, delivered, ackPending } = row;
  // Nobody is kept waiting: what is out comes back after ack_wait, for who asks.
  if (pending === 0 && !isOfClients(cause)) return true;
  if (cause === 'unserved' || cause === 'unsent')
    // Requests of a group that takes over what is too much for others wait for that; nor is a pace replayed by a stalled one.
    return config.priorityPolicy === 'overflow' || config.replaysPace;
  if (cause === 'leaderUnread' && pending === 0) return true;
  // One that is no durable ends by itself, and one without acknowledgements promises nobody that messages are read.
  if (!config.durable || config.ackPolicy === 'none') return true;
  if (delivered.consumerSeq === 0 && age < beginning) return true;
  // Who works on a message has ack_wait for it, and beyond is dead.
  return ackPending > 0 ? stood.ms < milliseconds(config.ackWait) : stood.ms < usualPause(stood);
}

/** Whether the leader's server has no CPU left: 90 % of what it may use. */
export function isBusy({ leader }: Progress): boolean {
  if (leader === null) return false;
  const { varz } = leader.server;
  return known(() => varz.gomaxprocs > 0 && varz.cpu >= 90 * varz.gomaxprocs) ?? false;
}
