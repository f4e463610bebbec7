import {
  above,
  atLeast,
  atMost,
  below,
  defineCheck,
  defineDiagnosis,
  defineSeries,
  measured,
  minutes,
} from '../../lambdas/define.ts';
import type { Check, Diagnosis } from '../../lambdas/define.ts';
import type { Limit } from '../../lambdas/limits.ts';

/** A catalogue of the shapes that alarms are derived from; what it is made of stays the same when checks change. */

type Small = {
  readonly id: string;
  readonly limits?: Readonly<Record<string, Limit>>;
  readonly for?: Diagnosis['for'];
  readonly rule?: Diagnosis['rule'];
  readonly why?: string;
  readonly remedy?: string;
};

export const diagnosis = ({ id, limits = {}, for: hold = minutes(0), rule, why, remedy }: Small): Diagnosis =>
  defineDiagnosis({
    id,
    title: `Title of ${id}`,
    scope: 'server',
    reads: {},
    history: {},
    limits,
    for: hold,
    ...(rule && { rule }),
    why: why ?? `Why ${id} matters.`,
    remedy: remedy ?? `What to do about ${id}.`,
    evaluate: () => measured('nothing', []),
    describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
  });

export const series = (
  name: string,
  scope: 'server' | 'cluster',
  by?: { label: string; words: string[] },
) => {
  const base = { name, help: name, unit: 'count', reads: {}, observe: () => 0, ...(by && { by }) } as const;
  return scope === 'server' ? defineSeries({ ...base, scope }) : defineSeries({ ...base, scope });
};

const of = { unit: 'count', of: 'connections' } as const;

export const connections: Check = defineCheck({
  id: 'connection-count',
  title: 'Connections',
  group: 'connections',
  every: minutes(1),
  series: [series('gnatsd_connz_num_connections', 'server')],
  diagnoses: [
    diagnosis({
      id: 'CONN_001',
      limits: { connections: above({ warning: 1_000 }, of) },
      for: minutes(5),
      rule: { alert: 'NatsHighNumberOfConnections', limit: 'connections' },
    }),
    diagnosis({
      id: 'CONN_002',
      limits: { share: atLeast({ warning: 0.8, critical: 0.95 }, { unit: 'ratio', of: 'share' }) },
    }),
  ],
});

export const leafnodes: Check = defineCheck({
  id: 'leafnode-connections',
  title: 'Leafnode connections',
  group: 'leafnodes',
  every: minutes(1),
  series: [series('gnatsd_varz_leafnodes', 'server')],
  diagnoses: [
    diagnosis({
      id: 'LEAF_001',
      limits: { leafnodes: atMost({ critical: 0 }, { unit: 'count', of: 'leafnodes of the cluster' }) },
      for: minutes(5),
      rule: {
        alert: 'NatsLeafNodeConnectionIssue',
        limit: 'leafnodes',
        where: ({ expect }) => expect.leafnodes !== undefined,
      },
    }),
  ],
});

export const serverUp: Check = defineCheck({
  id: 'server-up',
  title: 'Server up',
  group: 'servers',
  every: minutes(1),
  series: [series('up', 'server')],
  diagnoses: [
    diagnosis({
      id: 'SERVER_001',
      limits: { up: below({ critical: 1 }, { unit: 'count', of: 'up' }) },
      for: minutes(2),
      rule: { alert: 'NatsServerDown', limit: 'up' },
    }),
  ],
});

export const checks: readonly Check[] = [serverUp, leafnodes, connections];

/** The rules whose limits these diagnoses have. */
export const ruleFile = `
groups:
  - name: sample
    rules:
      - alert: NatsServerDown
        expr: up == 0
        for: 2m
        labels: { severity: critical, diagnosis: SERVER_001 }
      - alert: NatsLeafNodeConnectionIssue
        expr: sum(gnatsd_varz_leafnodes) <= 0 and on () min(up) == 1
        for: 5m
        labels: { severity: critical, diagnosis: LEAF_001 }
      - alert: NatsHighNumberOfConnections
        expr: gnatsd_connz_num_connections > 1000
        for: 5m
        labels: { severity: warning, diagnosis: CONN_001 }
`;
