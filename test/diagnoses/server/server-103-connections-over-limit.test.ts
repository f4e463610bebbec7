import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-103-connections-over-limit.ts';
import { minutes } from '../../../lambdas/define.ts';
import { decodedVarz, failing, server, varz, watching } from '../../kit.ts';

const holding = (connections: number, changes = {}) =>
  server('n1', { varz: varz({ connections, leafnodes: 0, ...changes }) });

describe('SERVER_103, more connections than wanted', () => {
  it('is quiet at the limit and trips one beyond', () => {
    expect(watching(diagnosis).look([holding(1_000)]).outcomes).toEqual({ n1: 'ok' });
    expect(watching(diagnosis).look([holding(1_001)]).outcomes).toEqual({ n1: 'warning' });
  });

  it('waits five minutes, as the rule does, when it saw the limit being crossed', () => {
    const watch = watching(diagnosis, { remembers: true });
    const outcomes = [0, 1, 2, 3, 4, 5].map(() => watch.look([holding(1_001)]).outcomes['n1']);
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'warning']);
  });

  it('counts leafnodes from 2.11.5 on, as /connz does', () => {
    const mixed = { leafnodes: 1 };
    expect(watching(diagnosis).look([holding(1_000, { ...mixed, version: '2.11.5' })]).outcomes).toEqual({
      n1: 'warning',
    });
    expect(watching(diagnosis).look([holding(1_000, { ...mixed, version: '2.11.4' })]).outcomes).toEqual({
      n1: 'ok',
    });
  });

  it('names the alarm that pages for it', () => {
    expect(
      watching(diagnosis)
        .look([holding(1_001)])
        .findings.map(({ alarm }) => alarm),
    ).toEqual(['nats/c1/NatsHighNumberOfConnections/n1/warning']);
  });

  it('never calls silence healthy', () => {
    expect(watching(diagnosis).look([server('n1', { varz: failing() })]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('shows load, churn and the spread over the cluster', () => {
    const watch = watching(diagnosis);
    const peer = server('n2', { varz: varz({ connections: 12, leafnodes: 0 }) });
    watch.look([holding(1_001, { total_connections: 2_000 }), peer]);
    const later = holding(1_100, { total_connections: 2_300, cpu: 55, mem: 64 * 1_024 ** 2, cores: 4 });
    const [finding] = watch.look([later, peer], minutes(1)).findings;
    expect(finding?.summary).toBe('n1 holds 1,100 connections, above the limit of 1,000.');
    expect(finding?.evidence).toEqual([
      'CPU 55 % of one core (4 cores), memory 64 MiB',
      'traffic: 0 messages/s in, 0 B/s in, 0 B/s out',
      'churn: 300 came in 60 s, refused ones included',
      'elsewhere in the cluster: n2 12',
    ]);
  });

  it('is told without the figures that cannot be: they only illustrate it', () => {
    const watch = watching(diagnosis);
    const strange = (changes = {}) =>
      server('n1', {
        varz: decodedVarz({ connections: 1_100, leafnodes: 0, cpu: -3, in_msgs: -1, ...changes }),
      });
    const peers = [
      server('n2', { varz: varz({ connections: 12, leafnodes: 0 }) }),
      server('n3', { varz: decodedVarz({ connections: -3 }) }),
    ];
    watch.look([strange({ total_connections: 2_000 }), ...peers]);
    const { outcomes, findings } = watch.look([strange({ total_connections: 2 ** 65, mem: -1 }), ...peers]);
    expect(outcomes).toEqual({ n1: 'warning', n2: 'ok', n3: 'unknown' });
    expect(findings[0]?.evidence).toEqual(['CPU unknown, memory unknown', 'elsewhere in the cluster: n2 12']);
  });
});
