import { readFileSync } from 'node:fs';
import {
  defineCheck,
  type ClosedConnection,
  type ClosedSince,
  type ClusterFacts,
  type DetailRequest,
  type Details,
  type Diagnosis,
  type DnsLook,
  type Endpoint,
  type Readings,
  type Severity,
} from '../lambdas/define.ts';
import { hours, minutes, type Duration } from '../lambdas/durations.ts';
import { compose, describe as describeFinding } from '../lambdas/engine/findings/compose.ts';
import { contextOf, type About } from '../lambdas/engine/judgement/context.ts';
import { entries } from '../lambdas/engine/findings/entries.ts';
import { carryFindings, type Change, type CurrentFinding } from '../lambdas/engine/findings/findings.ts';
import type { FindingState } from '../lambdas/engine/findings/finding-state.ts';
import { breachOf, judge } from '../lambdas/engine/judgement/judge.ts';
import { limitBook, type LimitOverrides } from '../lambdas/engine/limit-book.ts';
import type { Outcome } from '../lambdas/engine/findings/outcome.ts';
import type { Finding } from '../lambdas/engine/findings/report.ts';
import { failuresOf, type Snapshot, type TargetReadings } from '../lambdas/engine/judgement/views.ts';
import type { FailureCode, Reading } from '../lambdas/readings/reading.ts';
import type { Handshakes } from '../lambdas/readings/source.ts';
import { decodeVarz, type Varz } from '../lambdas/readings/decoders/varz.ts';
import type { Leafz, LeafzRow } from '../lambdas/readings/decoders/leafz.ts';

const recorded = new URL('recorded/2.15.1/alone/alone/varz.json', import.meta.url);

const alone = decodedVarz();

/** The real `/varz` of a lone nats-server 2.15.1, with changes. */
export const varz = (changes: Partial<Varz> = {}): Varz => ({ ...alone, ...changes });

/** The same, changed before it is decoded: counts may be such as cannot be. */
export function decodedVarz(changes: Readonly<Record<string, unknown>> = {}): Varz {
  const decoded = decodeVarz({ ...(JSON.parse(readFileSync(recorded, 'utf8')) as object), ...changes });
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.value;
}

const leaf: LeafzRow = {
  id: 7,
  name: 'leaf1',
  is_spoke: false,
  account: 'APP',
  ip: '10.0.9.1',
  port: 40_001,
  rtt: 0.001,
  in_msgs: 0,
  out_msgs: 0,
  in_bytes: 0,
  out_bytes: 0,
  subscriptions: 3,
  compression: 's2_fast',
};

/** A `/leafz` with these leafnodes. */
export const leafz = (...leafs: Partial<LeafzRow>[]): Leafz => ({
  server_id: alone.server_id,
  now: alone.now,
  leafnodes: leafs.length,
  leafs: leafs.map((changes) => ({ ...leaf, ...changes })),
});

/** The minute that the first look of a test is at. */
export const firstMinute = Date.parse('2026-11-20T10:00:00Z');

/** A closed client that lived a minute, with changes. `stoppedAt` is in the run's clock. */
export const closedRow = (changes: Partial<ClosedConnection> = {}): ClosedConnection => ({
  cid: 1,
  kind: 'Client',
  type: 'nats',
  ip: '10.0.0.9',
  port: 50_000,
  start: firstMinute - 90_000,
  stop: firstMinute - 30_000,
  stoppedAt: firstMinute - 30_000,
  lifetimeSeconds: 60,
  reason: 'Client Closed',
  pending_bytes: 0,
  in_msgs: 0,
  out_msgs: 0,
  in_bytes: 0,
  out_bytes: 0,
  subscriptions: 0,
  ...changes,
});

/** New rows of the closed ring in one run. */
export const closed = (
  rows: readonly Partial<ClosedConnection>[],
  changes: Partial<ClosedSince> = {},
): ClosedSince => ({
  rows: rows.map((row, i) => closedRow({ cid: i + 1, ...row })),
  firstRun: false,
  lost: false,
  leftOut: null,
  unaccounted: 0,
  ring: { held: rows.length, size: 10_000 },
  ...changes,
});

/** A reading that failed. */
export const failing = (code: FailureCode = 'timeout'): Reading<never> => ({
  ok: false,
  failure: { code, message: `no reply: ${code}` },
});

/** Where no listener is to be looked at. */
export const noHandshakes: Handshakes = { certificate: () => Promise.resolve(failing('tls')) };

type Given = { readonly [E in Endpoint]?: Readings[E] | Reading<never> };

/** One server's readings: values are replies, `failing()` is a failure; `/varz` is fine unless given. */
export function server(name: string, given: Given = {}): TargetReadings {
  const readings = Object.entries({ varz: varz(), ...given }).map(([endpoint, value]) => [
    endpoint,
    'ok' in value ? value : { ok: true, value },
  ]);
  return {
    target: { name, url: `http://${name}:8222` },
    readings: Object.fromEntries(readings) as TargetReadings['readings'],
  };
}

export type Look = {
  /** By server name; `cluster` for the cluster as a whole. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly seen: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly notices: readonly {
    readonly kind: Change['kind'];
    readonly severity: Severity;
    readonly entity: string;
  }[];
};

type JudgeHistory = Parameters<typeof judge>[2]['history'];

type Options = {
  readonly facts?: Partial<ClusterFacts>;
  readonly limits?: LimitOverrides;
  /** How often the diagnosis' check runs; a minute by default. */
  readonly every?: Duration;
  readonly remindAfter?: Duration | { readonly critical: Duration; readonly warning: Duration };
  /** False (the default): the first look is a first run without memory. */
  readonly remembers?: boolean;
  /** When the first look is, epoch ms. */
  readonly startsAt?: number;
  /** What memory has of histories at the first look. */
  readonly history?: JudgeHistory;
  /** Answers the detail readings of findings that are about to be told. */
  readonly details?: (requests: readonly DetailRequest[]) => Partial<Details>;
};

/** A finding with what its details add, as a run has it. */
function enriched(
  each: CurrentFinding,
  changes: readonly Change[],
  about: About,
  answer: NonNullable<Options['details']>,
): CurrentFinding {
  const { diagnosis } = each.judgement;
  const isReported = changes.some(({ key, kind }) => key === each.key && kind !== 'lowered');
  if (!isReported || !diagnosis.details || !diagnosis.enrich) return each;
  const breach = breachOf(each.crossing);
  const details: Details = {
    connz: [],
    leafzSubs: [],
    failures: [],
    ...answer(diagnosis.details(breach)),
  };
  const enrichment = diagnosis.enrich(breach, details, contextOf(diagnosis, about));
  return { ...each, state: { ...each.state, enriched: enrichment } };
}

/** The alarms of the diagnosis' rule, as the built-in rules have them. */
function coveredBy({ id, rule, scope }: Diagnosis, place: string): ClusterFacts['covered'] {
  if (rule === undefined) return {};
  const alarm = { place, rule: rule.alert, perServer: scope === 'server' };
  return { [id]: rule.warnsEarlier === true ? { warning: alarm } : { critical: alarm, warning: alarm } };
}

/** A cluster without settings of its own. */
export const clusterFacts: ClusterFacts = {
  name: 'c1',
  labels: {},
  expect: {},
  mostServers: 3,
  maxClosedClients: 10_000,
  memoryLimit: null,
  closeReasons: {},
  jetstream: { ignore: [] },
  clients: { ignore: [] },
  covered: {},
  manual: 'https://manual.example/checks',
};

/** Watches with one diagnosis through the real engine, run after run, `every` apart unless said otherwise. */
export function watching(
  diagnosis: Diagnosis,
  {
    facts,
    limits = {},
    every = minutes(1),
    remindAfter,
    remembers = false,
    startsAt = firstMinute,
    history: known = {},
    details,
  }: Options = {},
) {
  const { book, problems } = limitBook([diagnosis], limits);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const cluster: ClusterFacts = {
    ...clusterFacts,
    covered: coveredBy(diagnosis, 'c1'),
    ...facts,
  };
  let at = startsAt - every;
  let history = known;
  let states: Readonly<Record<string, FindingState>> = {};
  let firstRun = !remembers;

  return {
    look(servers: readonly TargetReadings[], after: Duration = every, looks: readonly DnsLook[] = []): Look {
      at += after;
      const about: About = { facts: cluster, book, at, firstRun };
      const snapshot: Snapshot = { at, servers, looks };
      const judged = judge(diagnosis, snapshot, {
        ...about,
        history,
        failures: (read) =>
          failuresOf(read, [
            ...(['varz', 'leafz', 'healthz', 'jsz', 'streams', 'consumers', 'routez', 'gatewayz'] as const),
            ...(['closed', 'accstatz', 'clients', 'services'] as const),
          ]),
      });
      const { judgements } = judged;
      const carried = carryFindings({
        ...about,
        ...{ judgements, states, every, remindAfter: remindAfter ?? hours(24) },
      });
      history = { ...history, ...judged.history };
      const current = carried.current.map((each) =>
        details === undefined ? each : enriched(each, carried.changes, about, details),
      );
      const kept = current.flatMap(({ key, state }) =>
        key in carried.states ? [[key, state] as const] : [],
      );
      states = { ...carried.states, ...Object.fromEntries(kept) };
      firstRun = false;
      const composed = current.map((each) => ({
        current: each,
        finding: compose(each.state, each.severity, describeFinding(diagnosis, each.crossing, about), {
          facts: cluster,
          group: 'servers',
          diagnosis,
          target: each.judgement.target,
        }),
      }));
      const check = defineCheck({
        id: 'test',
        title: '',
        group: 'servers',
        every: minutes(1),
        diagnoses: [diagnosis],
        series: [],
      });
      const targets = servers.map(({ target }) => target);
      const answers = entries(check, cluster, targets, { judgements, composed, observed: [] });
      return {
        outcomes: Object.fromEntries(answers.map(({ target, outcome }) => [target ?? 'cluster', outcome])),
        seen: Object.fromEntries(
          answers.map(({ target, diagnoses: [only] }) => [target ?? 'cluster', only?.seen ?? '']),
        ),
        findings: composed.map(({ finding }) => finding),
        notices: carried.changes.map(({ kind, severity, finding }) => ({
          kind,
          severity,
          entity: finding.entity.name,
        })),
      };
    },
    /** The current run's time, epoch ms. */
    at: () => at,
  };
}
