import { httpSource, type HttpSourceOptions } from '../../lambdas/adapters/http/source.ts';
import { tlsHandshakes } from '../../lambdas/adapters/tls/handshakes.ts';
import { processMemory } from '../../lambdas/adapters/memory/file.ts';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes, seconds, type Duration } from '../../lambdas/durations.ts';
import type { Outcome } from '../../lambdas/engine/findings/outcome.ts';
import type { Entry, Finding, RunReport } from '../../lambdas/engine/findings/report.ts';
import type { Datapoint, Memory, Message, Ports, Source } from '../../lambdas/ports.ts';
import type { Target } from '../../lambdas/readings/reading.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import { unsent } from '../../infra/local/look.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import type { NatsServer } from '../services/nats-server.ts';

export type LiveLook = {
  readonly report: RunReport;
  readonly findings: readonly Finding[];
  /** Findings in short: `LEAF_102 warning leaf2`. */
  readonly found: readonly string[];
  /** Notices in short, by the severity they go out under: `opened LEAF_102 warning leaf2`. */
  readonly reported: readonly string[];
  /** By server name; `cluster` for the cluster as a whole. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly datapoints: readonly Datapoint[];
  readonly messages: readonly Message[];
  /** Every state that the run saved, as text. */
  readonly saved: readonly string[];
};

/** Settings beyond the targets, and the world of a run where a test needs another than its own. */
export type Watching = {
  /** Of the cluster: `{ expect: { leafnodes: 2 } }`. */
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly http?: Partial<HttpSourceOptions>;
  /** What synth made of rules; the built-in ones by default. */
  readonly plan?: RulePlan;
  /** Epoch ms, to which the looks add what they are ahead: two watches of one clock give the same times. */
  readonly clock?: () => number;
  /** Servers' time goes ahead with the looks too: they, and what they date, such as a last message, grow old. */
  readonly serversAge?: true;
};

/**
 * One check on real servers, run after run with a memory of its own. Real time passes as it likes; each look is
 * `after` later by the run's clock, so that durations can be tested without waiting for them.
 */
export function watchingLive(
  checkId: string,
  targets: readonly Pick<Target, 'name' | 'url'>[],
  { cluster = {}, limits = {}, http = {}, clock = Date.now, plan, serversAge }: Watching = {},
) {
  const raw = {
    clusters: [{ name: 'live', targets: targets.map(({ name, url }) => ({ name, url })), ...cluster }],
    limits,
  };
  const { settings, book, translated } = understand(raw, 'live test');
  const check = only(checks.filter(({ id }) => id === checkId));
  const watch = only(watchesOf(settings, book, { ...(plan ?? translated.plan), published: null }));
  const memory = listening(processMemory());
  let ahead = 0;
  const starts = new Map<string, number>();

  const look = async (after: Duration = minutes(1)): Promise<LiveLook> => {
    const before = ahead;
    ahead += after;
    const now = () => clock() + ahead;
    const [datapoints, messages]: [Datapoint[], Message[]] = [[], []];
    const source = httpSource({ timeoutMs: seconds(60), ...http });
    const ports: Ports = {
      source: serversAge === undefined ? source : ageing(source, { ahead, before, starts }),
      names: source,
      handshakes: tlsHandshakes({ timeoutMs: seconds(60) }),
      memory,
      now,
      log: { info: () => {}, warn: throwWarning },
      metrics: { put: (sent) => Promise.resolve(void datapoints.push(...sent)) },
      series: unsent,
      notices: { publish: (sent) => Promise.resolve(void messages.push(...sent)) },
    };
    const report = await run(check, watch, ports, now()).finally(() => source.close());
    if (report === null) throw new Error('the minute was claimed before');
    return { ...lookOf(report), datapoints, messages, saved: memory.takeSaved() };
  };
  return {
    look,
    /** So many looks, a minute apart each. */
    async looks(count: number): Promise<readonly LiveLook[]> {
      const taken: LiveLook[] = [];
      for (let i = 0; i < count; i += 1) taken.push(await look());
      return taken;
    },
  };
}

type Ageing = {
  /** By how much this look and the one before are ahead, ms. */
  readonly ahead: number;
  readonly before: number;
  /** By how much the look before was ahead when a start was first seen, by target and start: that much later it is shown. */
  readonly starts: Map<string, number>;
};

/** Replies of later, from servers that are up for so much longer unless they started since the last look. */
const ageing = (source: Source, { ahead, before, starts }: Ageing): Source => ({
  async read(target, request) {
    const reading = await source.read(target, request);
    if (!reading.ok) return reading;
    const json = reading.value.json as { readonly now?: string; readonly start?: string };
    if (json.now === undefined) return reading;
    const now = Date.parse(json.now) + ahead;
    const aged = { ...json, now: new Date(now).toISOString() };
    if (json.start === undefined) return { ok: true, value: { ...reading.value, json: aged } };
    const key = `${target.name} ${json.start}`;
    const shift = starts.get(key) ?? before;
    starts.set(key, shift);
    const start = Date.parse(json.start) + shift;
    const up = { start: new Date(start).toISOString(), uptime: `${Math.floor((now - start) / 1_000)}s` };
    return { ok: true, value: { ...reading.value, json: { ...aged, ...up } } };
  },
});

function lookOf(report: RunReport) {
  const findings = report.entries.flatMap((entry) => entry.findings);
  const short = ({ diagnosis, entity }: Finding, severity: string) =>
    `${diagnosis} ${severity} ${entity.name}`;
  return {
    report,
    findings,
    found: findings.map((finding) => short(finding, finding.severity)),
    reported: report.notices.map(({ kind, severity, finding }) => `${kind} ${short(finding, severity)}`),
    outcomes: Object.fromEntries(
      report.entries.map(({ target, outcome }) => [target ?? 'cluster', outcome] as const),
    ),
  };
}

/** The memory itself, and the states that were saved in it since they were last taken. */
function listening(memory: Memory): Memory & { readonly takeSaved: () => readonly string[] } {
  const saved: string[] = [];
  return {
    async claim(key, minute) {
      const claimed = await memory.claim(key, minute);
      if (claimed === null) return null;
      return {
        ...claimed,
        save: (state, outbox) => {
          saved.push(state);
          return claimed.save(state, outbox);
        },
      };
    },
    takeSaved: () => saved.splice(0),
  };
}

/** What one diagnosis answered, by server; `cluster` for the cluster as a whole. */
export const answersOf = (look: LiveLook, diagnosis: string): Readonly<Record<string, Answer>> =>
  Object.fromEntries(
    look.report.entries.flatMap(({ target, diagnoses: all }) =>
      all
        .filter(({ id }) => id === diagnosis)
        .map(({ outcome, seen }) => [target ?? 'cluster', { outcome, seen }] as const),
    ),
  );
type Answer = Omit<Entry['diagnoses'][number], 'id'>;

/** Servers as targets. */
export const targetsOf = (...servers: readonly NatsServer[]): readonly Pick<Target, 'name' | 'url'>[] =>
  servers.map(({ name, monitoringUrl }) => ({ name, url: monitoringUrl }));

function throwWarning(message: string): never {
  throw new Error(`a run warned: ${message}`);
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`expected one, there are ${items.length}`);
  return item;
}
