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

/** How those are told that a server leads which could not be read. */
export const unreadWords = (server: string): Pick<Words, 'why' | 'remedy'> => ({
  why: `Their replicas show no progress, and ${server}, which leads them, does not answer us: it may hang, or be cut off.`,
  remedy:
    `See first to ${server}: whether it runs, has CPU and disk, and reaches the others. If it only hangs, restart it: others take over ` +
    'what it leads within seconds, and some messages may be delivered twice.',
});

const isAlone = ({ replicas }: Consumer): boolean => replicas.every(({ row }) => row.group.isAlone);

/** Moves the consumer to another server, or without one starts it anew. */
const electedAnew = (consumer: Consumer): string =>
  isAlone(consumer)
    ? 'restart the server'
    : `have another leader elected with ${stepDown(consumer)}, which interrupts it for seconds and may deliver some messages twice`;

/** How the cause is told. */
export function stallWords(cause: Exclude<Cause, 'leaderUnread'>, progress: Progress): Words {
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
