import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-121-subscriptions-grow.ts';
import type { ClientRow } from '../../../lambdas/readings/decoders/clients.ts';
import { client, many, serving } from '../../clients-kit.ts';
import { watching, type Look } from '../../kit.ts';

const every = minutes(5);
function hoursOf(hours: number, rowsAt: (hour: number) => readonly ClientRow[]): Look {
  const watch = watching(diagnosis, { every });
  const looks = Array.from({ length: hours * 12 + 1 }, (_, i) => watch.look([serving('n1', rowsAt(i / 12))]));
  const last = looks.at(-1);
  if (last === undefined) throw new Error('no look');
  return last;
}
const leaking = (subscriptions: number): readonly ClientRow[] => [
  client({ cid: 7, name: 'gateway', subscriptions: Math.floor(subscriptions) }),
  ...many(40, (i) => ({ cid: 100 + i, subscriptions: 10 })),
];

describe('CONN_121, subscriptions grow without end', () => {
  it.each([
    [100, 0],
    [101, 1],
  ])(
    'tells of a client that gains more than a thousand within hours: %d an hour for ten',
    (pace, expected) => {
      const { findings } = hoursOf(11, (hour) => leaking(600 + pace * Math.min(hour, 10)));
      expect(findings).toHaveLength(expected);
    },
  );

  it('names the client and how it grew', () => {
    const [finding] = hoursOf(10, (hour) => leaking(1_000 + 300 * hour)).findings;
    expect(finding).toMatchObject({
      severity: 'warning',
      entity: { kind: 'client', name: 'gateway (APP) from 10.0.0.9:50000, cid 7' },
      summary:
        'A client has 3,000 subscriptions more than 10 h ago (1,000 then, 4,000 now), and they only ever rose: gateway (APP) from 10.0.0.9:50000, cid 7.',
    });
  });

  it('is silent about a client with many subscriptions that come and go', () => {
    const wavy = (hour: number) => leaking(3_000 + 2_000 * Math.sin(hour));
    expect(hoursOf(10, wavy).findings).toEqual([]);
  });

  it('tells of an account whose clients all grow, none by much', () => {
    const { findings } = hoursOf(10, (hour) =>
      many(200, () => ({ subscriptions: Math.floor(20 + 8 * hour) })),
    );
    expect(findings).toMatchObject([
      {
        entity: { kind: 'account', name: 'APP' },
        summary:
          'The 200 clients of account APP have 16,000 subscriptions more than 10 h ago (each 20 in the mean then, 100 now), and they only ever rose.',
      },
    ]);
  });

  it('is silent about an account that has more clients hour by hour', () => {
    const { findings } = hoursOf(10, (hour) =>
      many(200 + Math.floor(100 * hour), () => ({ subscriptions: 20 })),
    );
    expect(findings).toEqual([]);
  });
});
