import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-015-origin-not-heard.ts';
import type { Origin } from '../../../lambdas/readings/decoders/assets.ts';
import { failing, server, watching } from '../../kit.ts';
import { heard, holding, holdingIn } from './origins.ts';

const elsewhere = { external: '$JS.hub.API' };
const mirrorOf = (changes: Partial<Origin>) => [{ name: 'COPY', mirror: heard(changes) }];
const after = (minutes: number, servers: ReturnType<typeof holding>) => {
  const watch = watching(diagnosis, { remembers: true });
  for (let i = 0; i < minutes; i += 1) watch.look(servers);
  return watch.look(servers);
};
const error = (errCode: number, description: string) => ({ code: 500, errCode, description });

describe('JETSTREAM_015, a copy that does not hear its origin', () => {
  it.each([
    ['heard a moment ago', {}, 'ok'],
    ['silent for 119 s', { active: 119e9 }, 'ok'],
    ['silent for 120 s', { active: 120e9 }, 'warning'],
    ['never connected', { active: -1 }, 'warning'],
    ['never connected, with lag', { active: -1, lag: 7 }, 'warning'],
    ['failing', { error: error(10_045, 'not allowed') }, 'warning'],
    ['behind, and heard', { lag: 90_000 }, 'ok'],
  ])('%s: %o is %s after three minutes', (_, changes, outcome) => {
    expect(after(3, holding(...mirrorOf({ ...elsewhere, ...changes }))).outcomes).toEqual({
      cluster: outcome,
    });
    expect(after(2, holding(...mirrorOf({ ...elsewhere, ...changes }))).outcomes).toEqual({ cluster: 'ok' });
  });

  it('names copy and origin, and what to look at', () => {
    const never = holding(...mirrorOf({ ...elsewhere, active: -1 }));
    expect(after(3, never).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'stream', name: 'COPY (APP)' },
        summary:
          'Stream COPY (APP) copies nothing: mirror of ORDERS through $JS.hub.API: it has never connected.',
        evidence: ['led by n1, replicas on n2'],
        remedy: expect.stringMatching(/^Does the origin exist/) as string,
      },
    ]);
  });

  it.each([
    [10_059, 'stream not found', /^Was the origin deleted/, 'there is no such stream'],
    [10_228, 'stalled', /^From nats-server 2.14 on/, 'it stalls on flow control'],
    [10_045, 'consumer limit reached', /^The error says/, 'it fails'],
  ])('says what error %d means', (code, description, remedy, words) => {
    const sourcing = { name: 'COPY', sources: [heard({ ...elsewhere, error: error(code, description) })] };
    const [finding] = after(3, holding(sourcing)).findings;
    expect(finding?.remedy).toMatch(remedy);
    expect(finding?.summary).toBe(
      `Stream COPY (APP) copies nothing: source ORDERS through $JS.hub.API: ${words} (error ${code}: ${description}).`,
    );
  });

  it('sees that the origin is gone, which in a cluster no error says', () => {
    expect(after(3, holding(...mirrorOf({ active: 30e9 }))).findings[0]?.summary).toBe(
      'Stream COPY (APP) copies nothing: mirror of ORDERS: there is no such stream.',
    );
    expect(after(3, holding(...mirrorOf({}), { name: 'ORDERS' })).outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not take an origin for gone that may be on a server that was not read', () => {
    const watch = watching(diagnosis, { remembers: true });
    const servers = [...holding(...mirrorOf({})), server('n3', { streams: failing() })];
    for (let i = 0; i < 4; i += 1) expect(watch.look(servers).findings).toEqual([]);
  });

  it('does not take an origin for gone in a cluster that is watched in part, or that settings ignore', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 4; i += 1)
      expect(watch.look(holdingIn(3, ...mirrorOf({}))).outcomes).toEqual({ cluster: 'ok' });
    const ignoring = watching(diagnosis, {
      remembers: true,
      facts: { jetstream: { ignore: [{ stream: 'ORD*' }] } },
    });
    for (let i = 0; i < 4; i += 1)
      expect(ignoring.look(holding(...mirrorOf({}), { name: 'ORDERS' })).outcomes).toEqual({ cluster: 'ok' });
  });

  it('is one finding a stream, however many of its sources are in trouble', () => {
    const sources = ['A', 'B', 'C', 'D'].map((name) => heard({ name, ...elsewhere, active: -1 }));
    const [finding, ...others] = after(3, holding({ name: 'COPY', sources })).findings;
    expect([finding?.summary, others]).toEqual([
      'Stream COPY (APP) copies nothing: source A through $JS.hub.API: it has never connected, ' +
        'source B through $JS.hub.API: it has never connected, ' +
        'source C through $JS.hub.API: it has never connected and 1 more.',
      [],
    ]);
  });

  it('is one finding where nothing of a domain is heard, and one a stream where something is', () => {
    const copies = (others: Partial<Origin>) =>
      ['A', 'B', 'C'].map((name) => ({
        name,
        mirror: heard({ ...elsewhere, ...(name === 'A' ? others : { active: 300e9 }) }),
      }));
    expect(after(3, holding(...copies({ active: -1 }))).findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: '$JS.hub.API' },
        summary:
          '3 streams copy nothing through $JS.hub.API, none of what is there was heard: A (APP), B (APP), C (APP).',
      },
    ]);
    expect(after(3, holding(...copies({}))).findings.map(({ entity }) => entity.name)).toEqual([
      'B (APP)',
      'C (APP)',
    ]);
  });

  it('resolves when it is heard again', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 4; i += 1) watch.look(holding(...mirrorOf({ ...elsewhere, active: 200e9 })));
    const well = holding(...mirrorOf(elsewhere));
    const kinds = Array.from({ length: 6 }, () => watch.look(well).notices).flat();
    expect(kinds.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});
