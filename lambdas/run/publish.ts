import type { Check, Unit } from '../define.ts';
import { hours } from '../durations.ts';
import { mostAhead } from '../engine/ahead.ts';
import { chatMessages } from '../engine/findings/chat.ts';
import { messages } from '../engine/findings/messages.ts';
import type { Notice } from '../engine/findings/report.ts';
import type { Observed } from '../engine/judgement/observe.ts';
import { openFindingsSeries } from '../engine/findings/open-findings.ts';
import { unsentOf, type ClaimedMemory, type Datapoint, type Outbox, type Ports } from '../ports.ts';

/** Older points would take hours to become readable, and no alarm looks at them any more. */
const oldestDatapoint = hours(3);

/** CloudWatch would refuse what lies two hours ahead, at each run again. */
const isTimely = (age: number): boolean => age + mostAhead >= 0 && age <= oldestDatapoint;

type Decided = {
  readonly check: Check;
  readonly cluster: string;
  readonly at: number;
  readonly observed: readonly Observed[];
  readonly notices: readonly Notice[];
  readonly tellsChat: boolean;
};

/** What a run decided to send, behind what a crash left. */
export function outboxOf(
  left: Outbox,
  { check, cluster, at, observed, notices, tellsChat }: Decided,
): Outbox {
  const unitOf = new Map<string, Unit>(check.series.map(({ name, unit }) => [name, unit]));
  unitOf.set(openFindingsSeries, 'count');
  const datapoints = observed.map(({ observation, at: own = at }): Datapoint => ({
    ...observation,
    unit: unitOf.get(observation.series) ?? 'count',
    at: new Date(own).toISOString(),
  }));
  const context = { check: check.id, cluster, at };
  return {
    datapoints: [...left.datapoints.filter((point) => isTimely(at - Date.parse(point.at))), ...datapoints],
    messages: [
      ...left.messages,
      ...messages(notices, context),
      // Each by itself, so that one that could not be sent does not send the other again.
      ...(tellsChat ? chatMessages(notices, context) : []),
    ],
  };
}

/**
 * Whether what a run decided may go out before the run is saved: should it end in between, the next one begins where this
 * one began, and no message is read twice and nothing counted twice.
 * @param left what earlier runs saved and did not send
 */
export const maySendFirst = (
  left: Outbox,
  { datapoints, messages: all }: Outbox,
  { series }: Check,
): boolean => {
  const counting = new Set(series.filter(({ addsUp }) => addsUp).map(({ name }) => name));
  const isNothingLeft = left.datapoints.length + left.messages.length === 0;
  const repeats = datapoints.every(({ series: name, value }) => value === 0 || !counting.has(name));
  return isNothingLeft && all.length === 0 && repeats;
};

/**
 * Sends, then saves with what could not be sent: one write in a minute in which nothing happens.
 * @throws AggregateError with every failure
 */
export async function sendFirst(
  outbox: Outbox,
  ports: Pick<Ports, 'metrics' | 'notices'>,
  save: (left: Outbox) => Promise<unknown>,
): Promise<void> {
  const { left, failures } = await send(outbox, ports);
  if (failures.length === 0) await save(left);
  else await failAfter(failures, save(left));
}

/**
 * Sends a saved outbox and clears it; metrics and messages do not wait for each other. What could not be sent is kept
 * for the next run, and that alone: a datapoint sent again would count twice in a sum, a message be read twice.
 * @param keep saves what is left of the outbox
 * @throws AggregateError with every failure
 */
export async function deliver(
  outbox: Outbox,
  ports: Pick<Ports, 'metrics' | 'notices'>,
  memory: Pick<ClaimedMemory, 'clearOutbox'>,
  keep: (left: Outbox) => Promise<void>,
): Promise<void> {
  const { left, failures } = await send(outbox, ports);
  if (failures.length === 0) return memory.clearOutbox();
  return failAfter(failures, keep(left));
}

/** @throws AggregateError with these failures, and that of the saving, once it is over */
async function failAfter(failures: readonly unknown[], saving: Promise<unknown>): Promise<never> {
  const [kept] = await Promise.allSettled([saving]);
  const reasons = [...failures, ...(kept.status === 'rejected' ? [kept.reason as unknown] : [])];
  // Lambda logs an error's message and none of the errors in it.
  throw new AggregateError(
    reasons,
    `not everything could be sent; the next run sends the rest again: ${reasons.map(String).join('; ')}`,
  );
}

async function send(
  { datapoints, messages: all }: Outbox,
  { metrics, notices }: Pick<Ports, 'metrics' | 'notices'>,
) {
  const [put, ...published] = await Promise.allSettled([
    metrics.put(datapoints),
    ...all.map((message) => notices.publish([message])),
  ]);
  return {
    left: {
      datapoints: put.status === 'rejected' ? unsentOf(put.reason, datapoints) : [],
      messages: all.filter((_, i) => published[i]?.status === 'rejected'),
    },
    failures: [put, ...published].flatMap((each) =>
      each.status === 'rejected' ? [each.reason as unknown] : [],
    ),
  };
}
