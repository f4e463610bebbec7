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
import { fullCauseOf, fullWords, mayBeFull } from './full-causes.ts';
import { deliveriesOf, isWaitingFor, isWhole, progressOfWaiting, standingOf, waitingIn } from './progress.ts';
import { forAtLeast, progressRows } from './words.ts';

/**
 * As many messages are unacknowledged as may be, more are pending, and neither delivery nor the acknowledged sequence moves.
 * Full alone is no trouble: a busy client takes as many as it may.
 */
export default defineDiagnosis({
  id: 'CONSUMER_102',
  title: 'All of max_ack_pending is used and nothing is acknowledged',
  brief: ['consumers', 'acknowledgements stuck'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: { standing: unmoved(), deliveries: unmoved({ most: 2_000, learns: false }) },
  limits: {
    full: atLeast(
      { warning: 60 },
      { unit: 'seconds', of: 'how long a consumer stands whose room for unacknowledged messages is used up' },
    ),
  },
  for: minutes(1),
  why: 'With max_ack_pending messages unacknowledged a consumer delivers nothing new.',
  remedy:
    'The finding tells clients that fail on messages, are gone, or keep them. Mend or restart the clients; what they hold is delivered ' +
    'again after ack_wait. If they are only slow, raise max_ack_pending (`nats consumer edit --max-pending`) and restart them.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const full = waitingIn(assets).filter(isWaitingFor.acknowledgements);
    const sees = isWhole(servers, unread);
    const standing = history.standing(full, standingOf, sees);
    const deliveries = history.deliveries(
      full,
      (each) => ({ ...standingOf(each), place: deliveriesOf(each) }),
      sees,
    );
    const stuck = standing.stood.flatMap((i) => {
      const [own, known] = [full[i], standing.at(i)];
      if (own === undefined || known === null) return [];
      const progress = progressOfWaiting(own);
      if (progress === null) return [];
      const { consumer, row } = progress;
      const stood = { ...known, ms: at - known.since };
      if (mayBeFull(row, stood)) return [];
      const again = deliveries.at(i);
      const isDeliveredAgain = row.redelivered > 0 && again !== null && again.since > known.since;
      return [
        {
          limit: 'full' as const,
          entity: consumer.entity,
          value: stood.ms / 1_000,
          data: { progress, cause: fullCauseOf(row, isDeliveredAgain), longest: stood.longest },
        },
      ];
    });
    if (full.length === 0)
      return nothing('all consumers have room for messages that are not acknowledged yet');
    const count = plural(full.length, 'consumer without room', 'consumers without room');
    return measured(
      stuck.length === 0 ? `${count}, moving` : `${count}, ${formatCount(stuck.length)} not moving`,
      stuck,
    );
  },
  describe({ entity, value, data: { progress, cause, longest } }) {
    const { row, pending, consumer } = progress;
    const { cause: told, why, remedy } = fullWords(cause, progress);
    return {
      summary:
        `Consumer ${entity.name} has not moved ${forAtLeast(value)} with all of max_ack_pending ` +
        `(${formatCount(row.config.maxAckPending)}) unacknowledged and ${plural(pending, 'message')} pending: ${told}.`,
      evidence: [
        ...progressRows(progress),
        ...(longest > 0 ? [`longest pause of the last two weeks: ${formatDuration(longest)}`] : []),
      ],
      why,
      remedy,
      commands: consumerCommands(consumer),
    };
  },
});
