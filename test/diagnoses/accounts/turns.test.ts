import { describe, expect, it } from 'vitest';
import { again, inTurn, remembered } from '../../../lambdas/diagnoses/accounts/details.ts';
import { accountsOf } from '../../../lambdas/diagnoses/accounts/fleet.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { firstMinute, varz } from '../../kit.ts';
import { stat } from './kit.ts';

/** So many accounts that each of two servers knows. */
const fleet = (count: number) =>
  accountsOf(
    ['n1', 'n2'].map((name) => ({
      target: { name, url: `http://${name}:8222` },
      varz: varz(),
      accstatz: {
        ...{ server_id: name, now: firstMinute },
        accounts: Array.from({ length: count }, (_, i) =>
          stat({ acc: `A${String(i).padStart(4, '0')}`, name: '' }),
        ),
      },
    })),
  );
const askedIn = (count: number, run: number) =>
  inTurn(fleet(count), firstMinute + run * minutes(5)).map(
    ({ target, account }) => `${target.name} ${account}`,
  );

describe('accounts are asked for', () => {
  it('each of one server a run, and of the other one in the next', () => {
    expect([askedIn(2, 0), askedIn(2, 1), askedIn(2, 2)]).toEqual([
      ['n1 A0000', 'n2 A0001'],
      ['n2 A0000', 'n1 A0001'],
      ['n1 A0000', 'n2 A0001'],
    ]);
  });

  it('some of many in each run, until each had its turn', () => {
    const runs = [0, 1, 2].map((run) => askedIn(250, run));
    expect(runs.map(({ length }) => length)).toEqual([96, 96, 96]);
    expect(new Set(runs.flat().map((each) => each.split(' ')[1])).size).toBe(250);
  });

  it('again where one of many is to be told and it is not its turn', () => {
    const wanted = new Set(['A0240']);
    expect(again(fleet(250), wanted, firstMinute).map(({ account }) => account)).toEqual(['A0240']);
    expect(again(fleet(96), wanted, firstMinute)).toEqual([]);
  });
});

it('what is known between turns is what was read last, and nothing once there is nothing to know', () => {
  const known = { value: '7', firstSeen: 0, lastSeen: 0 };
  const before = new Map([
    ['a', known],
    ['b', known],
    ['c', known],
  ]);
  const kept: Map<string, string>[] = [];
  const all = remembered(
    (update) => {
      kept.push(new Map(update(before)));
      return { before };
    },
    () =>
      new Map([
        ['b', '8'],
        ['c', ''],
        ['d', ''],
      ]),
  );
  expect([...all]).toEqual([
    ['a', '7'],
    ['b', '8'],
  ]);
  expect([...(kept[0] ?? [])]).toEqual([
    ['b', '8'],
    ['c', ''],
  ]);
});
