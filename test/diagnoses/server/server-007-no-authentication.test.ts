import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/server/server-007-no-authentication.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { watching } from '../../kit.ts';
import { member, unclustered } from '../cluster/members.ts';

const every = minutes(5);
const asking = (name: string) => member(name, 1, { host: '0.0.0.0', auth_required: true });
const open = (name: string, changes: Partial<Varz> = {}) =>
  member(name, 1, { host: '0.0.0.0', port: 4_222, auth_required: false, ...changes });

describe('SERVER_007, clients that need no credentials', () => {
  it('are one warning for all servers that let them in', () => {
    expect(watching(diagnosis, { every }).look([open('n1'), open('n2')]).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'cluster', name: 'c1' },
        summary: '2 servers let clients in without credentials: n1, n2.',
        evidence: [
          'n1: /varz has no auth_required, clients come in at 0.0.0.0:4222',
          'n2: /varz has no auth_required, clients come in at 0.0.0.0:4222',
        ],
      },
    ]);
  });

  it('are critical where others of the cluster ask for them, and no other finding', () => {
    expect(
      watching(diagnosis, { every }).look([asking('n1'), asking('n2'), open('n3')]).findings,
    ).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'cluster', name: 'east' },
        summary:
          'In cluster east n3 lets clients in without credentials, while 2 of its servers ask for them.',
        evidence: [
          'n3: /varz has no auth_required, clients come in at 0.0.0.0:4222',
          'n1 asks for credentials',
          'n2 asks for credentials',
        ],
      },
    ]);
  });

  it('may be what a cluster for development wants, which says so, and is told all the same where it is one server of it', () => {
    const wanted = { every, facts: { expect: { authentication: false } } };
    expect(watching(diagnosis, wanted).look([open('n1'), open('n2')]).findings).toEqual([]);
    expect(watching(diagnosis, wanted).look([asking('n1'), open('n2')]).findings).toMatchObject([
      { severity: 'critical' },
    ]);
  });

  it.each([
    ['all ask for credentials', [asking('n1'), asking('n2')]],
    ['clients are asked for a certificate', [open('n1', { tls_required: true, tls_verify: true })]],
    ['a leaf server listens for its own host alone', [asking('n1'), unclustered('leaf1')]],
    ['it listens at ::1', [open('n1', { host: '::1' })]],
  ])('are no trouble where %s', (_, servers) => {
    expect(watching(diagnosis, { every }).look(servers).outcomes).toEqual({ cluster: 'ok' });
  });

  it('are not told of a server that listens for its own host alone, which is not said to ask for them', () => {
    const { findings, seen } = watching(diagnosis, { every }).look([open('n1', { host: '127.0.0.1' })]);
    expect([findings, seen]).toEqual([[], { cluster: 'open to their own hosts alone: n1' }]);
  });

  it('end when they are asked for credentials', () => {
    const watch = watching(diagnosis, { every });
    const looks = [[open('n1')], [asking('n1')], [asking('n1')]].map((servers) => watch.look(servers));
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
  });
});
