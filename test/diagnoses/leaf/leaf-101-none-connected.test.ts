import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-101-none-connected.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';
import { hub, leafServer } from './servers.ts';

const facts = { expect: { leafnodes: 2 } };
const refused = (count: number, reason = 'Authentication Failure') =>
  Array.from({ length: count }, (_, i) => ({
    name: 'leaf1',
    ip: '10.0.9.1',
    version: '2.15.1',
    reason,
    lifetimeSeconds: 0.003,
    stoppedAt: firstMinute - 1_000 * i,
  }));

describe('LEAF_101, no leafnode connected', () => {
  it('is quiet while one server has one leafnode', () => {
    const look = watching(diagnosis, { facts }).look([hub('hub1'), hub('hub2', { leafs: [{}] })]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
    expect(look.seen).toEqual({ cluster: '1 leafnode connection on 2 servers' });
  });

  it('is critical in the sixth minute without any, not before', () => {
    const watch = watching(diagnosis, { facts, remembers: true });
    watch.look([hub('hub1', { leafs: [{}] })]);
    const outcomes = [1, 2, 3, 4, 5, 6].map(() => watch.look([hub('hub1')]).outcomes['cluster']);
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'critical']);
  });

  it('does not wait on a first run, and says that the duration is not known', () => {
    const [finding] = watching(diagnosis, { facts }).look([hub('hub1')]).findings;
    expect(finding).toMatchObject({
      severity: 'critical',
      durationKnown: false,
      observed: 0,
      alarm: 'nats/c1/NatsLeafNodeConnectionIssue/critical',
    });
  });

  it('asks nothing where no leafnodes are expected', () => {
    expect(watching(diagnosis).look([hub('hub1')]).outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('expects names as well as a number', () => {
    const named = { expect: { leafnodes: ['leaf1', 'leaf2'] } };
    const [finding] = watching(diagnosis, { facts: named }).look([hub('hub1')]).findings;
    expect(finding?.summary).toBe(
      'No leafnode is connected to cluster c1 (1 server), expected: leaf1, leaf2; no attempt was seen in 10 min.',
    );
  });

  it('cannot say none while a server is silent, which may have them', () => {
    const look = watching(diagnosis, { facts }).look([hub('hub1'), server('hub2', { varz: failing() })]);
    expect(look.outcomes).toEqual({ cluster: 'unknown' });
    expect(look.seen).toEqual({ cluster: 'none on 1 server, but hub2 could not be read' });
  });

  it('is quiet beside a silent server as soon as another one has a leafnode', () => {
    const servers = [hub('hub1', { leafs: [{}] }), server('hub2', { varz: failing() })];
    expect(watching(diagnosis, { facts }).look(servers).outcomes).toEqual({ cluster: 'ok' });
  });

  it('never calls silence healthy', () => {
    const look = watching(diagnosis, { facts }).look([server('hub1', { varz: failing() })]);
    expect(look.outcomes).toEqual({ cluster: 'unknown' });
  });

  it('keeps an open finding while the servers cannot be read', () => {
    const watch = watching(diagnosis, { facts });
    watch.look([hub('hub1')]);
    const silent = watch.look([server('hub1', { varz: failing() })], minutes(30));
    expect(silent.notices).toEqual([]);
    expect(watch.look([hub('hub1', { leafs: [{}] })]).notices).toEqual([]);
    expect(watch.look([hub('hub1', { leafs: [{}] })]).notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });

  describe('says which it is', () => {
    const noListener = server('hub1', { varz: varz({ leafnodes: 0, leaf: { port: 0, remotes: [] } }) });
    const remote = { local_account: 'APP', urls: ['10.0.0.1:7422'] };

    it('no server listens for leafnodes', () => {
      const [finding] = watching(diagnosis, { facts }).look([noListener]).findings;
      expect(finding?.summary).toMatch(/; no server listens for leafnodes\.$/);
      expect(finding?.evidence).toContain('hub1: no leafnode listener');
      expect(finding?.remedy).toMatch(/leafnodes \{ port: 7422 \}/);
    });

    it('attempts are refused: how many, why, and whose', () => {
      const rows = [...refused(12), ...refused(2, 'TLS Handshake Failure')];
      const [finding] = watching(diagnosis, { facts }).look([
        hub('hub1', { ended: rows }),
        hub('hub2'),
      ]).findings;
      expect(finding?.summary).toBe(
        'No leafnode is connected to cluster c1 (2 servers), expected: 2; 14 attempts in 10 min failed ' +
          '(Authentication Failure 12, TLS Handshake Failure 2).',
      );
      expect(finding?.evidence[0]).toBe('who tried: leaf1');
      expect(finding?.remedy).toMatch(/credentials/);
    });

    it('none was seen: DNS, security group, firewall', () => {
      const [finding] = watching(diagnosis, { facts }).look([hub('hub1')]).findings;
      expect(finding?.summary).toMatch(/; no attempt was seen in 10 min\.$/);
      expect(finding?.remedy).toMatch(/no such host.*security group/s);
    });

    it('closed connections could not be read either: it does not claim that none tried', () => {
      const blind = server('hub1', {
        varz: varz({ leafnodes: 0, leaf: { port: 7_422, remotes: [] } }),
        closed: failing(),
      });
      const [finding] = watching(diagnosis, { facts }).look([blind]).findings;
      expect(finding?.summary).toMatch(/; whether any leafnode tries to connect is not known\.$/);
      expect(finding?.evidence).toContain('closed connections of hub1 could not be read');
    });

    it('a leaf server without a listener is no missing listener: it dials', () => {
      const [finding] = watching(diagnosis, { facts }).look([leafServer('leaf1', [remote])]).findings;
      expect(finding?.summary).toMatch(/; no attempt was seen in 10 min\.$/);
      expect(finding?.evidence).toContain('leaf1: no leafnode listener, dials 1 remote');
      expect(finding?.remedy).toMatch(/^These servers listen for no leafnodes, they dial their hubs/);
    });

    it.each(['Authentication Failure', 'Protocol Violation'])(
      'what is no NATS is no login, however long a busy server takes, closed as %s',
      (reason) => {
        const rows = refused(3, reason).map((row, i) => ({
          ...row,
          ...{ name: undefined, version: undefined, lifetimeSeconds: [0.003, 0.4, 3][i] ?? 0 },
        }));
        const [finding] = watching(diagnosis, { facts }).look([hub('hub1', { ended: rows })]).findings;
        expect(finding?.summary).toMatch(/; 3 attempts in 10 min did not speak NATS\.$/);
        expect(finding?.evidence[0]).toBe('who tried: 10.0.9.1');
        expect(finding?.remedy).not.toMatch(/credentials|login/);
        const beside = watching(diagnosis, { facts }).look([
          hub('hub1', { ended: [...rows, ...refused(2)] }),
        ]);
        expect(beside.findings[0]?.summary).toMatch(
          /; 2 attempts in 10 min failed \(Authentication Failure 2\)\.$/,
        );
      },
    );

    it('one that was let in and ended soon was not refused: no login is blamed', () => {
      const row = { name: 'leaf1', account: 'APP', version: '2.15.1', reason: 'Client Closed' };
      const rows = Array.from({ length: 4 }, () => ({ ...row, lifetimeSeconds: 4, subscriptions: 5 }));
      const [finding] = watching(diagnosis, { facts }).look([hub('hub1', { ended: rows })]).findings;
      expect(finding?.summary).toMatch(/; no attempt was seen since 2026-11-20 09:59 UTC\.$/);
      expect(finding?.evidence[0]).toBe(
        'last one connected: APP/leaf1 on hub1 until 2026-11-20 09:59 UTC (Client Closed)',
      );
    });

    it('a remote is told by its URLs, whatever address it had', () => {
      const rows = ['10.0.0.1', '10.0.0.2'].map((ip) => ({
        ...{ reason: 'Client Closed', account: 'APP', lifetimeSeconds: 0.003, port: 7_422 },
        ip,
      }));
      const remotes = [{ local_account: 'APP', urls: ['hubs.example.com:7422'] }];
      const leaf1 = leafServer('leaf1', remotes, { ended: rows });
      expect(watching(diagnosis, { facts }).look([leaf1]).findings[0]?.evidence[0]).toBe(
        'who tried: leaf1 -> APP/hubs.example.com:7422',
      );
    });
  });

  it('counts an attempt once where hub and leaf server are both watched', () => {
    const remote = { local_account: 'APP', urls: ['10.0.0.1:7422'] };
    const dialled = {
      reason: 'Client Closed',
      account: 'APP',
      ip: '10.0.0.1',
      port: 7_422,
      lifetimeSeconds: 0.003,
    };
    const leaf1 = leafServer('leaf1', [remote], { ended: [dialled, dialled] });
    const both = watching(diagnosis, { facts }).look([hub('hub1', { ended: refused(2) }), leaf1]);
    expect(both.findings[0]?.summary).toMatch(
      /; 2 attempts in 10 min failed \(Authentication Failure 2\)\.$/,
    );
    const alone = watching(diagnosis, { facts }).look([leaf1]);
    expect(alone.findings[0]?.summary).toMatch(/; 2 attempts in 10 min failed \(Client Closed 2\)\.$/);
  });

  it('does not take health checks of a load balancer for attempts', () => {
    const probe = { reason: 'Client Closed', lifetimeSeconds: 0.001, ip: '10.0.1.5' };
    const [finding] = watching(diagnosis, { facts }).look([
      hub('hub1', { ended: [probe, { ...probe, reason: 'Read Error' }] }),
    ]).findings;
    expect(finding?.summary).toMatch(/; no attempt was seen in 10 min\.$/);
  });

  it('counts attempts of earlier runs for 10 minutes, and no longer', () => {
    const watch = watching(diagnosis, { facts });
    watch.look([hub('hub1', { ended: refused(3) })]);
    expect(watch.look([hub('hub1')], minutes(9)).findings[0]?.summary).toMatch(/3 attempts in 10 min failed/);
    expect(watch.look([hub('hub1')], minutes(2)).findings[0]?.summary).toMatch(/no attempt was seen/);
  });

  it('tells a leafnode that was connected and ended from an attempt', () => {
    const ended = { name: 'leaf1', version: '2.15.1', reason: 'Stale Connection', lifetimeSeconds: 10 };
    const [finding] = watching(diagnosis, { facts }).look([hub('hub1', { ended: [ended] })]).findings;
    expect(finding?.summary).toMatch(/no attempt was seen/);
    expect(finding?.evidence[0]).toBe(
      'last one connected: leaf1 on hub1 until 2026-11-20 09:59 UTC (Stale Connection)',
    );
    const tried = watching(diagnosis, { facts }).look([
      hub('hub1', { ended: [{ ...ended, lifetimeSeconds: 9.9 }] }),
    ]).findings;
    expect(tried[0]?.summary).toMatch(/1 attempt in 10 min failed/);
  });
});
