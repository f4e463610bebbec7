import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-114-connections-leak.ts';
import type { ClientRow } from '../../../lambdas/readings/decoders/clients.ts';
import { many, serving } from '../../clients-kit.ts';
import { watching, type Look } from '../../kit.ts';

const every = minutes(5);

/** Looks each five minutes for so many hours, at what there is after each hour. */
function hoursOf(hours: number, rowsAt: (hour: number) => readonly ClientRow[], facts = {}): Look {
  const watch = watching(diagnosis, { every, facts });
  const looks = Array.from({ length: hours * 12 + 1 }, (_, i) => watch.look([serving('n1', rowsAt(i / 12))]));
  const last = looks.at(-1);
  if (last === undefined) throw new Error('no look');
  return last;
}
const fromOne = (count: number) => many(Math.floor(count), () => ({ ip: '10.0.0.7', name: 'orders' }));

describe('CONN_114, a client leaks connections', () => {
  it('tells of one name that gains connections from one address for eight hours and more', () => {
    const { findings } = hoursOf(10, (hour) => [...fromOne(30 + 20 * hour), ...many(300)]);
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'client', name: 'orders (APP)' },
        summary:
          'Client orders (APP) has 200 connections more from 10.0.0.7 than 10 h ago (30 then, 230 now), and they only ever rose.',
        evidence: [
          'over time: 12:00 70, 13:00 90, 14:00 110, 15:00 130, 16:00 150, 17:00 170, 18:00 190, 19:00 210, 20:00 230',
          'in all: 230 connections of that name',
          'at this pace 480 more a day',
        ].map((row) =>
          row.startsWith('over time') ? (expect.stringContaining('18:00 190') as string) : row,
        ),
      },
    ]);
  });

  it.each([
    [10, 0],
    [10.1, 1],
  ])('from more than a hundred on: %d an hour for ten', (pace, expected) => {
    const leaking = (hour: number) => fromOne(30 + pace * Math.min(hour, 10));
    expect(hoursOf(11, leaking).findings).toHaveLength(expected);
  });

  it('needs eight hours: a morning in which instances come one by one is over by then', () => {
    expect(hoursOf(7, (hour) => fromOne(30 + 40 * hour)).findings).toEqual([]);
  });

  it('is silent where instances come, each at an address of its own', () => {
    const deployed = (hour: number) => many(30 + 40 * Math.floor(hour), () => ({ name: 'orders' }));
    expect(hoursOf(10, deployed).findings).toEqual([]);
  });

  it('is silent about a deployment that replaces all clients, with both there for a while', () => {
    const replaced = (hour: number) => (hour >= 5 && hour < 5.5 ? fromOne(600) : fromOne(300));
    expect(hoursOf(10, replaced).findings).toEqual([]);
  });

  it('is silent about a pool that was made larger at once', () => {
    expect(hoursOf(10, (hour) => fromOne(hour < 4 ? 100 : 400)).findings).toEqual([]);
  });

  it('ends when the connections are closed', () => {
    const watch = watching(diagnosis, { every });
    const kinds = Array.from({ length: 130 }, (_, i) =>
      watch.look([serving('n1', fromOne(i < 125 ? 30 + 20 * (i / 12) : 10))]),
    ).flatMap(({ notices }) => notices.map(({ kind }) => kind));
    expect(kinds).toEqual(['opened', 'resolved']);
  });
});
