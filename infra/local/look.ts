import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { tlsHandshakes } from '../../lambdas/adapters/tls/handshakes.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Check } from '../../lambdas/define.ts';
import type { MetricSink, Ports, SeriesSink } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { UsageError } from '../command-line.ts';
import type { ClusterReport } from './document.ts';
import { notRun } from './not-run.ts';
import { sharedSource } from './shared-source.ts';
import type { Scenery } from './targets.ts';

/**
 * The checks with these ids, all of them for none.
 * @throws UsageError naming the ids that are no checks, and the checks there are
 */
export function chooseChecks(ids: readonly string[]): readonly Check[] {
  const unknown = ids.filter((id) => !checks.some((check) => check.id === id));
  if (unknown.length > 0) {
    throw new UsageError(`--check ${unknown.join(', ')}: there are ${checks.map(({ id }) => id).join(', ')}`);
  }
  return checks.filter(({ id }) => ids.length === 0 || ids.includes(id));
}

/** In a terminal samples are read where they are shown. */
export const nowhere: MetricSink = { put: async () => {} };

/** CloudWatch alone can evaluate what would be sent. */
export const unsent: SeriesSink = {
  put: ({ length }) => Promise.resolve({ offered: length, refused: [], rejected: 0, messages: [] }),
};

/** Runs checks once on all that a scenery watches, with one reading for all that ask for the same. */
export async function look(
  checks: readonly Check[],
  scenery: Scenery,
  { memory, metrics, log, at }: Pick<Ports, 'memory' | 'metrics' | 'log'> & { readonly at: number },
): Promise<readonly ClusterReport[]> {
  const http = httpSource({ timeoutMs: scenery.requestTimeout });
  const now = () => scenery.takenAt ?? Date.now();
  const source = sharedSource(http);
  const ports: Ports = {
    ...{ source, names: http, handshakes: tlsHandshakes({ timeoutMs: scenery.requestTimeout }) },
    ...{ memory, metrics, series: unsent, notices: { publish: async () => {} }, log, now },
  };
  try {
    const runs = checks.flatMap((check) =>
      scenery.watches.map(async (watch) => ({
        cluster: watch.facts.name,
        ...((await run(check, watch, ports, at)) ?? notRun(check, watch, at)),
      })),
    );
    return await Promise.all(runs);
  } finally {
    await http.close();
  }
}
