import type { Check, Unit } from './define.ts';
import { hours } from './durations.ts';
import { messages, type Notice } from './engine/messages.ts';
import { openFindingsSeries, type Observed } from './engine/observe.ts';
import type { Datapoint, Outbox, Ports } from './ports.ts';

/** Older points would take hours to become readable, and no alarm looks at them any more. */
const oldestDatapoint = hours(3);

type Decided = {
  readonly check: Check;
  readonly cluster: string;
  readonly at: number;
  readonly observed: readonly Observed[];
  readonly notices: readonly Notice[];
};

/** What a run decided to send, behind what a crash left. */
export function outboxOf(left: Outbox, { check, cluster, at, observed, notices }: Decided): Outbox {
  const unitOf = new Map<string, Unit>(check.series.map(({ name, unit }) => [name, unit]));
  unitOf.set(openFindingsSeries, 'count');
  const time = new Date(at).toISOString();
  const datapoints = observed.map(({ observation }): Datapoint => ({
    ...observation,
    unit: unitOf.get(observation.series) ?? 'count',
    at: time,
  }));
  return {
    datapoints: [
      ...left.datapoints.filter((point) => at - Date.parse(point.at) <= oldestDatapoint),
      ...datapoints,
    ],
    messages: [...left.messages, ...messages(notices, { check: check.id, cluster, at })],
  };
}

/**
 * Sends an outbox; metrics and notices do not wait for each other, and neither hides the other's failure.
 * @throws AggregateError with every failure
 */
export async function send(
  outbox: Outbox,
  { metrics, notices }: Pick<Ports, 'metrics' | 'notices'>,
): Promise<void> {
  const sent = await Promise.allSettled([metrics.put(outbox.datapoints), notices.publish(outbox.messages)]);
  const failures = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.length > 0) {
    throw new AggregateError(failures, 'not everything could be sent; the next run sends it again');
  }
}
