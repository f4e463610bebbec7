import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-103-remote-down.ts';
import { failing, firstMinute, leafz, server, varz, watching } from '../../kit.ts';
import { hub, leafServer, spoke, unnamed } from './servers.ts';

const east = { local_account: 'APP', urls: ['10.0.0.1:7422', '10.0.0.2:7422'] };
const west = { local_account: 'APP', urls: ['10.1.0.1:7422'] };
const outcome = (...servers: Parameters<ReturnType<typeof watching>['look']>[0]) =>
  watching(diagnosis).look(servers).outcomes;

describe('LEAF_103, a remote that is down', () => {
  it('is quiet while every remote has a connection, whichever of its URLs it chose', () => {
    const leaf1 = leafServer('leaf1', [east, west], {
      leafs: [spoke({ ip: '10.0.0.2' }), spoke({ ip: '10.1.0.1' })],
    });
    const look = watching(diagnosis).look([leaf1]);
    expect(look.outcomes).toEqual({ leaf1: 'ok' });
    expect(look.seen).toEqual({ leaf1: '2 of 2 remotes connected' });
  });

  it('warns in the sixth minute without a connection, not before', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([leafServer('leaf1', [east], { leafs: [spoke()] })]);
    const outcomes = [1, 2, 3, 4, 5, 6].map(
      () => watch.look([leafServer('leaf1', [east])]).outcomes['leaf1'],
    );
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'warning']);
  });

  it('counts a remote with several URLs once', () => {
    expect(outcome(leafServer('leaf1', [east], { leafs: [spoke()] }))).toEqual({ leaf1: 'ok' });
  });

  it('names the one that is down where addresses tell', () => {
    const leaf1 = leafServer('leaf1', [east, west], { leafs: [spoke({ ip: '10.0.0.2' })] });
    const [finding] = watching(diagnosis).look([leaf1]).findings;
    expect(finding?.summary).toBe(
      'leaf1 has no leafnode connection for 1 of its 2 remotes of account APP: 10.1.0.1:7422; ' +
        'no connection came about in 10 min.',
    );
    expect(finding).toMatchObject({ entity: { kind: 'remote', name: 'leaf1 -> APP' }, observed: 1 });
  });

  it('tells remotes apart by port where their hosts are names', () => {
    const remotes = [
      { local_account: 'APP', urls: ['east.example.com:7422'] },
      { local_account: 'APP', urls: ['west.example.com:7423'] },
    ];
    const leaf1 = leafServer('leaf1', remotes, { leafs: [spoke({ ip: '10.0.0.7', port: 7_422 })] });
    expect(watching(diagnosis).look([leaf1]).findings[0]?.summary).toMatch(/: west\.example\.com:7423; /);
  });

  it('does not guess which it is where neither address nor port tells', () => {
    const remotes = ['east', 'west'].map((name) => ({
      local_account: 'APP',
      urls: [`${name}.example.com:7422`],
    }));
    const leaf1 = leafServer('leaf1', remotes, { leafs: [spoke({ ip: '10.0.0.7' })] });
    const [finding] = watching(diagnosis).look([leaf1]).findings;
    expect(finding?.summary).toMatch(
      /^leaf1 has no leafnode connection for 1 of its 2 remotes of account APP; /,
    );
    expect(finding?.evidence[0]).toBe(
      'which of them it is, /varz and /leafz do not show: east.example.com:7422; west.example.com:7422',
    );
  });

  it('looks at each account by itself', () => {
    const remotes = [east, { local_account: 'BILLING', urls: ['10.0.0.1:7422'] }];
    const leaf1 = leafServer('leaf1', remotes, { leafs: [spoke({ account: 'BILLING' })] });
    expect(
      watching(diagnosis)
        .look([leaf1])
        .findings.map(({ entity }) => entity.name),
    ).toEqual(['leaf1 -> APP']);
  });

  it('takes a remote without an account for one of $G, as the server does', () => {
    const remotes = [{ urls: ['10.0.0.1:7422'] }];
    expect(outcome(leafServer('leaf1', remotes, { leafs: [spoke({ account: '$G' })] }))).toEqual({
      leaf1: 'ok',
    });
  });

  it('accepts a connection to a hub that the configured ones made known', () => {
    const leafs = [spoke({ ip: '10.0.0.9', port: 7_999 })];
    expect(outcome(leafServer('leaf1', [east], { leafs }))).toEqual({ leaf1: 'ok' });
    expect(outcome(leafServer('leaf1', [east], { leafs, listens: true }))).toEqual({ leaf1: 'ok' });
  });

  it('does not raise an alarm over a remote with `hub: true`, whose row is no spoke', () => {
    const leafs = [spoke({ is_spoke: false })];
    expect(outcome(leafServer('leaf1', [east], { leafs, listens: true }))).toEqual({ leaf1: 'ok' });
  });

  it('does not take a leafnode it accepts for its remote', () => {
    const leafs = [{ name: 'edge', is_spoke: false, ip: '10.0.9.1', port: 51_000 }];
    expect(outcome(leafServer('leaf1', [east], { leafs, listens: true }))).toEqual({ leaf1: 'warning' });
  });

  it('does not concern a server without remotes', () => {
    expect(outcome(hub('hub1', { leafs: [{}] }))).toEqual({ hub1: 'not-applicable' });
  });

  it('counts rows on a leaf server without a listener before 2.9.15', () => {
    const old = (leafs: Parameters<typeof leafServer>[2]) =>
      leafServer('leaf1', [east, west], { version: '2.9.14', ...leafs });
    const rows = [unnamed({ ip: '10.0.0.1', port: 7_422 }), unnamed({ ip: '10.9.9.9', port: 7_422 })];
    expect(outcome(old({ leafs: rows }))).toEqual({ leaf1: 'ok' });
    expect(outcome(old({ leafs: rows.slice(1) }))).toEqual({ leaf1: 'warning' });
  });

  it('does not guess on one that also listens before 2.9.15', () => {
    const listening = (version: string) => leafServer('leaf1', [east], { version, listens: true });
    expect(outcome(listening('2.9.14'))).toEqual({ leaf1: 'not-applicable' });
    expect(outcome(listening('2.9.15'))).toEqual({ leaf1: 'warning' });
  });

  it('never calls silence healthy', () => {
    expect(outcome(server('leaf1', { varz: failing() }))).toEqual({ leaf1: 'unknown' });
    expect(outcome(server('leaf1', { leafz: failing() }))).toEqual({ leaf1: 'unknown' });
  });

  describe('says what becomes of its connections', () => {
    const ended = (reason: string, lifetimeSeconds: number, everySeconds: number, count = 5) =>
      Array.from({ length: count }, (_, i) => ({
        reason,
        account: 'APP',
        ip: '10.0.0.1',
        port: 7_422,
        lifetimeSeconds,
        stoppedAt: firstMinute - 1_000 * everySeconds * i,
      }));
    const look = (rows: ReturnType<typeof ended>) =>
      watching(diagnosis).look([leafServer('leaf1', [east], { ended: rows })]).findings[0];

    it('refused at once: the other end knows why', () => {
      const finding = look(ended('Client Closed', 0.003, 1));
      expect(finding?.summary).toBe(
        'leaf1 has no leafnode connection for its only remote of account APP: 10.0.0.1:7422, 10.0.0.2:7422; ' +
          '5 connections ended in 10 min: the other end closes it at once and knows why.',
      );
      expect(finding?.evidence).toEqual([
        'reasons of the last 5 closes: Client Closed (5)',
        'last: 2026-11-20 10:00 UTC, Client Closed after 3 ms, address 10.0.0.1',
      ]);
    });

    it('a port that is not for leafnodes', () => {
      expect(look(ended('Incorrect Port', 0.001, 1))?.remedy).toMatch(/^Correct the port/);
    });

    it('none at all: only the log knows, network first', () => {
      const finding = watching(diagnosis).look([leafServer('leaf1', [east])]).findings[0];
      expect(finding?.remedy).toMatch(/security group/);
    });

    it('not known, where closed connections could not be read', () => {
      const leaf = { port: 0, remotes: [east] };
      const blind = server('leaf1', { varz: varz({ leaf }), leafz: leafz(), closed: failing() });
      expect(watching(diagnosis).look([blind]).findings[0]?.summary).toBe(
        'leaf1 has no leafnode connection for its only remote of account APP: 10.0.0.1:7422, 10.0.0.2:7422.',
      );
    });
  });

  it('clears when the remote is back, with a restart in between', () => {
    const watch = watching(diagnosis);
    watch.look([leafServer('leaf1', [east])]);
    const back = leafServer('leaf1', [east], { leafs: [spoke()] });
    watch.look([back], minutes(6));
    expect(watch.look([back]).notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});
