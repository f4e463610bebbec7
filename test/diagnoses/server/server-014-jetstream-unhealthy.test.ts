import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-014-jetstream-unhealthy.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { failing, server, watching } from '../../kit.ts';
import { clustered, complaining, complaining29, healthy, noLeader, notCurrent, notReady } from './healths.ts';

const n1 = (healthz: Healthz, changes: Partial<Varz> = {}) =>
  server('n1', { varz: clustered(changes), healthz });
const watched = () => watching(diagnosis, { remembers: true });

/** A server beside it, whose meta layer is well. */
const n2 = server('n2', { varz: clustered({ server_id: 'id-n2', server_name: 'n2' }), healthz: healthy });

describe('SERVER_014, JetStream that is not healthy', () => {
  it.each([
    ['2.15 and 2.10', complaining(noLeader)],
    ['2.9', complaining29(noLeader[1])],
  ])(
    'cut off from a leader that others have is critical in the second run in a row, as %s say it',
    (_, lost) => {
      const watch = watched();
      expect([healthy, lost, lost].map((each) => watch.look([n1(each), n2]).outcomes['n1'])).toEqual([
        'ok',
        'ok',
        'critical',
      ]);
      expect(watch.look([n1(lost), n2]).findings[0]).toMatchObject({
        summary: 'n1 says: JetStream has not established contact with a meta leader.',
        evidence: ['/healthz (503): JetStream has not established contact with a meta leader'],
        commands: ['nats server report jetstream', "curl -sS -m 5 'http://n1:8222/healthz?details=true'"],
        alarm: null,
      });
    },
  );

  it('without a leader on any server is for information: META_006 pages for all of them at once', () => {
    const others = ['n2', 'n3'].map((name) =>
      server(name, {
        varz: clustered({ server_id: `id-${name}`, server_name: name }),
        healthz: complaining(noLeader),
      }),
    );
    const lone = server('n4', {
      varz: clustered({ server_id: 'id-n4', server_name: 'n4', jetstream: {} }),
      healthz: healthy,
    });
    const watch = watched();
    const servers = [n1(complaining(noLeader)), ...others, lone];
    watch.look(servers);
    const { findings } = watch.look(servers);
    expect(findings.map(({ severity }) => severity)).toEqual(['info', 'info', 'info']);
    expect(findings[0]?.evidence).toContain(
      'no server that was read knows a leader: META_006 tells of them all',
    );
  });

  it('is silent about a change of leader, which one run sees', () => {
    const watch = watched();
    const behind = complaining(['JETSTREAM', 'JetStream is not current with the meta leader']);
    const looks = [healthy, behind, healthy, healthy, complaining(noLeader), healthy].map((each) =>
      watch.look([n1(each)]),
    );
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
  });

  it('resolves when the quorum is back', () => {
    const watch = watched();
    const lost = complaining(noLeader);
    const looks = [lost, lost, lost, lost, lost, healthy, healthy].map((each) => watch.look([n1(each), n2]));
    expect(looks.map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([
      [],
      ['opened'],
      [],
      [],
      [],
      [],
      ['resolved'],
    ]);
  });

  it.each([
    ['JetStream not enabled', /full or failed/],
    ['JetStream meta layer write error: no space left on device', /stopped on an error/],
    ['JetStream is not current with the meta leader', /behind the leader/],
    ['a word of a later release', /does not work/],
  ])('says what the server means by "%s"', (words, why) => {
    const [finding] = watching(diagnosis).look([n1(complaining(['JETSTREAM', words]))]).findings;
    expect([finding?.severity, finding?.why]).toEqual(['critical', expect.stringMatching(why)]);
  });

  it.each([
    [30, 'warning'],
    [599, 'warning'],
    [600, 'critical'],
  ] as const)('that still recovers %i s after the start is a %s', (uptime, severity) => {
    const recovering = complaining(['JETSTREAM', 'JetStream is still recovering meta layer']);
    const [finding] = watching(diagnosis).look([n1(recovering, { uptime })]).findings;
    expect(finding?.severity).toBe(severity);
  });

  it('does not apply where JetStream is off', () => {
    expect(watching(diagnosis).look([n1(healthy, { jetstream: {} })])).toMatchObject({
      outcomes: { n1: 'not-applicable' },
      seen: { n1: 'JetStream is off on this server' },
    });
  });

  it('does not apply to a server that drains', () => {
    const watch = watched();
    const drain = n1(complaining(notReady('server')));
    expect([watch.look([drain]), watch.look([drain])].map(({ outcomes }) => outcomes['n1'])).toEqual([
      'not-applicable',
      'not-applicable',
    ]);
  });

  it('is not known of a server whose listeners /healthz stops at', () => {
    const look = watching(diagnosis).look([n1(complaining(notReady('gateway')))]);
    expect(look.outcomes).toEqual({ n1: 'unknown' });
    expect(look.seen['n1']).toBe(
      '/healthz ended before it came to that: failed to be ready for connections after 1ms: gateway',
    );
  });

  it('is ok where only streams are not: that is SERVER_015', () => {
    expect(watching(diagnosis).look([n1(complaining(notCurrent('ORDERS')))]).outcomes).toEqual({ n1: 'ok' });
  });

  it('is unknown without /healthz', () => {
    const blind = server('n1', { varz: clustered(), healthz: failing() });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });
});
