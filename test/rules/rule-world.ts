import ruleSeries from '../../lambdas/checks/rule-series.ts';
import type { Finding, RunReport } from '../../lambdas/engine/findings/report.ts';
import type { Datapoint, SeriesSink } from '../../lambdas/ports.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import { run } from '../../lambdas/run/run.ts';
import type { Watch } from '../../lambdas/run/watch.ts';
import { fakeWorld, minute, watchOf, type Answers } from '../engine/fake-ports.ts';

/** What `/jsz` says of consumers of stream ORDERS, by how many messages wait for each. */
export const jsz = (pending: Readonly<Record<string, number>>): object => ({
  account_details: [
    {
      name: 'APP',
      id: 'APP',
      stream_detail: [
        {
          name: 'ORDERS',
          consumer_detail: Object.entries(pending).map(([name, num_pending]) => ({
            stream_name: 'ORDERS',
            name,
            num_pending,
          })),
        },
      ],
    },
  ],
});

/** A server whose consumers wait for so many messages. */
export const consumers = (pending: Readonly<Record<string, number>>): Answers => ({
  paths: { '/jsz': jsz(pending) },
});

/** What a process answers at a minute; it runs since an hour before the first one, or since `since`, in minutes. */
export const serverAt = (id: string, n: number, varz: object, since = -60): Answers => ({
  varz: {
    server_id: id,
    start: new Date(minute(since)).toISOString(),
    now: new Date(minute(n)).toISOString(),
    uptime: `${n - since}m0s`,
    ...varz,
  },
});
/** One run, as a person would look at it. */
export type Ran = {
  readonly report: RunReport;
  /** `opened Rule n1` */
  readonly reported: readonly string[];
  /** `Rule n1` */
  readonly found: readonly string[];
  readonly findings: readonly Finding[];
  /** Published values by series, in that order: `nats_rule Rule n1` with the minutes that are not the run's. */
  readonly published: Readonly<Record<string, readonly (number | string)[]>>;
  readonly datapoints: readonly Datapoint[];
  /** `n1 Rule ok: Rule does not fire` */
  readonly seen: readonly string[];
  readonly warnings: readonly string[];
};

/** Runs of rule-series, each in a process of its own that has nothing but its memory. */
export function ruleWorld(plan: RulePlan, names: readonly string[] = ['n1']) {
  const world = fakeWorld(Object.fromEntries(names.map((name) => [name, {}])));
  const watching = {
    ...watchOf(ruleSeries, names),
    plan,
  };
  return {
    world,
    /** Runs a minute on servers that answer like that; those that are not named do not answer. */
    run: async (
      n: number,
      answers: Readonly<Record<string, Answers>>,
      { sink, ...changes }: Partial<Watch> & { readonly sink?: SeriesSink } = {},
    ): Promise<Ran> => {
      world.answers = answers;
      const ports = { ...world.ports(), now: () => minute(n) };
      const report = await run(
        ruleSeries,
        { ...watching, ...changes },
        sink === undefined ? ports : { ...ports, series: sink },
        minute(n),
      );
      if (report === null) throw new Error(`minute ${n} was run before`);
      return ranOf(report, n, world.taken.datapoints.splice(0), world.warnings.splice(0));
    },
  };
}

function ranOf(
  report: RunReport,
  n: number,
  datapoints: readonly Datapoint[],
  warnings: readonly string[],
): Ran {
  const findings = report.entries.flatMap((entry) => entry.findings);
  return {
    report,
    reported: report.notices.map(
      ({ kind, finding }) => `${kind} ${finding.diagnosis} ${finding.entity.name}`,
    ),
    found: findings.map(({ diagnosis, entity }) => `${diagnosis} ${entity.name}`),
    findings,
    published: published(datapoints, n),
    datapoints,
    seen: report.entries.flatMap(({ target, diagnoses }) =>
      diagnoses.map(({ id, outcome, seen }) => `${target ?? 'cluster'} ${id} ${outcome}: ${seen}`),
    ),
    warnings,
  };
}

function published(datapoints: readonly Datapoint[], n: number): Ran['published'] {
  const values: Record<string, (number | string)[]> = {};
  for (const { series, labels, value, at } of datapoints) {
    const words = ['rule', 'server_id', 'severity'].flatMap((label) => labels[label] ?? []);
    const name = [series, ...words].join(' ');
    const own = (Date.parse(at) - minute(0)) / 60_000;
    values[name] = [...(values[name] ?? []), own === n ? value : `${value} of minute ${own}`];
  }
  return values;
}
