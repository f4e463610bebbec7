import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  unmoved,
  type Description,
  type Entity,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { consumerCommands } from '../assets/words.ts';
import {
  isWaitingFor,
  isWhole,
  progressOfWaiting,
  standingOf,
  waitingIn,
  type Progress,
} from './progress.ts';
import { causeOf, isOfClients, mayStand, type Cause } from './stall.ts';
import { stallWords, unreadWords } from './stall-words.ts';
import { forAtLeast, progressRows } from './words.ts';

type Told = {
  readonly limit: 'clients' | 'servers' | 'unread';
  readonly entity: Entity;
  readonly value: number;
  readonly data:
    | {
        readonly kind: 'own';
        readonly progress: Progress;
        readonly cause: Exclude<Cause, 'leaderUnread'>;
        readonly longest: number;
      }
    | { readonly kind: 'unread'; readonly cases: readonly Progress[] };
};

/**
 * A consumer that has messages to deliver and stands still, told two runs after the first that sees it stand, within three
 * minutes. One for which nobody asks may stand twice as long as it paused before. Those whose room for unacknowledged messages
 * is used up are CONSUMER_102's, those without a leader CONSUMER_003's, CONSUMER_103's or their stream's. Those that a server leads
 * which could not be read are one finding.
 */
export default defineDiagnosis({
  id: 'CONSUMER_101',
  title: 'Consumer stalled: messages are pending and it does not move',
  brief: ['consumers', 'stalled'],
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
    unread: atLeast(
      { warning: 60 },
      {
        unit: 'seconds',
        of: 'how long consumers stand with messages pending whose leader could not be read',
      },
    ),
  },
  for: minutes(1),
  why: 'What it is to deliver waits, and no counter of the server shows it.',
  remedy:
    'The finding names the cause. No request waits, or nobody is subscribed: start its clients again. Its leader could not ' +
    'be read: see to that server first. Clients ask and are not served: have another leader elected (`nats consumer cluster step-down`). A ' +
    'consumer that is made anew loses its place. One that rests between batches is told once: pauses as long as ' +
    'that are expected then, those over two hours from the second on. One that keeps messages beyond ack_wait is told all the same: ' +
    'give it an ack_wait as long as its work.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const waiting = waitingIn(assets).filter(isWaitingFor.anythingElse);
    const standing = history.standing(waiting, standingOf, isWhole(servers, unread));
    const stalled = standing.stood.flatMap((i) => {
      const [own, known] = [waiting[i], standing.at(i)];
      if (own === undefined || known === null) return [];
      const progress = progressOfWaiting(own);
      if (progress === null) return [];
      const stood = { ...known, ms: at - known.since };
      const cause = causeOf(progress);
      if (cause === null || mayStand(cause, progress, stood, at - progress.row.created)) return [];
      return [{ progress, cause, longest: stood.longest, seconds: stood.ms / 1_000 }];
    });
    const told = stalled.flatMap(({ cause, seconds, ...each }): readonly Told[] =>
      cause === 'leaderUnread'
        ? []
        : [
            {
              limit: isOfClients(cause) ? 'clients' : 'servers',
              entity: each.progress.consumer.entity,
              value: seconds,
              data: { kind: 'own', cause, ...each },
            },
          ],
    );
    const leftUnread = stalled.filter(({ cause }) => cause === 'leaderUnread');
    const byServer = Map.groupBy(leftUnread, ({ progress }) => progress.consumer.leaderName ?? '');
    const ofUnread = [...byServer].map(([name, cases]): Told => ({
      limit: 'unread',
      entity: { kind: 'server', name },
      value: Math.max(...cases.map(({ seconds }) => seconds)),
      data: { kind: 'unread', cases: cases.map(({ progress }) => progress) },
    }));
    if (waiting.length === 0) return nothing(`${plural(assets.consumers.count, 'consumer')}, none waits`);
    const moving = `${plural(waiting.length, 'consumer has', 'consumers have')} messages pending or unacknowledged`;
    return measured(stalled.length === 0 ? moving : `${moving}, ${formatCount(stalled.length)} not moving`, [
      ...told,
      ...ofUnread,
    ]);
  },
  describe({ entity, value, data }) {
    if (data.kind === 'unread') return describeUnread(entity.name, value, data.cases);
    const { progress, cause, longest } = data;
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

/** Of all that one server leads, which could not be read. */
function describeUnread(server: string, seconds: number, cases: readonly Progress[]): Description {
  const [first] = cases;
  const names = cases.map(({ consumer }) => consumer.entity.name);
  const [have, messages] = [
    cases.length === 1 ? 'has' : 'have',
    cases.reduce((sum, { pending }) => sum + pending, 0),
  ];
  return {
    summary:
      `${plural(cases.length, 'consumer')} that ${server} leads, which could not be read, ${have} not moved ${forAtLeast(seconds)} ` +
      `with ${plural(messages, 'message')} pending: ${inline(names, 5)}.`,
    evidence: cases.map(
      ({ consumer, row, pending }) =>
        `${consumer.entity.name}: ${formatCount(pending)} pending, delivered up to stream sequence ${formatCount(row.delivered.streamSeq)}`,
    ),
    ...unreadWords(server),
    commands:
      first === undefined ? { nats: 'nats consumer report', curl: '' } : consumerCommands(first.consumer),
  };
}
