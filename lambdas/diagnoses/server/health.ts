import { notApplicable, unknown } from '../../define.ts';
import type { Healthz, Varz } from '../../readings/endpoints.ts';
import { complaintsOf, type Subject } from '../complaints.ts';
import { isDraining, isStarting } from '../lame-duck.ts';

/** The steps of `/healthz` in their order: it ends at the first that fails. */
const steps: Record<Subject, number> = {
  CONNECTION: 1,
  other: 1,
  JETSTREAM: 2,
  ACCOUNT: 3,
  STREAM: 3,
  CONSUMER: 3,
};

type Seen = { readonly varz: Varz; readonly healthz: Healthz };

/** Why `/healthz` says nothing of these JetStream subjects on a server; null if it does. */
export function silenceOn(subjects: readonly Subject[], seen: Seen) {
  if (isDraining(seen)) return notApplicable('it drains (lame duck), and JetStream ends with it');
  const isOff = seen.varz.jetstream.stats === undefined;
  const complaints = complaintsOf(seen.healthz);
  if (isOff && !isStarting(seen) && !complaints.some(({ subject }) => steps[subject] > 1)) {
    return notApplicable('JetStream is off on this server');
  }
  const step = Math.min(...subjects.map((subject) => steps[subject]));
  // Without details it names one failure, so that others may hide behind it.
  const isWhole = seen.healthz.errors.length > 0;
  const first = complaints.find(
    ({ subject }) =>
      steps[subject] < step || (steps[subject] === step && !isWhole && !subjects.includes(subject)),
  );
  return first === undefined ? null : unknown(`/healthz ended before it came to that: ${first.words}`);
}

/** A row for a finding of the first look of all. */
export const seenOnce = (firstRun: boolean): readonly string[] =>
  firstRun
    ? ['seen in one look so far: a change of leader or a restart does this for some seconds, so look again']
    : [];

/** The whole answer, and the exit status that scripts go by. */
export const healthCommand = (url: string): string => `curl -sS -m 5 '${url}/healthz?details=true'`;
