import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-001-memory-outlier.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { failing, server, varz, watching } from '../../kit.ts';
import { GiB, MiB } from '../server/running.ts';

const member = (name: string, mem: number, changes: Partial<Varz> = {}) =>
  server(name, {
    varz: varz({
      server_id: name,
      server_name: name,
      mem: Math.round(mem),
      uptime: 6 * 3_600,
      cluster: { name: 'C', cluster_port: 6222 },
      ...changes,
    }),
  });
type Servers = readonly ReturnType<typeof member>[];
const after = (minutes: number, servers: Servers) => {
  const watch = watching(diagnosis, { remembers: true });
  return Array.from({ length: minutes + 1 }, () => watch.look(servers)).at(-1);
};
const severities = (servers: Servers) =>
  after(30, servers)?.findings.map(({ severity, entity }) => `${severity} ${entity.name}`);

describe('CLUSTER_001, a server that uses far more memory than the others', () => {
  it.each([
    ['twice as much as each of two others', 4, []],
    ['more than that', 4.1, ['info n1']],
    ['four times as much', 8, ['info n1']],
    ['more than that', 8.1, ['warning n1']],
  ])('uses %s', (_, gibibytes, expected) => {
    const servers = [member('n1', gibibytes * GiB), member('n2', 2 * GiB), member('n3', 2 * GiB)];
    expect(severities(servers)).toEqual(expected);
  });

  it('is told with what each of them holds', () => {
    const [finding] =
      after(30, [
        member('n1', 9 * GiB, { connections: 900, subscriptions: 5_000 }),
        member('n2', GiB, { connections: 10, subscriptions: 5_000 }),
        member('n3', 2 * GiB, { connections: 20, subscriptions: 5_000 }),
      ])?.findings ?? [];
    expect(finding).toMatchObject({
      summary: 'n1 uses 9 GiB of memory, 2.25 times the average of cluster C (4 GiB).',
      evidence: [
        'n1: 9 GiB, 900 clients, 5,000 subscriptions',
        'n2: 1 GiB, 10 clients, 5,000 subscriptions',
        'n3: 2 GiB, 20 clients, 5,000 subscriptions',
      ],
    });
  });

  it('is no trouble while it is little, however many times it is', () => {
    expect(severities([member('n1', 700 * MiB), member('n2', 10 * MiB), member('n3', 10 * MiB)])).toEqual([]);
    expect(severities([member('n1', 900 * MiB), member('n2', 10 * MiB), member('n3', 10 * MiB)])).toEqual([
      'warning n1',
    ]);
  });

  it('is told after half an hour', () => {
    const servers = [member('n1', 9 * GiB), member('n2', GiB), member('n3', GiB)];
    expect(after(29, servers)?.notices).toEqual([]);
    expect(after(30, servers)?.notices).toEqual([{ kind: 'opened', severity: 'warning', entity: 'n1' }]);
  });

  it('is compared with servers that have run for six hours: who has just started uses little', () => {
    const fresh = { uptime: 6 * 3_600 - 1 };
    const servers = [member('n1', 4 * GiB), member('n2', GiB, fresh), member('n3', GiB, fresh)];
    expect(after(30, servers)).toMatchObject({ findings: [], outcomes: { cluster: 'not-applicable' } });
  });

  it('is compared within its cluster, of three at least', () => {
    const elsewhere = { cluster: { name: 'D', cluster_port: 6222 } };
    const two = [member('n1', 9 * GiB), member('n2', GiB), member('n3', GiB, elsewhere)];
    expect(after(30, two)?.outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('is not known where too few could be read', () => {
    const servers = [member('n1', 9 * GiB), member('n2', GiB), server('n3', { varz: failing() })];
    expect(after(30, servers)?.outcomes).toEqual({ cluster: 'unknown' });
  });
});
