import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/server/server-101-unreachable.ts';
import type { FailureCode } from '../../../lambdas/readings/reading.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';

const ok: Healthz = { http_status: 200, status: 'ok', errors: [] };
const refusing = (listeners: string): Healthz => ({
  http_status: 500,
  status: 'error',
  errors: [{ type: 'CONNECTION', error: `failed to be ready for connections after 1ms: ${listeners}` }],
});
const up = (healthz = ok) => server('n1', { varz: varz({ total_connections: 9 }), healthz });
const down = server('n1', { varz: failing('unreachable'), healthz: failing() });

describe('SERVER_101, a server that does not answer', () => {
  it('is critical in the third run in a row without an answer, not before', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect([up(), down, down, down].map((each) => watch.look([each]).outcomes['n1'])).toEqual([
      'ok',
      'ok',
      'ok',
      'critical',
    ]);
  });

  it.each(['dns', 'not-reached'] as const)(
    'is unknown, and nobody is paged, where it could not be asked: %s',
    (code) => {
      const watch = watching(diagnosis, { remembers: true });
      const unasked = server('n1', { varz: failing(code), healthz: failing(code) });
      const looks = [up(), unasked, unasked, unasked, unasked].map((each) => watch.look([each]));
      expect(looks.map(({ outcomes, notices }) => [outcomes['n1'], notices])).toEqual([
        ['ok', []],
        ...Array.from({ length: 4 }, () => ['unknown', []]),
      ]);
    },
  );

  it('does not wait on a first run, and says that the duration is not known', () => {
    const [finding] = watching(diagnosis).look([down]).findings;
    expect(finding).toMatchObject({ severity: 'critical', durationKnown: false, observed: 0 });
  });

  it.each([
    ['unreachable', 'does not answer'],
    ['timeout', 'does not answer in time'],
    ['tls', 'cannot be asked, as there is no TLS connection'],
    ['status', 'answers with an HTTP status of failure'],
    ['too-large', 'answers with more than a reply can be'],
    ['not-json', 'answers, but what it says is not understood'],
    ['unexpected-shape', 'answers, but what it says is not understood'],
  ] as const)('says of the failure %s what is true of it, and what to do about it', (code, words) => {
    const [finding] = watching(diagnosis).look([server('n1', { varz: failing(code) })]).findings;
    expect(finding?.summary).toBe(`n1 ${words} (${code}); nobody saw it answer before.`);
    expect(finding?.remedy.length).toBeGreaterThan(50);
  });

  it('does not say that clients are disconnected where something answers', () => {
    const whyOf = (code: FailureCode) =>
      watching(diagnosis).look([server('n1', { varz: failing(code) })]).findings[0]?.why;
    expect(whyOf('not-json')).toMatch(/its clients may be well or not/);
    expect(whyOf('unreachable')).toMatch(/^Clients of this server are disconnected/);
  });

  it.each([
    [401, /wants a login or forbids/],
    [403, /wants a login or forbids/],
    [404, /http_base_path/],
    [503, /in place of the server/],
    [302, /wrong base path/],
  ])('sends one to where HTTP status %i comes from', (status, remedy) => {
    const varz = { ok: false, failure: { code: 'status', status, message: 'no reply' } } as const;
    const [finding] = watching(diagnosis).look([server('n1', { varz })]).findings;
    expect(finding?.summary).toContain(`n1 answers with HTTP status ${status} (status)`);
    expect(finding?.remedy).toMatch(remedy);
  });

  it.each([
    ['its health probe named the closed client listener', up(refusing('server'))],
    ['the probe named the leafnode listener too', up(refusing('leafnode, server'))],
  ])('tells a drain from an outage: %s', (_, draining) => {
    const watch = watching(diagnosis, { remembers: true });
    for (const each of [draining, down, down]) watch.look([each]);
    const [finding] = watch.look([down]).findings;
    expect(finding?.summary).toBe(
      'n1 does not answer (unreachable) after it was drained: it was in lame-duck mode within the last hour.',
    );
    expect(finding?.evidence[1]).toBe(
      'drain: /healthz refused clients before it stopped; CLUSTER_101 says how many it sent away',
    );
  });

  it('does not take a gateway or leafnode listener that is down for a drain', () => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([up(refusing('gateway, leafnode'))]).seen).toEqual({ n1: 'up, 2.15.1' });
  });

  it('does not take a server that is only starting for one that drains', () => {
    const starting = server('n1', { varz: varz(), healthz: refusing('server') });
    expect(watching(diagnosis).look([starting]).seen).toEqual({ n1: 'up, 2.15.1' });
  });

  it('says of a server that was up that nobody knows whether it was drained: a drain may fall between two runs', () => {
    const watch = watching(diagnosis);
    for (const each of [up(), down, down]) watch.look([each]);
    const [finding] = watch.look([down]).findings;
    expect(finding?.summary).toBe('n1 does not answer (unreachable); it did within the last hour.');
    expect(finding?.evidence[1]).toMatch(
      /^whether it was drained is not known: .* falls between two runs; if CLUSTER_101 saw /,
    );
  });

  it('does not take a drain for the reason why the process after it is silent', () => {
    const watch = watching(diagnosis, { remembers: true });
    const successor = server('n1', { varz: varz({ start: firstMinute }), healthz: ok });
    for (const each of [up(refusing('server')), successor, down, down]) watch.look([each]);
    expect(watch.look([down]).findings[0]?.summary).toContain('; it did within the last hour');
  });

  it('asks by the client port that the server had', () => {
    const watch = watching(diagnosis, { remembers: true });
    const there = server('n1', { varz: varz({ port: 14_222 }), healthz: ok });
    for (const each of [there, down, down]) watch.look([each]);
    expect(watch.look([down]).findings[0]?.commands[0]).toBe(
      'nats server check connection --server nats://n1:14222',
    );
  });

  it('forgets a drain after an hour', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([up(refusing('server'))]);
    watch.look([up()], minutes(61));
    for (const each of [down, down]) watch.look([each]);
    expect(watch.look([down]).findings[0]?.summary).toContain('; it did within the last hour');
  });

  it('resolves when the server answers again, under the severity that was announced', () => {
    const watch = watching(diagnosis);
    watch.look([down]);
    watch.look([up()], minutes(4));
    expect(watch.look([up()]).notices).toEqual([{ kind: 'resolved', severity: 'critical', entity: 'n1' }]);
  });

  it('names the alarm that pages for it', () => {
    expect(watching(diagnosis).look([down]).findings[0]?.alarm).toBe('nats/c1/NatsServerDown/n1/critical');
  });
});
