import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-006-consumers-jumped.ts';
import { jsz, lookingOn, member } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';
import { withoutJetStream } from '../meta/group.ts';

const holding = (consumers: readonly number[], uptime = 86_400) =>
  consumers.map((many, i) =>
    member(`n${i + 1}`, { varz: { uptime }, jsz: jsz({ consumers: many, streams: 9 }) }),
  );
/** From so many on two servers to so many, in the second look. */
function found(from: readonly number[], to: readonly number[]) {
  const watch = watching(diagnosis, { remembers: true });
  watch.look(holding(from));
  return lookingOn(watch, holding(to), 2).findings;
}

describe('JETSTREAM_006, many more or fewer consumers', () => {
  it.each([
    [[100, 100], [2_599, 2_600], []],
    [[100, 100], [2_600, 2_600], ['info']],
    [[100, 100], [10_100, 10_100], ['warning']],
    [[12_000, 12_000], [0, 0], ['warning']],
    [[9_000, 100], [100, 9_000], []],
  ])('from %j to %j are %j', (from, to, severities) => {
    expect(found(from, to).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says which way, and who holds them', () => {
    expect(found([100, 100], [5_100, 3_100])).toMatchObject([
      {
        summary: '8,000 replicas of consumers came within 10 min: 8,200 are there.',
        evidence: ['n1 holds 5,100, of 9 streams', 'n2 holds 3,100, of 9 streams'],
      },
    ]);
  });

  it('adds up over ten minutes, and is over after them', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 8; i += 1) watch.look(holding([i * 1_000, 0]));
    expect(watch.look(holding([7_000, 0])).findings).toHaveLength(1);
    expect(lookingOn(watch, holding([7_000, 0]), 20).findings).toEqual([]);
  });

  it('is silent about a server that cannot be read for a while, and one that finds its consumers after a start', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding([30_000, 30_000]));
    watch.look([...holding([30_000]), server('n2', { varz: failing(), jsz: failing() })]);
    watch.look([...holding([30_000]), ...holding([0, 500], 20).slice(1)]);
    watch.look([...holding([30_000]), ...holding([0, 30_000], 80).slice(1)]);
    expect(watch.look(holding([30_000, 30_000])).findings).toEqual([]);
  });

  it('does not apply without JetStream', () => {
    expect(watching(diagnosis).look([withoutJetStream('n1')]).outcomes).toEqual({
      cluster: 'not-applicable',
    });
  });
});
