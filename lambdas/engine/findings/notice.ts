import type { Check } from '../../define.ts';
import type { Target } from '../../readings/reading.ts';
import { compose, type Subject } from './compose.ts';
import type { About } from '../judgement/context.ts';
import type { Change } from './findings.ts';
import type { Finding, Notice } from './report.ts';

/** What to send about a change: the finding as it holds now, or (null) as it was last seen. */
export function noticeOf(
  { key, kind, severity, finding: state }: Change,
  check: Check,
  targets: readonly Target[],
  now: Finding | null,
  { facts, at }: About,
): Notice {
  const id = [check.id, facts.name, key, kind, new Date(at).toISOString()].join('/');
  if (now !== null) return { id, kind, severity, finding: now };
  const known = check.diagnoses.find((diagnosis) => diagnosis.id === state.diagnosis);
  const subject: Subject = {
    facts,
    group: check.group,
    diagnosis: known ?? {
      ...{ id: state.diagnosis, title: 'no longer checked', heading: check.id },
      ...{ why: '', remedy: '' },
    },
    target:
      targets.find(({ name }) => name === state.target) ?? (state.target ? { name: state.target } : null),
  };
  return { id, kind, severity, finding: compose(state, state.announced ?? severity, null, subject) };
}
