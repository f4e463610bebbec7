import { formatDuration } from '../../define.ts';
import { formatCount, formatTime, plural } from '../../engine/format.ts';
import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import type { Consumer } from '../assets/assets.ts';
import { asArguments, placement } from '../assets/words.ts';
import type { Progress } from './progress.ts';

/** `1 pull request waits`, `bound to deliver.orders`, `nobody is subscribed to deliver.orders`. */
export function askers({ config: { deliverSubject: subject }, pushBound, waiting }: ConsumerRow): string {
  if (subject === undefined) return plural(waiting, 'pull request waits', 'pull requests wait');
  return pushBound ? `bound to ${subject}` : `nobody is subscribed to ${subject}`;
}

const most = ({ config: { maxAckPending: max } }: ConsumerRow): string =>
  max > 0 ? ` of at most ${formatCount(max)}` : '';

/** Its figures, where it stands, who leads it. */
export function progressRows({ consumer, row, pending, leader }: Progress): readonly string[] {
  const { delivered, ackFloor, ackPending, redelivered } = row;
  const last = delivered.at === null ? '' : `, last delivery ${formatTime(delivered.at)}`;
  return [
    [
      `${formatCount(pending)} pending`,
      `${formatCount(ackPending)} unacknowledged${most(row)}`,
      `${formatCount(redelivered)} delivered more than once`,
      ...(leader === null ? [] : [askers(row)]),
    ].join(', '),
    `delivered up to stream sequence ${formatCount(delivered.streamSeq)}, acknowledged up to ${formatCount(ackFloor.streamSeq)}${last}`,
    placement(consumer),
  ];
}

/** What its end takes along, for whoever is to decide on it. */
export function ifDeleted({ row, consumer: { stream } }: Pick<Progress, 'row' | 'consumer'>): string {
  const { retention } = (stream.leader ?? stream.replicas[0])?.row.config ?? { retention: 'limits' };
  const lost = `its place in the stream (${formatCount(row.ackFloor.streamSeq)}) is lost`;
  if (retention === 'interest') return `${lost}, and messages that no other consumer wants are deleted`;
  if (retention === 'workqueue')
    return `${lost}, and its messages wait for a consumer that takes their subjects`;
  return `${lost}, and one made anew begins where its deliver policy says`;
}

export const deletion = (of: Pick<Progress, 'row' | 'consumer'>): string =>
  `\`nats consumer rm ${asArguments(of.consumer)}\` (${ifDeleted(of)})`;

export const stepDown = (consumer: Consumer): string =>
  `\`nats consumer cluster step-down ${asArguments(consumer)}\``;

/** `3 min`; to the minute, as runs see it. */
export const forAtLeast = (seconds: number): string => `for ${formatDuration(seconds * 1_000)}`;
