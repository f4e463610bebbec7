import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-001-listener-not-ready.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { failing, server, watching } from '../../kit.ts';
import { clustered, complaining, complaining29, healthy, noLeader, notReady } from './healths.ts';

const n1 = (healthz: Healthz, changes: Partial<Varz> = {}) =>
  server('n1', { varz: clustered(changes), healthz });
const watched = () => watching(diagnosis, { remembers: true });

describe('SERVER_001, a server that is not ready for connections', () => {
  it('is ok while /healthz is', () => {
    expect(watching(diagnosis).look([n1(healthy)])).toMatchObject({
      outcomes: { n1: 'ok' },
      seen: { n1: 'ready for connections' },
    });
  });

  it('is critical once a listener was missing in two runs in a row, not in one', () => {
    const gateway = n1(complaining(notReady('gateway(listen tcp: address already in use)')));
    const watch = watched();
    const looks = [gateway, n1(healthy), gateway, gateway].map((each) => watch.look([each]));
    expect(looks.map(({ outcomes }) => outcomes['n1'])).toEqual(['ok', 'ok', 'ok', 'critical']);
    expect(looks[3]?.findings[0]).toMatchObject({
      summary: 'n1 runs, but says that it is not ready for connections (/healthz 500).',
      evidence: [
        '/healthz (500): failed to be ready for connections after 1ms: gateway(listen tcp: address already in use)',
      ],
      alarm: null,
    });
  });

  it('is not a lame-duck drain, of any version, for as long as it lasts', () => {
    const drains = [
      complaining(notReady('leafnode, server')),
      complaining(notReady('server')),
      complaining29(notReady('server')[1]),
    ];
    const watch = watched();
    const looks = [...drains, ...drains].map((each) => watch.look([n1(each)]));
    expect(looks.map(({ outcomes, findings }) => [outcomes['n1'], findings])).toEqual(
      looks.map(() => ['ok', []]),
    );
    expect(looks[0]?.seen).toEqual({ n1: 'drains (lame duck), which CLUSTER_101 reports' });
  });

  it.each([
    [5, 'warning'],
    [599, 'warning'],
    [600, 'critical'],
  ] as const)('is a server that still starts %i s after its start: %s', (uptime, severity) => {
    const watch = watched();
    const starting = n1(complaining(notReady('server, leafnode')), { total_connections: 0, uptime });
    expect(watch.look([starting]).outcomes).toEqual({ n1: 'ok' });
    expect(watch.look([starting]).findings.map((finding) => finding.severity)).toEqual([severity]);
  });

  it('is also a complaint of which nobody knows what it is about', () => {
    const odd: readonly Healthz[] = [
      complaining(['DISK', 'no room']),
      { http_status: 503, status: 'unavailable', error: 'no room', errors: [] },
      { http_status: 200, status: 'error', error: 'no room', errors: [] },
    ];
    for (const each of odd) {
      expect(watching(diagnosis).look([n1(each)]).outcomes).toEqual({ n1: 'critical' });
    }
  });

  it("leaves JetStream's complaints to others", () => {
    expect(watching(diagnosis).look([n1(complaining(noLeader))]).outcomes).toEqual({ n1: 'ok' });
  });

  it('is unknown without /healthz', () => {
    const blind = server('n1', { varz: clustered(), healthz: failing('timeout') });
    expect(watching(diagnosis).look([blind]).outcomes).toEqual({ n1: 'unknown' });
  });

  it('says of a first look that it was one', () => {
    const [finding] = watching(diagnosis).look([n1(complaining(notReady('gateway')))]).findings;
    expect(finding?.evidence[1]).toMatch(/^seen in one look so far/);
  });
});
