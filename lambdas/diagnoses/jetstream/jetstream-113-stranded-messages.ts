import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  nothing,
  unmoved,
} from '../../define.ts';
import { formatBytes, formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import { strandedIn, type Stranded } from './stranded.ts';

/**
 * By the oldest message: consumers that are done with it are beyond it, or have nothing pending and nothing to acknowledge. A
 * consumer that is at work is read a moment after the stream, and may be beyond it then: only where the oldest stays the same
 * does nobody want it. Another consumer may come for it, a batch that runs once a day: that is waited for. What a consumer gave up is
 * CONSUMER_104's for an hour.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_113',
  title: 'Messages that no consumer wants',
  brief: ['streams', 'unwanted messages'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: { oldest: unmoved({ learns: false }) },
  limits: {
    passed: atLeast(
      { warning: 15 * 60 },
      {
        unit: 'seconds',
        of: 'age of the oldest message of a work queue or interest stream that a consumer of all its subjects is done with',
      },
    ),
    gaveUp: atLeast(
      { warning: hours(1) / 1_000 },
      { unit: 'seconds', of: 'how long such a message stays that a consumer gave up after max_deliver' },
    ),
    unwanted: atLeast(
      { info: hours(1) / 1_000, warning: hours(25) / 1_000 },
      { unit: 'seconds', of: 'age of the oldest message of such a stream that no consumer is known to take' },
    ),
  },
  for: minutes(2),
  why:
    'A work queue or interest stream deletes a message once it is acknowledged. One that stays was not handled, and no consumer will get it ' +
    'again: it waits until `max_age`, or for ever, and fills the stream.',
  remedy: 'Look at the oldest message (`nats stream view`) and decide whether it is to be handled again.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const queues = assets.streams.filter(
      ({ leader }) => leader !== null && leader.row.config.retention !== 'limits',
    );
    if (queues.length === 0) return nothing('no work queue or interest stream');
    const seen = plural(queues.length, 'work queue or interest stream', 'work queues and interest streams');
    const found = queues.flatMap((stream) => {
      const stranded = strandedIn(stream);
      return stranded === null ? [] : [{ stream, stranded }];
    });
    const followed = found.filter(({ stranded }) => !tellsSinceWhen(stranded));
    const standing = history.oldest(
      followed,
      ({ stream, stranded }) => ({ name: stream.key, place: String(stranded.row.state.firstSeq) }),
      unread.length === 0,
    );
    const measurements = found.flatMap((each) => {
      const { stream, stranded } = each;
      const oldestAt = stranded.row.state.firstAt;
      const now = stream.leader?.server.reading.now ?? 0;
      if (oldestAt === null || oldestAt > now) return [];
      const ageMs = now - oldestAt;
      const stood = tellsSinceWhen(stranded)
        ? ageMs
        : at - (standing.at(followed.indexOf(each))?.since ?? at);
      return [
        {
          limit: stranded.gaveUp.length > 0 ? ('gaveUp' as const) : stranded.cause,
          entity: stream.entity,
          value: Math.min(ageMs, stood) / 1_000,
          data: { stream, stranded, oldestAt, ageMs },
        },
      ];
    });
    return measurements.length === 0 ? nothing(seen) : measured(seen, measurements);
  },
  describe({ entity, data: { stream, stranded, oldestAt, ageMs } }) {
    const { row, messages, gaveUp, cause } = stranded;
    const { maxAge, retention } = row.config;
    const total = row.state.messages;
    const few =
      messages < total
        ? `about ${formatCount(messages)} of ${plural(total, 'message')}`
        : plural(total, 'message');
    return {
      summary:
        `${retention === 'workqueue' ? 'Work queue' : 'Interest stream'} ${entity.name} holds ${few} that no consumer wants: the oldest has been there for ` +
        `${formatDuration(ageMs)}.`,
      evidence: [
        stream.consumers.count === 0 ? 'it has no consumer' : consumersRow(stream.consumers.count, cause),
        ...(gaveUp.length === 0
          ? []
          : [`given up after max_deliver by: ${inline(gaveUp.map((each) => givenUp(each)))}`]),
        `oldest: sequence ${formatCount(row.state.firstSeq)} of ${formatTime(oldestAt)}; ${formatBytes(row.state.bytes)} in all`,
        maxAge > 0
          ? `max_age deletes it after ${formatDuration(maxAge / 1e6)}`
          : 'no max_age: it stays until somebody deletes it',
        placement(stream),
      ],
      ...textOf(gaveUp.length > 0 ? 'gaveUp' : cause, stream.consumers.count),
      commands: streamCommands(stream),
    };
  },
});

/** Whether nobody has wanted the message since it came; else only being seen tells. */
const tellsSinceWhen = ({ isIdle, gaveUp }: Stranded): boolean => isIdle && gaveUp.length === 0;

const consumersRow = (count: number, cause: 'passed' | 'unwanted'): string =>
  cause === 'passed'
    ? `${plural(count, 'consumer')}, none with it pending or to be acknowledged`
    : `${plural(count, 'consumer')}, with filters that need not take its subject`;

const givenUp = ({
  name,
  leader,
}: {
  readonly name: string;
  readonly leader: {
    readonly row: { readonly redelivered: number; readonly config: { readonly maxDeliver: number } };
  } | null;
}): string =>
  leader === null
    ? name
    : `${name} (${formatCount(leader.row.redelivered)} after ${leader.row.config.maxDeliver} tries)`;

function textOf(
  cause: 'gaveUp' | 'passed' | 'unwanted',
  consumers: number,
): { readonly why?: string; readonly remedy?: string } {
  if (cause === 'gaveUp') {
    return {
      why:
        'A message that was delivered `max_deliver` times without an acknowledgement is not delivered again, and stays: its consumer failed on ' +
        'it each time.',
      remedy:
        'Why does the consumer fail on these? Mend that first. Then publish them again (`nats stream get`), or create the consumer anew, which ' +
        'delivers all that is there again. Drop one with `nats stream rmm`. To hear of each: advisories ' +
        '`$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>`.',
    };
  }
  if (cause === 'unwanted') {
    return {
      remedy:
        consumers === 0
          ? 'Is the consumer deleted, or not yet created? Start the client that creates it. If nobody is to handle them, delete them (`nats stream ' +
            'purge`, which loses them) and stop who publishes.'
          : 'Which subjects are they of (`nats stream subjects`)? Add a consumer for them or widen a filter (`nats consumer edit`). Is nobody ' +
            'to handle them, purge those subjects (`nats stream purge --subject`, which loses them) and take them out of the stream.',
    };
  }
  return {
    why:
      'They were handled and never deleted, or skipped and never handled: replicas that disagree, or acknowledgements that were lost, leave such ' +
      'messages behind. No consumer will get them again.',
    remedy:
      'Were they handled? Look at the oldest (`nats stream get`). Is the same there on each replica? Hand over leadership first (`nats stream ' +
      'cluster step-down`, which interrupts writes for seconds). Else create the consumer anew, which delivers all that is there again: handled ' +
      'ones too. Or delete those that were handled (`nats stream purge --seq`, which loses what is below).',
  };
}
