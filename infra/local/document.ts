import type { Entry, RunReport, TargetReport } from '../../lambdas/engine/findings/report.ts';

/** What one check reported of one cluster. */
export type ClusterReport = RunReport & { readonly cluster: string };

/** What `--json` prints: every check on every server and cluster, of one moment. */
export type RunDocument = {
  readonly takenAt: string;
  readonly targets: readonly (TargetReport & { readonly cluster: string })[];
  readonly checks: readonly Entry[];
};

/** All checks' reports of one moment in one document, checks in their given order, servers before clusters. */
export function documentOf(takenAt: number, reports: readonly ClusterReport[]): RunDocument {
  const targets = new Map(
    reports.flatMap(({ cluster, targets: own }) =>
      own.map(
        ({ name, url, ...rest }) => [`${cluster} ${name} ${url}`, { cluster, name, url, ...rest }] as const,
      ),
    ),
  );
  return {
    takenAt: new Date(takenAt).toISOString(),
    targets: [...targets.values()],
    checks: reports.flatMap(({ entries }) => entries),
  };
}
