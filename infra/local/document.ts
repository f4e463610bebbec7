import type { Entry, RunReport, TargetReport } from '../../lambdas/engine/findings/report.ts';

/** What `--json` prints: every check on every server and cluster, of one moment. */
export type RunDocument = {
  readonly takenAt: string;
  readonly targets: readonly Pick<TargetReport, 'name' | 'url' | 'reachable' | 'version'>[];
  readonly checks: readonly Entry[];
};

/** All checks' reports of one moment in one document, checks in their given order, servers before clusters. */
export function documentOf(takenAt: number, reports: readonly RunReport[]): RunDocument {
  const targets = new Map(
    reports.flatMap((report) =>
      report.targets.map((target) => [`${target.name} ${target.url}`, target] as const),
    ),
  );
  return {
    takenAt: new Date(takenAt).toISOString(),
    targets: [...targets.values()].map(({ name, url, reachable, version }) => ({
      name,
      url,
      reachable,
      version,
    })),
    checks: reports.flatMap(({ entries }) => entries),
  };
}
