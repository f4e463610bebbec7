import { describe, expect, it } from 'vitest';
import { days, hours, minutes, type Duration } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-112-stream-gone.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type { Assets } from '../../../lambdas/readings/decoders/assets.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { assets, ledBy, lookingOn, member, replica, stream } from '../../jetstream-kit.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';

type Changes = NonNullable<Parameters<typeof stream>[0]>;

const long = { start: firstMinute - days(9) };

/** n1 to n3, of which these hold ORDERS. */
const held = (by: readonly string[], changes: Changes = {}): readonly TargetReadings[] =>
  ['n1', 'n2', 'n3'].map((name) =>
    member(name, {
      varz: long,
      streams: by.includes(name)
        ? assets(stream({ group: ledBy(by[0] ?? null, name, by), ...changes }))
        : assets(),
    }),
  );

/** The meta layer as n1, its leader, sees it. */
const seenBy = (peers: Readonly<Record<string, Parameters<typeof replica>[1]>>): Assets => {
  const reading = assets();
  const replicas = Object.entries(peers).map(([name, changes]) => replica(name, changes));
  const { meta_cluster: meta } = reading;
  if (meta === undefined) throw new Error('no meta layer was recorded');
  return { ...reading, meta_cluster: { ...meta, leader: 'n1', replicas } };
};
const without = (silent: string, ...others: readonly TargetReadings[]) => [
  ...others,
  server(silent, { varz: failing('unreachable'), streams: failing('unreachable') }),
];
const up = (name: string, streams: Assets = assets(), changes: Partial<Varz> = {}) =>
  member(name, { streams, varz: { ...long, ...changes } });

/** Looks a minute apart, then what four looks say in which the servers are so. */
function then(
  first: readonly TargetReadings[],
  gone: readonly TargetReadings[],
  known: Duration = minutes(1),
) {
  const watch = watching(diagnosis, { remembers: true });
  watch.look(first);
  watch.look(first, known);
  const looks = [1, 2, 3, 4].map(() => watch.look(gone));
  return { watch, last: looks.at(-1), looks };
}

describe('JETSTREAM_112, a stream that is gone', () => {
  it('from servers that ran all the time was deleted: a warning after a day with messages', () => {
    const { last } = then(held(['n1', 'n2', 'n3']), held([]), days(1));
    expect(last?.outcomes).toEqual({ cluster: 'warning' });
    expect(
      last?.findings.map(({ summary, evidence, commands }) => [summary, ...evidence, ...commands]),
    ).toEqual([
      [
        'Stream ORDERS (APP) is gone from n1, n2, n3, which ran all the time: it was deleted, last seen 4 min ago, ' +
          '2026-11-21 10:00 UTC.',
        'last seen 4 min ago, 2026-11-21 10:00 UTC, on n1, n2, n3',
        'ORDERS (APP) held about 10 messages (510 B), known since 2026-11-20 10:00 UTC',
        'nats stream ls # with a context of account APP',
        "curl -s 'http://n1:8222/jsz?acc=APP&streams=true' | grep '\"name\"'",
      ],
    ]);
  });

  it.each<readonly [string, Changes, Duration]>([
    ['lived for less than a day', {}, hours(23)],
    ['held no messages', { state: { messages: 0 } }, days(2)],
  ])('is information where it %s', (_, changes, known) => {
    const { last } = then(held(['n1'], changes), held([]), known);
    expect(last?.findings.map(({ severity }) => severity)).toEqual(['info']);
  });

  it('is missed for a day', () => {
    const { watch } = then(held(['n1']), held([]), days(1));
    expect(watch.look(held([]), hours(23)).outcomes).toEqual({ cluster: 'warning' });
    watch.look(held([]), hours(1));
    expect(watch.look(held([])).notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });

  it('is there again once a server shows it', () => {
    const { watch } = then(held(['n1']), held([]), days(1));
    watch.look(held(['n2']), minutes(5));
    expect(watch.look(held(['n2']))).toMatchObject({
      outcomes: { cluster: 'ok' },
      notices: [{ kind: 'resolved', entity: 'ORDERS (APP)' }],
    });
  });

  it('is none that moved to another server, or has no leader', () => {
    expect(then(held(['n1']), held(['n3'])).last?.outcomes).toEqual({ cluster: 'ok' });
    const leaderless = held(['n1', 'n2'], { group: ledBy(null, 'n1', ['n1', 'n2']) });
    expect(then(held(['n1', 'n2']), leaderless).last?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is none that settings ignore by now', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(held(['n1']));
    const ignoring = watching(diagnosis, {
      remembers: true,
      facts: { jetstream: { ignore: [{ stream: 'ORD*' }] } },
    });
    ignoring.look(held(['n1']));
    expect(ignoring.look(held([])).seen).toEqual({ cluster: '0 streams, 0 gone' });
  });
});

describe('JETSTREAM_112, a stream whose server is gone', () => {
  const dead = { n2: {}, n3: { offline: true, current: false } };

  it('is critical: its only replica was there, and nobody else shows that it exists', () => {
    const { last, looks } = then(held(['n3']), without('n3', up('n1', seenBy(dead)), up('n2')));
    expect(looks.map(({ findings }) => findings.length)).toEqual([0, 0, 0, 1]);
    expect(last?.outcomes).toEqual({ cluster: 'critical' });
    expect(last?.findings.map(({ summary, evidence }) => [summary, ...evidence])).toEqual([
      [
        'n3 cannot be read and is gone for the others, and with it 1 stream that has no replica elsewhere: ORDERS (APP).',
        'last seen 4 min ago, 2026-11-20 10:01 UTC, on n3',
        'SERVER_101 tells of servers: n3 could not be read',
        'ORDERS (APP) held about 10 messages (510 B), known since 2026-11-20 10:00 UTC',
      ],
    ]);
    expect(last?.findings[0]?.remedy).toContain('Do not remove it as a peer');
  });

  it('is one finding of the server, however many streams it had alone; those of other servers are another', () => {
    const rows = (server: string, count: number) =>
      assets(
        ...Array.from({ length: count }, (_, i) =>
          stream({ name: `${server}-${i}`, group: ledBy(server, server, [server]) }),
        ),
      );
    const all = [up('n1', rows('n1', 3)), up('n2', rows('n2', 2)), up('n3', rows('n3', 500))];
    const watch = watching(diagnosis, { remembers: true });
    watch.look(all);
    const left = without(
      'n3',
      up('n1', { ...seenBy(dead), streams: rows('n1', 3).streams }),
      up('n2', rows('n2', 2)),
    );
    const last = lookingOn(watch, left, 5);
    expect(
      last.findings.map(({ entity, observed, evidence }) => [entity, observed, evidence.length]),
    ).toEqual([[{ kind: 'server', name: 'n3' }, 500, 9]]);
    expect(last.findings[0]?.summary).toBe(
      'n3 cannot be read and is gone for the others, and with it 500 streams that have no replica elsewhere: ' +
        'n3-0 (APP), n3-1 (APP), n3-2 (APP), n3-3 (APP), n3-4 (APP) and 495 more.',
    );
    expect(lookingOn(watch, all, 6).findings).toEqual([]);
  });

  it('is the same where the meta leader has not heard of it, long before it counts as offline', () => {
    const unheard = without('n3', up('n1', seenBy({ n2: {}, n3: { current: false } })), up('n2'));
    expect(then(held(['n3']), unheard).last?.outcomes).toEqual({ cluster: 'critical' });
  });

  it('names a server that runs without JetStream', () => {
    const off = [up('n1', seenBy(dead)), up('n2'), up('n3', { ...assets(), disabled: true })];
    expect(then(held(['n3']), off).last?.findings[0]?.summary).toBe(
      'n3 runs without JetStream now, and with it 1 stream that has no replica elsewhere: ORDERS (APP).',
    );
  });

  it('is not known to be gone while the others still hear of that server: only its monitoring is silent', () => {
    const { last } = then(held(['n3']), without('n3', up('n1', seenBy({ n2: {}, n3: {} })), up('n2')));
    expect([last?.findings, last?.outcomes]).toEqual([[], { cluster: 'unknown' }]);
  });

  it('is not known to be gone where one of its servers was read and another was not', () => {
    const { last } = then(held(['n2', 'n3']), without('n3', up('n1', seenBy(dead)), up('n2')));
    expect(last?.findings).toEqual([]);
  });

  it('is over when the server is back within three minutes, as after a restart', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(held(['n3']));
    const silent = without('n3', up('n1', seenBy(dead)), up('n2'));
    for (const servers of [silent, silent, silent]) expect(watch.look(servers).findings).toEqual([]);
    expect(watch.look(held(['n3'])).outcomes).toEqual({ cluster: 'ok' });
  });
});

describe('JETSTREAM_112, a stream that is not there after a restart', () => {
  const restarted = (after: number, streams = assets()) => [
    up('n1'),
    up('n2'),
    up('n3', streams, { start: firstMinute + minutes(2), uptime: after / 1_000 }),
  ];

  it('is critical once the server had ten minutes to recover it', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(held(['n3']));
    watch.look(held(['n3']));
    for (let minute = 3; minute <= 12; minute += 1)
      expect(watch.look(restarted(minutes(minute))).findings).toEqual([]);
    for (let minute = 0; minute <= 1; minute += 1) watch.look(restarted(minutes(20)));
    const { findings, outcomes } = watch.look(restarted(minutes(20)), minutes(2));
    expect(outcomes).toEqual({ cluster: 'critical' });
    expect(findings[0]?.summary).toBe(
      '1 stream is gone since n3 started, and it held about 10 messages: ORDERS (APP).',
    );
  });

  it('is information where it lived in memory', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(held(['n3'], { config: { storage: 'memory' } }));
    watch.look(held(['n3'], { config: { storage: 'memory' } }));
    const looks = [15, 1, 1, 1].map((after) => watch.look(restarted(minutes(20)), minutes(after)));
    expect(looks.at(-1)?.findings.map(({ severity, why }) => [severity, why])).toEqual([
      ['info', 'A stream in memory does not outlive its server.'],
    ]);
  });

  it('is not known to be gone while a row of that server could not be read', () => {
    const torn = { ...assets(), leftOut: { count: 1, problem: 'name: expected text' } };
    const watch = watching(diagnosis, { remembers: true });
    watch.look(held(['n3']));
    const looks = [1, 1, 1, 1].map((after) =>
      watch.look([up('n1'), up('n2'), up('n3', torn)], minutes(after)),
    );
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});
