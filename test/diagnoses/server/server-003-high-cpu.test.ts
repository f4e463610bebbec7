import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-003-high-cpu.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { server, varz, watching } from '../../kit.ts';

const working = (cpu: number, changes: Partial<Varz> = {}) =>
  server('n1', { varz: varz({ cpu, gomaxprocs: 4, cores: 16, ...changes }) });
const after = (looks: readonly ReturnType<typeof working>[]) => {
  const watch = watching(diagnosis, { remembers: true });
  return looks.map((each) => watch.look([each])).at(-1)?.findings ?? [];
};
const held = (cpu: number, looks = 6) => Array.from({ length: looks }, () => working(cpu));

describe('SERVER_003, a server short of CPU', () => {
  it.each([
    ['more than 80 % of its processors for five minutes', held(321), ['warning']],
    ['80 %', held(320), []],
    ['more for four minutes', held(321, 5), []],
    ['more with a calm second in between', [...held(400, 3), working(100), ...held(400, 5)], []],
    ['all of one processor of four', held(100, 20), []],
  ])('uses %s', (_, looks, severities) => {
    expect(after(looks).map(({ severity }) => severity)).toEqual(severities);
  });

  it('is told with what passes through it, and who else works', () => {
    const watch = watching(diagnosis, { remembers: true });
    const minute = (n: number) => [
      working(390, {
        in_msgs: 60_000 * n,
        in_bytes: 6_291_456 * n,
        out_bytes: 0,
        total_connections: 600 * n,
      }),
      server('n2', { varz: varz({ cpu: 20, gomaxprocs: 4 }) }),
    ];
    const looks = Array.from({ length: 6 }, (_, n) => watch.look(minute(n)));
    expect(looks.at(-1)?.findings[0]).toMatchObject({
      summary: 'n1 uses 97.5 % of 4 processors, above the limit of 80 %.',
      evidence: [
        expect.stringMatching(/^CPU 390 % of one core \(16 cores\), memory /),
        'traffic: 1,000 messages/s in, 102.4 KiB/s in, 0 B/s out',
        'churn: 600 came in 60 s, refused ones included',
        'elsewhere in the cluster: n2 5 %',
      ],
    });
  });

  it('is not known of a server that does not say how many processors it may use', () => {
    expect(watching(diagnosis).look([working(400, { gomaxprocs: 0 })]).outcomes).toEqual({ n1: 'unknown' });
  });
});
