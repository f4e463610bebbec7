import { alarms } from './alarms.ts';
import { errorsInLogs } from './errors-in-logs.ts';
import type { Examination, Finding, Patient } from './examination.ts';
import { fromInside } from './from-inside.ts';
import { runs } from './runs.ts';
import { schedules } from './schedules.ts';
import { subscriptions } from './subscriptions.ts';

const examinations: readonly Examination[] = [
  runs,
  schedules,
  errorsInLogs,
  fromInside,
  alarms,
  subscriptions,
];

/** `well` and `ill` are what was seen; `unknown` could not be looked at, and says why. */
export type Examined = Finding & {
  readonly name: string;
  readonly outcome: 'well' | 'ill' | 'unknown';
};

/** Looks at a deployment from outside. What cannot be looked at hides nothing of the rest. */
export async function examine(patient: Patient): Promise<readonly Examined[]> {
  const results = await Promise.allSettled(examinations.map(({ look }) => look(patient)));
  return results.map((result, i) => {
    const name = examinations[i]?.name ?? '';
    if (result.status === 'rejected')
      return { name, outcome: 'unknown', seen: reasonOf(result.reason), complaints: [] };
    return { name, outcome: result.value.complaints.length === 0 ? 'well' : 'ill', ...result.value };
  });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? `${error.name}: ${error.message}` : String(error);
