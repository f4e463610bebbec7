import type { RunDocument } from '../../../../infra/local/document.ts';
import type { Entry, Finding } from '../../../../lambdas/engine/findings/report.ts';
import type { Failure } from '../../../../lambdas/readings/reading.ts';
import { finding as findingInFull } from '../../../engine/findings/notices.ts';

export const at = '2026-11-20T10:07:00.000Z';

export const finding = (changes: Partial<Finding> = {}): Finding =>
  findingInFull({
    labels: {},
    evidence: ['room for 100 more'],
    remedy: 'Close what leaks.\nElse raise the limit.',
    commands: ['nats server report connections --top 20', "curl -s 'http://hub1:8222/varz'"],
    ...changes,
  });

export const entry = (changes: Partial<Entry> = {}): Entry => ({
  check: 'connection-count',
  scope: 'server',
  cluster: 'prod',
  target: 'hub1',
  outcome: 'ok',
  diagnoses: [
    { id: 'SERVER_103', outcome: 'ok', seen: '900 connections' },
    { id: 'SERVER_102', outcome: 'ok', seen: 'every endpoint answers' },
  ],
  observations: [],
  findings: [],
  ...changes,
});

/** What one diagnosis says, on a check of its own. */
export const said = (
  check: string,
  target: string | null,
  outcome: Entry['outcome'],
  seen: string,
  findings: readonly Finding[] = [],
): Entry =>
  entry({
    ...{ check, target, outcome, findings },
    scope: target === null ? 'cluster' : 'server',
    diagnoses: [{ id: 'X_001', outcome, seen }],
  });

/** What one diagnosis could not tell without these servers, and what it says besides. */
export const saidWithout = (
  check: string,
  target: string | null,
  servers: readonly string[],
  seen: string,
  { outcome = 'unknown', besides = seen, alone = true, findings = [] }: Besides = {},
): Entry => ({
  ...said(check, target, outcome, seen, findings),
  diagnoses: [{ id: 'X_001', outcome, seen, without: { servers, alone, seen: besides } }],
});
type Besides = {
  readonly outcome?: Entry['outcome'];
  readonly besides?: string;
  readonly alone?: boolean;
  readonly findings?: readonly Finding[];
};

type Target = RunDocument['targets'][number];

export const target = (name: string, changes: Partial<Target> = {}): Target => ({
  ...{ cluster: 'prod', name, url: `http://${name}:8222`, serverName: name },
  ...{ reachable: true, version: '2.15.1', failure: null },
  ...changes,
});

export const refused = (name: string): Failure => ({
  code: 'unreachable',
  message: `${name} /varz: no connection to http://${name}:8222: ECONNREFUSED (server down, or its http_port is another one)`,
});

export const dead = (name: string, changes: Partial<Target> = {}): Target =>
  target(name, { serverName: null, reachable: false, version: null, failure: refused(name), ...changes });

export const down = (name: string): Finding =>
  finding({
    diagnosis: 'SERVER_101',
    title: 'No usable answer from a server',
    severity: 'critical',
    target: name,
    entity: { kind: 'server', name },
    summary: `${name} does not answer (unreachable); it did within the last hour.`,
    observed: 0,
    limit: 1,
    unit: 'count',
    trend: null,
    evidence: [refused(name).message],
    commands: [
      `curl -sS -m 5 'http://${name}:8222/varz' | head -5; curl -sS -m 5 'http://${name}:8222/healthz'`,
    ],
  });

/** What seven checks say of a server that does not answer. */
export const silent = (name: string): readonly Entry[] => [
  saidWithout('server-up', name, [name], refused(name).message, {
    outcome: 'critical',
    findings: [down(name)],
  }),
  ...['connection-count', 'connection-stopped', 'leafnode-connections', 'rule-series'].map((check) =>
    saidWithout(check, name, [name], refused(name).message),
  ),
];

export const documentOf = (targets: readonly Target[], ...checks: readonly Entry[]): RunDocument => ({
  takenAt: at,
  targets,
  checks,
});

export const crowded = entry({
  outcome: 'warning',
  diagnoses: [
    { id: 'SERVER_103', outcome: 'ok', seen: '900 connections' },
    { id: 'SERVER_011', outcome: 'warning', seen: '900 of 1,000 connections (90 %)' },
  ],
  findings: [finding()],
});

/** A cluster of three: one crowded, one that hangs when asked for connections, one dead. */
export const troubled = (): RunDocument =>
  documentOf(
    [target('hub1', { serverName: 'nats-0' }), target('hub2'), dead('hub3', { serverName: 'nats-2' })],
    crowded,
    said(
      'connection-count',
      'hub2',
      'unknown',
      'hub2 /connz: no answer within 5 s from http://hub2:8222 (a hanging server)',
    ),
    ...silent('hub3'),
    saidWithout('connection-count', null, ['hub3'], 'no connect storm; hub3 could not be read', {
      besides: 'no connect storm',
    }),
    saidWithout('leafnode-connections', null, ['hub3'], 'hub3 could not be read: a leafnode may be there'),
    ...['hub1', 'hub2'].map((name) => said('server-up', name, 'ok', 'up, 2.15.1')),
    said('rule-series', 'hub1', 'ok', '3 evaluated rules, none fires'),
    entry({ scope: 'cluster', target: null, outcome: 'not-applicable', diagnoses: [] }),
  );
