import {
  atLeast,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  unmoved,
} from '../../define.ts';
import { formatCount, formatTime, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { asArguments, consumerCommands } from '../assets/words.ts';
import { isWhole } from './progress.ts';
import { mostUnattended, unattendedIn } from './unattended.ts';
import { deletion, progressRows } from './words.ts';

/** A client that asks now and then is seen by one look of many: only for whom nobody asked in any look of a day is unattended. */
export default defineDiagnosis({
  id: 'CONSUMER_105',
  title: 'Consumer that nobody uses',
  scope: 'cluster',
  reads: { consumers: from() },
  history: { unused: unmoved({ most: mostUnattended, learns: false }) },
  limits: {
    unused: atLeast(
      { info: days(1) / 1_000 },
      {
        unit: 'seconds',
        of: 'how long nobody asked for the messages of a durable consumer that has no inactive_threshold',
      },
    ),
  },
  for: minutes(1),
  why:
    'A durable consumer without inactive_threshold stays until it is deleted. It costs memory and a raft group, and in an interest ' +
    'or work-queue stream holds back messages.',
  remedy:
    'Delete it if nobody is to come back to it (`nats consumer rm`), which loses its place in the stream.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = unattendedIn(assets);
    const followed = all.slice(0, mostUnattended);
    const unused = history.unused(
      followed,
      ({ consumer, row }) => ({
        name: consumer.key,
        place: [row.created, row.delivered.consumerSeq, row.ackFloor.consumerSeq].join('/'),
      }),
      isWhole(servers, unread),
    );
    const values = followed.flatMap((progress, i) => {
      const { consumer } = progress;
      const known = unused.at(i);
      if (known === null) return [];
      const value = Math.max(0, at - known.since) / 1_000;
      return [{ limit: 'unused' as const, entity: consumer.entity, value, data: progress }];
    });
    const counted = `${plural(all.length, 'consumer')} without a client now, last used a day ago or more`;
    if (all.length === 0) return nothing('all durable consumers are used');
    return measured(
      all.length > mostUnattended
        ? `${counted}; the ${formatCount(mostUnattended)} longest unused are followed`
        : counted,
      values,
    );
  },
  describe: ({ entity, value, data: progress }) => ({
    summary:
      `Nobody has used consumer ${entity.name} for ${formatDuration(value * 1_000)}: no client asked in any look, nothing was ` +
      'delivered or acknowledged.',
    evidence: [`last used ${formatTime(progress.lastUsed)}`, ...progressRows(progress)],
    remedy:
      `If nobody is to come back to it: ${deletion(progress)}. Consumers that come and go are better made with an inactive_threshold ` +
      `(\`nats consumer edit ${asArguments(progress.consumer)} --inactive-threshold 72h\`), after which they end by themselves.`,
    commands: consumerCommands(progress.consumer),
  }),
});
