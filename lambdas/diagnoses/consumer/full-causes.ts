import { formatDuration } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import { asArguments } from '../assets/words.ts';
import { milliseconds, type Progress } from './progress.ts';
import { usualPause, type Stood } from './stall.ts';
import { deletion } from './words.ts';

/** What clients do with messages that use up all the room of a consumer. */
export type FullCause =
  /** They are delivered again and again, and never acknowledged. */
  | 'failing'
  /** They took them and are gone. */
  | 'gone'
  /** They are there, and keep or put off what they took. */
  | 'keeping';

const isAsked = ({ config, pushBound, waiting }: ConsumerRow): boolean =>
  config.deliverSubject === undefined ? waiting > 0 : pushBound;

/** @param isDeliveredAgain whether its own sequence grew since it stands */
export function fullCauseOf(row: ConsumerRow, isDeliveredAgain: boolean): FullCause {
  if (isDeliveredAgain) return 'failing';
  return isAsked(row) ? 'keeping' : 'gone';
}

/** Whether it may be full and stand for so long in good health. */
export function mayBeFull(row: ConsumerRow, stood: Stood): boolean {
  const isWithinAckWait = stood.ms < milliseconds(row.config.ackWait);
  if (row.config.maxAckPending === 1 && isWithinAckWait) return true;
  // What is asked for beyond ack_wait is delivered again: where nothing was, clients said that they are at it.
  const isAtWork = isAsked(row) && row.redelivered === 0;
  return (isWithinAckWait || isAtWork) && stood.ms < usualPause(stood);
}

type Words = { readonly cause: string; readonly why: string; readonly remedy: string };

export function fullWords(cause: FullCause, progress: Progress): Words {
  const { consumer, row } = progress;
  const ackWait = formatDuration(milliseconds(row.config.ackWait));
  const raise =
    `If clients are only slow, give more room with \`nats consumer edit ${asArguments(consumer)} --max-pending ` +
    `${formatCount(row.config.maxAckPending * 2).replaceAll(',', '')}\`, and then start them again.`;
  switch (cause) {
    case 'failing':
      return {
        cause: `clients get the same messages again and again and do not acknowledge them (${formatCount(row.redelivered)} so far)`,
        why: `Clients fail on these messages, crash, or need longer than ack_wait (${ackWait}) for one; nothing new is delivered meanwhile.`,
        remedy:
          "Read the clients' log for why they fail. A message that nobody can work on is ended by a client (term), or by " +
          'max_deliver. Where work takes longer, raise ack_wait or let clients say that they are in progress.',
      };
    case 'gone':
      return {
        cause: 'clients took them and nobody asks any more',
        why:
          'Its clients are gone, crashed or hang. The same messages are delivered again when one asks' +
          (row.redelivered > 0
            ? `; ${plural(row.redelivered, 'was', 'were')} already delivered more than once.`
            : '.'),
        remedy: `Start its clients again. If nobody is to read it any more: ${deletion(progress)}.`,
      };
    case 'keeping':
      return {
        cause: 'clients keep them without acknowledging',
        why:
          (row.redelivered > 0
            ? 'Clients refused them with a delay, or are still at work on them. '
            : `None was delivered twice: clients hang, are slow, or never acknowledge (ack_wait is ${ackWait}). `) +
          'A message that was refused with a delay takes its room until it is delivered again.',
        remedy: `Look at what its clients do, and start one that hangs again: what it holds is delivered again after ack_wait. ${raise}`,
      };
  }
}
