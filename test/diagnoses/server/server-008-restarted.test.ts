import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-008-restarted.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { firstMinute, watching, type Look } from '../../kit.ts';
import { fleet, GiB, gone, healthy, MiB, recovering, refusing } from './running.ts';

type Down = { readonly down?: readonly string[]; readonly healthz?: Readonly<Record<string, Healthz>> };
type Happening = (servers: ReturnType<typeof fleet>) => void;

/**
 * Looks at these servers a minute apart. What happens in a minute happens before its look; a server that is down does not
 * answer in it.
 */
function watched(
  names: readonly string[],
  minutesOf: readonly (Down & { readonly then?: Happening })[],
  { memoryLimit = null }: { readonly memoryLimit?: number | null } = {},
): readonly Look[] {
  const servers = fleet(...names);
  const watch = watching(diagnosis, { facts: { memoryLimit } });
  return minutesOf.map(({ then, down = [], healthz = {} }, minute) => {
    then?.(servers);
    const at = firstMinute + minutes(minute);
    return watch.look(
      names.map((name) =>
        down.includes(name) ? gone(name) : servers.found(name, at, healthz[name] ?? healthy),
      ),
    );
  });
}
const quiet = (count: number) => Array.from({ length: count }, () => ({}));
/** A restart of this server in the given minute, 20 s before its look. */
const restarted = (name: string, minute: number, changes: Partial<Varz> = {}) => ({
  then: (servers: ReturnType<typeof fleet>) => servers.restart(name, minute * 60 - 20, changes),
});
const told = (looks: readonly Look[]) =>
  looks.map(({ findings }) => findings.map(({ severity, entity }) => `${severity} ${entity.name}`).join());
const last = (looks: readonly Look[]) => looks.at(-1)?.findings ?? [];

describe('SERVER_008, a server that restarted', () => {
  it('is not there on a first look, whoever has just started', () => {
    const looks = watched(['n1'], [restarted('n1', 0), {}, {}, {}, {}, {}, {}, {}]);
    expect(told(looks).join('')).toBe('');
    expect(looks.at(-1)).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'no server restarted' },
    });
  });

  it('is warned of after five minutes, in which others might explain it, and ends by itself', () => {
    const looks = watched(['n1', 'n2'], [{}, restarted('n1', 1), ...quiet(26)]);
    const open = told(looks)
      .map((line, minute) => [minute, line] as const)
      .filter(([, line]) => line !== '');
    expect([open[0], open.at(-1)]).toEqual([
      [6, 'warning n1'],
      [20, 'warning n1'],
    ]);
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
    expect(looks[6]?.findings[0]).toMatchObject({
      summary:
        'n1 restarted, and nothing shows why: no drain was seen, version and configuration are the same; it was away for at most 40 s.',
      evidence: [
        'n1, nothing shows why: last seen 2026-11-20 10:00 UTC, away for at most 40 s, healthy again within 1 min',
        expect.stringMatching(/^its memory was [\d.]+ MiB when it was last seen$/),
      ],
    });
  });

  it('says for how long it was away, and when it was healthy', () => {
    const looks = watched(
      ['n1'],
      [
        {},
        { down: ['n1'] },
        { down: ['n1'] },
        { ...restarted('n1', 3), healthz: { n1: recovering } },
        { healthz: { n1: recovering } },
        ...quiet(4),
      ],
    );
    expect(last(looks)[0]?.evidence[0]).toBe(
      'n1, nothing shows why: last seen 2026-11-20 10:00 UTC, away for at most 2 min 40 s, healthy again within 5 min',
    );
  });

  it('says that it is not healthy yet', () => {
    const looks = watched(
      ['n1'],
      [{}, restarted('n1', 1), ...quiet(5)].map((each) => ({ ...each, healthz: { n1: recovering } })),
    );
    expect(last(looks)[0]?.evidence[0]).toMatch(/away for at most 40 s, not healthy yet$/);
  });

  it.each([
    [
      'after a drain that a look met',
      { healthz: { n1: refusing } },
      {},
      /^n1 was restarted after a drain \(lame duck\); it was away/,
    ],
    [
      'with another version',
      {},
      { version: '2.15.2' },
      /^n1 was restarted as 2\.15\.2 in place of 2\.15\.1; it was away/,
    ],
    [
      'with another version, after a drain',
      { healthz: { n1: refusing } },
      { version: '2.15.2' },
      /^n1 was restarted as 2\.15\.2 in place of 2\.15\.1, after a drain; it was away/,
    ],
    [
      'with another configuration',
      {},
      { config_digest: 'sha256:other' },
      /^n1 was restarted with another configuration; it was away/,
    ],
  ])('is for information at once where it restarted %s', (_, before, changes, summary) => {
    const looks = watched(['n1', 'n2'], [{}, before, restarted('n1', 2, changes), ...quiet(6)]);
    expect(told(looks).slice(1)).toEqual(['', ...Array.from({ length: 7 }, () => 'info n1')]);
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
    expect(last(looks)[0]?.summary).toMatch(summary);
  });

  it('is not there after a reload, nor when a clock was set', () => {
    const looks = watched(
      ['n1'],
      [
        {},
        { then: (servers) => servers.set('n1', { config_digest: 'sha256:other' }) },
        { then: (servers) => servers.set('n1', { now: firstMinute + minutes(60) }) },
        ...quiet(6),
      ],
    );
    expect(told(looks).join('')).toBe('');
  });

  it('is not made of two servers behind one URL that answer in turns', () => {
    const watch = watching(diagnosis);
    const [one, other] = [fleet('n1'), fleet('n1')];
    other.restart('n1', -3_600);
    const looks = Array.from({ length: 12 }, (_, minute) =>
      watch.look([(minute % 2 === 0 ? one : other).found('n1', firstMinute + minutes(minute))]),
    );
    // From the second answer of the first one on it is known that both run.
    expect(told(looks.slice(2)).join('')).toBe('');
  });
});

describe('SERVER_008, for want of memory', () => {
  const atDeath = (bytes: number, memoryLimit: number | null, gomemlimit?: number) => {
    const changes = { mem: bytes, ...(gomemlimit === undefined ? {} : { gomemlimit }) };
    const grown = { then: (servers: ReturnType<typeof fleet>) => servers.set('n1', changes) };
    const looks = watched(['n1', 'n2'], [grown, {}, restarted('n1', 2, { mem: 50 * MiB }), ...quiet(6)], {
      memoryLimit,
    });
    return last(looks).map(({ summary }) => summary);
  };
  const starved = expect.stringMatching(
    /^n1 restarted, perhaps killed for its memory: when last seen it used/,
  ) as string;
  const unknown = expect.stringMatching(/^n1 restarted, and nothing shows why/) as string;

  it.each([
    ['at 90 % of its container', 0.9 * GiB, GiB, undefined, [starved]],
    ['below that', 0.89 * GiB, GiB, undefined, [unknown]],
    ['at GOMEMLIMIT, where no limit of a container is known', GiB, null, GiB, [starved]],
    ['below it, where caches may fill it', 0.99 * GiB, null, GiB, [unknown]],
    ['at GOMEMLIMIT, with much to its container', GiB, 4 * GiB, GiB, [unknown]],
    ['without a limit that is known', 50 * GiB, null, undefined, [unknown]],
  ])('is told of a server that was %s', (_, bytes, container, gomemlimit, summaries) => {
    expect(atDeath(bytes, container, gomemlimit)).toEqual(summaries);
  });

  const climbing = (from: number, by: number, count: number) => [
    ...Array.from({ length: count }, (_, minute) => ({
      then: (servers: ReturnType<typeof fleet>) => servers.set('n1', { mem: from + by * minute }),
    })),
    restarted('n1', count, { mem: 50 * MiB }),
    ...quiet(6),
  ];

  it('is told of one that had doubled within half an hour, without any limit', () => {
    expect(last(watched(['n1', 'n2'], climbing(600 * MiB, 35 * MiB, 20)))[0]?.summary).toBe(
      'n1 restarted, perhaps killed for its memory: when last seen it used 1.2 GiB, up from 600 MiB within half an hour; ' +
        'it was away for at most 40 s.',
    );
  });

  it.each([
    ['grew by less than 512 MiB, as after a start', climbing(50 * MiB, 25 * MiB, 20)],
    ['grew by less than its double', climbing(2 * GiB, 50 * MiB, 20)],
  ])('is not told of one that %s', (_, happening) => {
    expect(last(watched(['n1', 'n2'], happening)).map(({ summary }) => summary)).toEqual([unknown]);
  });

  it('stays apart from others that restart meanwhile', () => {
    const looks = watched(
      ['n1', 'n2', 'n3'],
      [
        { then: (servers) => servers.set('n1', { mem: 0.95 * GiB }) },
        restarted('n1', 1),
        restarted('n2', 2),
        restarted('n3', 3),
        ...quiet(7),
      ],
      { memoryLimit: GiB },
    );
    expect(last(looks).map(({ severity, entity }) => `${severity} ${entity.name}`)).toEqual([
      'warning n1',
      'warning n2',
    ]);
  });
});

describe('SERVER_008, several servers', () => {
  const three = ['n1', 'n2', 'n3'];

  it('is one for information where a cluster is rolled, though no look met a drain', () => {
    const looks = watched(three, [
      {},
      restarted('n1', 1),
      {},
      restarted('n2', 3),
      {},
      restarted('n3', 5),
      ...quiet(30),
    ]);
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
    expect(looks[6]?.findings.map(({ severity, entity, summary }) => [severity, entity, summary])).toEqual([
      [
        'info',
        { kind: 'server', name: 'n1' },
        '3 servers restarted within 4 min (n1, n2, n3), as a rolling restart or an upgrade does.',
      ],
    ]);
  });

  it('is one for information where one of them was seen to be drained', () => {
    const looks = watched(three, [
      {},
      { healthz: { n1: refusing } },
      restarted('n1', 2),
      restarted('n2', 3),
      ...quiet(8),
    ]);
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
    expect(last(looks).map(({ severity, entity }) => [severity, entity.name])).toEqual([['info', 'n1']]);
  });

  it('is one for information where all are upgraded, however fast', () => {
    const version = '2.15.2';
    const all = {
      then: (servers: ReturnType<typeof fleet>) => {
        for (const [i, name] of three.entries()) servers.restart(name, 30 + i, { version });
      },
    };
    const looks = watched(three, [{}, all, ...quiet(8)]);
    expect([looks.flatMap(({ notices }) => notices), last(looks).map(({ severity }) => severity)]).toEqual([
      [],
      ['info'],
    ]);
  });

  it('is one warning of a slow roll at first, and ends with the last server', () => {
    const slow = [restarted('n1', 1), restarted('n2', 11), restarted('n3', 21)];
    const looks = watched(
      three,
      Array.from({ length: 50 }, (_, minute) => (minute % 10 === 1 ? (slow[(minute - 1) / 10] ?? {}) : {})),
    );
    const notices = looks.flatMap(({ notices: all }, minute) =>
      all.map(({ kind, severity, entity }) => [minute, kind, severity, entity]),
    );
    expect(notices).toEqual([
      [6, 'opened', 'warning', 'n1'],
      [22, 'resolved', 'warning', 'n1'],
    ]);
    expect([told(looks)[23], told(looks)[40], told(looks)[41]]).toEqual(['info n1', 'info n1', '']);
  });

  it('is for information of one that was down for so long that SERVER_101 told', () => {
    const away = (many: number) => [
      {},
      ...Array.from({ length: many }, () => ({ down: ['n1'] })),
      restarted('n1', many + 1),
      ...quiet(8),
    ];
    expect(last(watched(['n1', 'n2'], away(2))).map(({ severity }) => severity)).toEqual(['warning']);
    expect(last(watched(['n1', 'n2'], away(3))).map(({ severity }) => severity)).toEqual(['info']);
  });

  it('is one warning where all end at once: a host, a message that crashes them', () => {
    const all = {
      then: (servers: ReturnType<typeof fleet>) => {
        for (const name of three) servers.restart(name, 30);
      },
    };
    const looks = watched(three, [{}, all, ...quiet(8)]);
    expect(looks.flatMap(({ notices }) => notices)).toEqual([
      { kind: 'opened', severity: 'warning', entity: 'n1' },
    ]);
    expect(last(looks)[0]?.summary).toBe(
      '3 servers restarted within 1 min (n1, n2, n3), some of them at the same time, and nothing shows that it was on purpose.',
    );
  });

  it('is one warning where two of three went one after another, which may be chance', () => {
    const looks = watched(three, [{}, restarted('n1', 1), {}, restarted('n2', 3), ...quiet(8)]);
    expect(looks.flatMap(({ notices }) => notices)).toEqual([
      { kind: 'opened', severity: 'warning', entity: 'n1' },
    ]);
  });

  it('leaves one that restarts again and again to SERVER_009', () => {
    const looks = watched(
      ['n1', 'n2'],
      [{}, restarted('n1', 1), restarted('n1', 2), restarted('n1', 3), ...quiet(8)],
    );
    expect(told(looks).join('')).toBe('');
  });

  it('ends though another server cannot be read any more', () => {
    const looks = watched(
      ['n1', 'n2'],
      [{}, restarted('n1', 1), ...quiet(5), ...Array.from({ length: 20 }, () => ({ down: ['n2'] }))],
    );
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
  });
});
