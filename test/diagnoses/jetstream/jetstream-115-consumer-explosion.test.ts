import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-115-consumer-explosion.ts';
import { assets, consumer, member, stream } from '../../jetstream-kit.ts';
import { firstMinute, watching } from '../../kit.ts';

type ConsumerChanges = NonNullable<Parameters<typeof consumer>[0]>;

/** A lone server whose stream has so many consumers. */
const having = (count: number, changes: ConsumerChanges = {}, name = 'ORDERS') => {
  const own = consumer({ created: firstMinute - hours(9), ...changes });
  const group = { isAlone: true, replicas: [] };
  const consumers = Array.from({ length: count }, (_, i) => ({
    ...own,
    group: { ...own.group, ...group },
    name: `c${i}`,
  }));
  return [member('n1', { consumers: assets(stream({ name, group, consumers })) })];
};

/** Three hours with so many consumers, then so many in three looks. */
function grown(before: number, after: number) {
  const watch = watching(diagnosis, { remembers: true });
  for (let half = 0; half < 6; half += 1) watch.look(having(before), minutes(30));
  const looks = [1, 2, 3].map(() => watch.look(having(after)));
  return { watch, last: looks.at(-1) };
}

describe('JETSTREAM_115, a stream of very many consumers', () => {
  it.each([
    [9_999, 'ok'],
    [10_000, 'warning'],
    [49_999, 'warning'],
    [50_000, 'critical'],
  ])('%d are %s', (count, outcome) => {
    const watch = watching(diagnosis);
    expect(watch.look(having(count)).outcomes).toEqual({ cluster: outcome });
  });

  it('is told with who makes them and what stays', () => {
    const [durable] = watching(diagnosis).look(having(10_000)).findings;
    expect(durable).toMatchObject({
      summary: 'Stream ORDERS (APP) has 10,000 consumers, limit 10,000.',
      evidence: [
        '10,000 of 10,000 consumers serve nobody now',
        '10,000 durable that stay for ever (no inactive_threshold), 0 ephemeral',
        '0 created within the last hour; the newest: c0, c1, c2',
        'led by n1',
      ],
    });
    expect(durable?.remedy).toContain('a durable consumer under a new name each time');
    const passing = having(10_000, { config: { durable: false, inactiveThreshold: 5e9 }, waiting: 1 });
    const [ephemeral] = watching(diagnosis).look(passing).findings;
    expect(ephemeral?.evidence.slice(0, 2)).toEqual([
      '0 of 10,000 consumers serve nobody now',
      '0 durable that stay for ever (no inactive_threshold), 10,000 ephemeral',
    ]);
    expect(ephemeral?.remedy).toContain('an ephemeral consumer for each request');
  });

  it('names MQTT sessions', () => {
    const [finding] = watching(diagnosis).look(having(10_000, {}, '$MQTT_msgs')).findings;
    expect(finding?.evidence[0]).toBe('MQTT: each is a subscription of a session with QoS 1 or 2');
    expect(finding?.remedy).toContain('clean session');
  });
});

describe('JETSTREAM_115, a stream whose consumers grow', () => {
  it('is a warning from a thousand more within an hour on, in the third look', () => {
    const { last } = grown(100, 2_200);
    expect(last?.outcomes).toEqual({ cluster: 'warning' });
    expect(last?.findings.map(({ summary }) => summary)).toEqual([
      'Stream ORDERS (APP) has 2,200 consumers and 1,355 more an hour, limit 1,000.',
    ]);
  });

  it.each([
    ['a thousand more of three thousand and more', 4_000, 5_500],
    ['some hundreds', 100, 900],
    ['fewer', 2_000, 100],
  ])('is none with %s', (_, before, after) => {
    expect(grown(before, after).last?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is none that is seen for the first time with thousands', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 10 }, () => watch.look(having(5_000), minutes(20)));
    expect(looks.at(-1)?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is over when they stay as many for two hours', () => {
    const { watch } = grown(100, 2_200);
    const notices = Array.from({ length: 14 }, () => watch.look(having(2_200), minutes(10)).notices);
    expect(notices.flat().map(({ kind }) => kind)).toEqual(['resolved']);
  });
});
