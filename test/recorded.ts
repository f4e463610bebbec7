import path from 'node:path';
import { httpSource } from '../lambdas/adapters/http/source.ts';
import { processMemory } from '../lambdas/adapters/memory/file.ts';
import type { Check, ClusterFacts } from '../lambdas/define.ts';
import { hours, minutes, seconds } from '../lambdas/durations.ts';
import { limitBook, type LimitOverrides } from '../lambdas/engine/limit-book.ts';
import type { Outcome } from '../lambdas/engine/findings/outcome.ts';
import type { Finding } from '../lambdas/engine/findings/report.ts';
import type { Observation } from '../lambdas/ports.ts';
import { emptyPlan } from '../lambdas/rules/plan.ts';
import { unsent } from '../infra/local/look.ts';
import { run } from '../lambdas/run/run.ts';
import { serveRecorded } from './replay.ts';
import type { NatsVersion } from './services/nats-binary.ts';
import { clusterFacts, noHandshakes } from './kit.ts';

export type RecordedLook = {
  /** Findings in short: `CONN_101 warning billing-old`. */
  readonly found: readonly string[];
  readonly findings: readonly Finding[];
  /** By server name, `cluster` for the cluster as a whole; then by diagnosis. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, Outcome>>>>;
  readonly seen: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly observations: readonly Observation[];
};

/** A first run of a check over the recorded replies of a real cluster, at the time they were taken. */
export async function lookAtRecorded(
  check: Check,
  version: NatsVersion,
  scene: string,
  { facts = {}, limits = {} }: { facts?: Partial<ClusterFacts>; limits?: LimitOverrides } = {},
): Promise<RecordedLook> {
  const replay = await serveRecorded(path.join(import.meta.dirname, 'recorded', version, scene));
  const source = httpSource({ timeoutMs: seconds(5) });
  try {
    const { book } = limitBook(check.diagnoses, limits);
    const report = await run(
      check,
      {
        facts: { ...clusterFacts, ...facts },
        targets: replay.targets,
        book,
        remindAfter: hours(24),
        lookBack: minutes(10),
        plan: emptyPlan,
      },
      {
        source,
        names: source,
        handshakes: noHandshakes,
        memory: processMemory(),
        now: () => replay.takenAt.getTime(),
        log: { info: () => {}, warn: (message) => failOn(message) },
        metrics: { put: async () => {} },
        series: unsent,
        notices: { publish: async () => {} },
      },
      replay.takenAt.getTime(),
    );
    if (report === null) throw new Error('the minute was claimed before');
    const { entries } = report;
    const findings = entries.flatMap((entry) => entry.findings);
    const byDiagnosis = <T>(of: (answer: (typeof entries)[number]['diagnoses'][number]) => T) =>
      Object.fromEntries(
        entries.map(({ target, diagnoses }) => [
          target ?? 'cluster',
          Object.fromEntries(diagnoses.map((answer) => [answer.id, of(answer)])),
        ]),
      );
    return {
      found: findings.map(({ diagnosis, severity, entity }) => `${diagnosis} ${severity} ${entity.name}`),
      findings,
      outcomes: byDiagnosis(({ outcome }) => outcome),
      seen: byDiagnosis(({ seen }) => seen),
      observations: entries.flatMap((entry) => entry.observations),
    };
  } finally {
    await source.close();
    await replay.stop();
  }
}

function failOn(message: string): void {
  throw new Error(`a run warned: ${message}`);
}
