import type { FindingState } from './finding-state.ts';
import { mostKeys } from '../../history/kinds.ts';
import type { Severity } from '../../define.ts';

/** A finding that was not there before. */
export type Candidate = {
  readonly key: string;
  readonly diagnosis: string;
  readonly severity: Exclude<Severity, 'info'>;
};

/** Like the names of a history: memory must hold them, and people read them. */
const most = mostKeys;

/**
 * Which new findings are kept: with those that are known, 256 of a diagnosis and severity. So those that are reported stay
 * the same from run to run, and a crowd of warnings leaves room for what is critical and for other diagnoses.
 */
export function admitted(
  candidates: readonly Candidate[],
  known: readonly FindingState[],
): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const count = (diagnosis: string, severity: string): number => {
    const group = `${diagnosis} ${severity}`;
    const n = (counts.get(group) ?? 0) + 1;
    counts.set(group, n);
    return n;
  };
  for (const { diagnosis, levels } of known) count(diagnosis, levels.critical ? 'critical' : 'warning');
  return new Set(
    candidates.flatMap(({ key, diagnosis, severity }) => (count(diagnosis, severity) <= most ? [key] : [])),
  );
}
