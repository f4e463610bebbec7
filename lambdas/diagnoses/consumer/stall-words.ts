import type { Consumer } from '../assets/assets.ts';
import type { Progress } from './progress.ts';
import { isBusy, type Cause } from './stall.ts';
import { deletion, stepDown } from './words.ts';

type Words = {
  /** Ends the summary. */
  readonly cause: string;
  readonly why: string;
  readonly remedy: string;
};

const isAlone = ({ replicas }: Consumer): boolean => replicas.every(({ row }) => row.group.isAlone);

/** Moves the consumer to another server, or without one starts it anew. */
const electedAnew = (consumer: Consumer): string =>
  isAlone(consumer)
    ? 'restart the server'
    : `have another leader elected with ${stepDown(consumer)}, which interrupts it for seconds and may deliver some messages twice`;

/** How the cause is told. */
export function stallWords(cause: Cause, progress: Progress): Words {
  const { consumer, row } = progress;
  const server = consumer.leaderName ?? '';
  switch (cause) {
    case 'unasked':
      return {
        cause: 'no client asks for them',
        why:
          row.ackPending > 0
            ? 'A client took messages, did not acknowledge them within ack_wait, and nobody asks for more: it is likely to have crashed.'
            : 'A pull consumer delivers only what is asked for, and no request has waited at it: its clients are gone, or have stopped to ask.',
        remedy:
          'Look whether its clients run and are connected, and start them again; their log may say that a request was refused. ' +
          `If nobody is to read it any more: ${deletion(progress)}.`,
      };
    case 'unbound':
      return {
        cause: 'nobody is subscribed',
        why: `A push consumer sends only while somebody is subscribed to its deliver subject, ${row.config.deliverSubject ?? ''}.`,
        remedy:
          'Start its subscriber again, in the same account and, if it has one, with the same queue group. ' +
          `If nobody is to read it any more: ${deletion(progress)}.`,
      };
    case 'leaderless':
      return {
        cause: 'it has no leader',
        why: 'Only a leader delivers. Without one a majority of its replicas is not there, or cannot agree.',
        remedy:
          'Bring the servers of its replicas back: with a majority of them it elects a leader by itself. Only if they are gone for ' +
          `good: ${deletion(progress)}, and make it anew.`,
      };
    case 'leaderUnread':
      return {
        cause: `its leader's server ${server} could not be read`,
        why: `Its replicas show no progress, and ${server}, which leads it, does not answer us: it may hang, or be cut off.`,
        remedy: `See first to ${server}: whether it runs, has CPU and disk, and reaches the others. If it only hangs, ${electedAnew(consumer)}.`,
      };
    case 'unserved':
    case 'unsent': {
      const asked =
        cause === 'unserved' ? 'clients ask and are not served' : 'a subscriber is there and is sent nothing';
      const slow =
        cause === 'unsent'
          ? ' A subscriber that does not read, or does not answer flow control, looks the same: look at it first.'
          : '';
      return {
        cause: isBusy(progress) ? `${asked}: the CPU of ${server} is used up` : asked,
        why: isBusy(progress)
          ? `Its leader's server ${server} has no CPU left to deliver.`
          : `Messages are pending, there is room for them and somebody to take them: it is the server ${server} that does not deliver.${slow}`,
        remedy:
          (isBusy(progress) ? `Take load off ${server} first, or move leaders away from it. ` : '') +
          `First ${electedAnew(consumer)}. If that does not help: ${deletion(progress)}, and make it anew.`,
      };
    }
  }
}
