import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-111-sequence-went-back.ts';
import { assets, holding as replicated, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';

type Changes = NonNullable<Parameters<typeof stream>[0]>;

const at = (lastSeq: number, { state, ...changes }: Changes = {}) =>
  replicated({
    created: firstMinute - hours(99),
    ...changes,
    state: { lastSeq, messages: 10, ...state },
  });

/** What is told of a stream that is seen so, look after look. */
function seeing(...looks: readonly ReturnType<typeof at>[]) {
  const watch = watching(diagnosis, { remembers: true });
  return looks.map((servers) => watch.look(servers)).at(-1);
}

describe('JETSTREAM_111, a sequence that went back', () => {
  it('is critical: told by the third look, for two must see it', () => {
    expect(seeing(at(500), at(480))?.findings).toEqual([]);
    expect(seeing(at(500), at(480), at(480))?.findings).toEqual([]);
    const look = seeing(at(500), at(480), at(480), at(481));
    expect(look?.outcomes).toEqual({ cluster: 'critical' });
    expect(look?.findings.map(({ summary, evidence }) => [summary, ...evidence])).toEqual([
      [
        'Stream ORDERS (APP) went back from sequence 500 to 480: 20 sequences that publishers had been told are stored.',
        'seen 2026-11-20 10:02 UTC, last seen as it was 2026-11-20 10:00 UTC',
        'led by n1, replicas on n2, n3',
      ],
    ]);
  });

  it('by one is one', () => {
    expect(seeing(at(500), at(499), at(499), at(499))?.outcomes).toEqual({ cluster: 'critical' });
  });

  it('is none where it stands or goes on', () => {
    expect(seeing(at(500), at(500), at(501), at(501))).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: '1 stream, none went back' },
    });
  });

  it('is none after a purge, which moves the first sequence only', () => {
    const purged = at(500, { state: { messages: 0, bytes: 0, firstSeq: 501 } });
    expect(seeing(at(500), purged, purged, purged)?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is none where a new leader has not applied all it has, for a look', () => {
    expect(seeing(at(500), at(490), at(520), at(520))?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is none while nobody leads, or the leader cannot be read, and its replicas are behind', () => {
    const behind = replicated({ created: firstMinute - hours(99), state: { lastSeq: 9 } }, { leader: null });
    expect(seeing(at(500), behind, behind, behind)?.outcomes).toEqual({ cluster: 'ok' });
    const silent = [server('n1', { varz: varz(), streams: failing() }), ...at(9).slice(1)];
    expect(seeing(at(500), silent, silent, silent)?.findings).toEqual([]);
  });

  it('is none of a stream that is seen for the first time', () => {
    expect(seeing(at(5), at(5))?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('names a replica that holds more, which is not to be restarted', () => {
    const split = ['n1', 'n2'].map((name) =>
      member(name, {
        streams: assets(
          stream({
            group: ledBy('n1', name),
            created: firstMinute - hours(99),
            state: { lastSeq: name === 'n1' ? 480 : 500 },
          }),
        ),
      }),
    );
    const finding = seeing(at(500), split, split, split)?.findings[0];
    expect(finding?.evidence[0]).toBe('further than the leader: n2 at 500');
    expect(finding?.remedy).toContain('Do not restart or remove the replica that holds more');
  });

  it('names a leader that started in between', () => {
    const restarted = replicated(
      { created: firstMinute - hours(99), state: { lastSeq: 480 } },
      { varz: { start: firstMinute + minutes(1) - 30_000 } },
    );
    expect(seeing(at(500), restarted, restarted, restarted)?.findings[0]?.evidence).toContain(
      'n1, which leads it, started in between',
    );
  });

  it('of a stream in memory is what a restart does: no more than information', () => {
    const memory = { config: { storage: 'memory' } };
    const look = seeing(at(500, memory), at(0, memory), at(0, memory), at(0, memory));
    expect(look?.findings.map(({ severity, why }) => [severity, why])).toEqual([
      ['info', 'A stream in memory holds nothing any more once all its replicas have restarted.'],
    ]);
  });

  it('is told for a day, though the stream has long passed it', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const servers of [at(500), at(480), at(480), at(9_000)]) watch.look(servers);
    expect(watch.look(at(9_000), hours(23)).outcomes).toEqual({ cluster: 'critical' });
    watch.look(at(9_000), hours(2));
    expect(watch.look(at(9_000)).notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});

describe('JETSTREAM_111, a stream created anew', () => {
  const anew = (messages: number) =>
    at(0, { created: firstMinute + minutes(1), state: { messages, firstSeq: 0 } });

  it('is a warning where the former one held messages', () => {
    const look = seeing(at(500), anew(0), anew(0));
    expect(look?.outcomes).toEqual({ cluster: 'warning' });
    expect(look?.findings.map(({ summary, evidence }) => [summary, ...evidence])).toEqual([
      [
        'Stream ORDERS (APP) was deleted and created anew: it held 10 messages up to sequence 500, the new one is at 0.',
        'created 2026-11-20 10:01 UTC',
        'seen 2026-11-20 10:01 UTC, last seen as it was 2026-11-20 10:00 UTC',
        'led by n1, replicas on n2, n3',
      ],
    ]);
  });

  it('is information where it held none', () => {
    const empty = at(500, { state: { messages: 0 } });
    expect(seeing(empty, anew(0), anew(0))?.findings.map(({ severity }) => severity)).toEqual(['info']);
  });

  it('is not also one that went back', () => {
    expect(seeing(at(500), anew(0), anew(0), anew(0))?.findings.length).toBe(1);
  });
});
