import type { Notice } from '../../../lambdas/engine/findings/report.ts';
import type { Finding } from '../../../lambdas/engine/findings/report.ts';

const at = Date.parse('2026-11-20T10:07:00Z');
export const context = { check: 'connection-count', cluster: 'prod', at };

export const finding = (changes: Partial<Finding> = {}): Finding => ({
  diagnosis: 'SERVER_011',
  title: 'Connections near the server maximum',
  severity: 'warning',
  cluster: 'prod',
  target: 'hub1',
  entity: { kind: 'server', name: 'hub1' },
  labels: { team: 'platform', az: 'eu-central-1a' },
  summary: 'hub1 holds 900 of at most 1,000 connections: 90 %, limit 80 %.',
  observed: 0.9,
  limit: 0.8,
  unit: 'ratio',
  since: '2026-11-20T10:02:00.000Z',
  durationKnown: true,
  trend: 'up from 82 %',
  evidence: ['room for 100 more', 'client names: ingest 700 (78 %), (unnamed) 200 (22 %)'],
  why: 'At `max_connections` the server refuses every further client with "Maximum Connections Exceeded".',
  remedy: 'Find who holds the connections and close what leaks.\nIf the load is legitimate, raise the limit.',
  commands: [
    'nats server report connections --top 20',
    "curl -s 'http://10.0.1.10:8222/varz' | grep connections",
  ],
  manual: 'https://wiki.example/checks#server_011',
  alarm: null,
  ...changes,
});
export const notice = (changes: Partial<Notice> = {}, of: Partial<Finding> = {}): Notice => ({
  id: `connection-count/prod/${of.entity?.name ?? 'hub1'}`,
  kind: 'opened',
  severity: 'warning',
  finding: finding(of),
  ...changes,
});
export const named = (name: string) => notice({}, { entity: { kind: 'client', name } });
