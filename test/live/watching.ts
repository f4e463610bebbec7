import { httpSource } from '../../lambdas/adapters/http.ts';
import { processMemory } from '../../lambdas/adapters/file-memory.ts';
import { checks, diagnoses } from '../../lambdas/catalogue.ts';
import { minutes, seconds, type Duration } from '../../lambdas/durations.ts';
import type { Outcome } from '../../lambdas/engine/outcome.ts';
import type { Finding, RunReport } from '../../lambdas/engine/report.ts';
import type { Datapoint, Message, Ports } from '../../lambdas/ports.ts';
import type { Target } from '../../lambdas/readings.ts';
import { run } from '../../lambdas/run.ts';
import { parseSettings, watchSettings } from '../../lambdas/settings.ts';
import { watches } from '../../lambdas/watches.ts';

export type LiveLook = {
  readonly report: RunReport;
  readonly findings: readonly Finding[];
  /** Findings in short: `LEAF_102 warning leaf2`. */
  readonly found: readonly string[];
  /** By server name; `cluster` for the cluster as a whole. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly datapoints: readonly Datapoint[];
  readonly messages: readonly Message[];
};

/**
 * One check on real servers, run after run with a memory of its own. Real time passes as it likes; each look is
 * `after` later by the run's clock, so that durations can be tested without waiting for them.
 */
export function watchingLive(
  checkId: string,
  targets: readonly Target[],
  cluster: Readonly<Record<string, unknown>> = {},
) {
  const check = checks.find(({ id }) => id === checkId);
  if (check === undefined) throw new Error(`there is no check ${checkId}`);
  const raw = {
    clusters: [{ name: 'live', targets: targets.map(({ name, url }) => ({ name, url })), ...cluster }],
  };
  const { settings, book } = parseSettings(watchSettings, raw, 'live test', diagnoses);
  const [watch] = watches(settings, book);
  if (watch === undefined) throw new Error('no cluster');
  const memory = processMemory();
  let ahead = 0;

  return {
    async look(after: Duration = minutes(1)): Promise<LiveLook> {
      ahead += after;
      const now = () => Date.now() + ahead;
      const sent = { datapoints: [] as Datapoint[], messages: [] as Message[] };
      const source = httpSource({ timeoutMs: seconds(5) });
      const ports: Ports = {
        source,
        memory,
        now,
        log: { info: () => {}, warn: (message) => expectNoWarning(message) },
        metrics: { put: async (datapoints) => void sent.datapoints.push(...datapoints) },
        notices: { publish: async (messages) => void sent.messages.push(...messages) },
      };
      const report = await run(check, watch, ports, now()).finally(() => source.close());
      if (report === null) throw new Error('the minute was claimed before');
      const findings = report.entries.flatMap((entry) => entry.findings);
      return {
        report,
        findings,
        found: findings.map(({ diagnosis, severity, entity }) => `${diagnosis} ${severity} ${entity.name}`),
        outcomes: Object.fromEntries(
          report.entries.map(({ target, outcome }) => [target ?? 'cluster', outcome]),
        ),
        ...sent,
      };
    },
  };
}

function expectNoWarning(message: string): void {
  throw new Error(`a run warned: ${message}`);
}
