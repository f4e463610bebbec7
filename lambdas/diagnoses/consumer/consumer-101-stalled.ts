import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  unmoved,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { consumerCommands } from '../assets/words.ts';
import { isWaitingFor, isWhole, placeOf, waitingIn } from './progress.ts';
import { causeOf, isOfClients, mayStand } from './stall.ts';
import { stallWords } from './stall-words.ts';
import { forAtLeast, progressRows } from './words.ts';

/**
 * A consumer that has messages to deliver and stands still, told two runs after the first that sees it stand, within three
 * minutes. One for which nobody asks may stand twice as long as it paused before. Those whose room for unacknowledged messages
 * is used up are CONSUMER_102's.
 */
export default defineDiagnosis({
  id: 'CONSUMER_101',
  title: 'Consumer stalled: messages are pending and it does not move',
  scope: 'cluster',
  reads: { consumers: from() },
  history: { standing: unmoved() },
  limits: {
    clients: atLeast(
      { warning: 60 },
      { unit: 'seconds', of: 'how long a consumer stands with messages pending that no client takes' },
    ),
    // Not by default of clients: consumers that are forgotten are no emergency.
    servers: atLeast(
      { warning: 60, critical: 600 },
      { unit: 'seconds', of: 'how long a consumer stands with messages pending that no server delivers' },
    ),
  },
  for: minutes(1),
  why: 'What it is to deliver waits, and no counter of the server shows it.',
  remedy:
    'The finding names the cause. No request waits, or nobody is subscribed: start its clients again. No leader: bring back the ' +
    'servers of its replicas. Clients ask and are not served: have another leader elected (`nats consumer cluster step-down`). A ' +
    'consumer that is made anew loses its place. One that rests between batches is known to after its first pause, longer than two ' +
    'hours after its second; one that keeps messages beyond ack_wait is told all the same: give it an ack_wait as long as its work.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const waiting = waitingIn(assets).filter(isWaitingFor.anythingElse);
    const standing = history.standing(
      waiting.map(({ consumer, row }) => [consumer.key, placeOf(row)]),
      isWhole(servers, unread),
    );
    const read = new Set(assets.servers.map(({ name }) => name));
    const stalled = waiting.flatMap((progress) => {
      const { consumer, row } = progress;
      const known = standing.of(consumer.key);
      if (known === null || known.since >= at) return [];
      const stood = { ...known, ms: at - known.since };
      const cause = causeOf(progress, read);
      if (mayStand(cause, progress, stood, at - row.created)) return [];
      return [
        {
          limit: isOfClients(cause) ? ('clients' as const) : ('servers' as const),
          entity: consumer.entity,
          value: stood.ms / 1_000,
          data: { progress, cause, longest: stood.longest },
        },
      ];
    });
    if (waiting.length === 0) return nothing(`${plural(assets.consumers.length, 'consumer')}, none waits`);
    const moving = `${plural(waiting.length, 'consumer has', 'consumers have')} messages pending or unacknowledged`;
    return measured(
      stalled.length === 0 ? moving : `${moving}, ${formatCount(stalled.length)} not moving`,
      stalled,
    );
  },
  describe({ entity, value, data: { progress, cause, longest } }) {
    const { row, pending } = progress;
    const { cause: told, why, remedy } = stallWords(cause, progress);
    return {
      summary:
        `Consumer ${entity.name} has not moved ${forAtLeast(value)} with ` +
        `${plural(pending || row.ackPending, 'message')} ${pending > 0 ? 'pending' : 'unacknowledged'}: ${told}.`,
      evidence: [
        ...progressRows(progress),
        ...(longest > 0 ? [`longest pause of the last two weeks: ${formatDuration(longest)}`] : []),
      ],
      why,
      remedy,
      commands: consumerCommands(progress.consumer),
    };
  },
});
