import type { Check } from '../../lambdas/define.ts';
import type { RunReport } from '../../lambdas/engine/findings/report.ts';
import type { Watch } from '../../lambdas/run/watch.ts';

const seen =
  'not run: another run with this memory was at this moment or later; let one end before the next begins';

/** The report of a check that was not run: nothing is known of its cluster. */
export const notRun = (check: Check, { facts: { name } }: Watch, at: number): RunReport => ({
  takenAt: new Date(at).toISOString(),
  targets: [],
  entries: [
    {
      check: check.id,
      scope: 'cluster',
      cluster: name,
      target: null,
      outcome: 'unknown',
      diagnoses: check.diagnoses.map(({ id }) => ({ id, outcome: 'unknown', seen })),
      observations: [],
      findings: [],
    },
  ],
  notices: [],
});
