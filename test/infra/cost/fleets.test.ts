import { describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { monthlyCost } from '../../../infra/cost/cost.ts';
import { fleetCost, fleets } from '../../../infra/cost/fleets.ts';
import { furtherCheck } from '../../../infra/cost/further-check.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import released from '../../../infra/cost/released.json' with { type: 'json' };
import { changeOfCosts } from '../../pages/cost.ts';

const fleet = (name: string) => {
  const found = fleets.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no fleet ${name}`);
  return found;
};

describe('a cluster of three servers, with the built-in rules, all findings, watchdogs and the dashboard', () => {
  it('costs less than $25 a month with the engine classic', () => {
    expect(fleetCost(fleet('3 servers'), { engine: 'classic' })).toBeLessThan(25);
  });

  it('costs less than $30 with five checks more, and ten series more on the dashboard', () => {
    const { clusters } = fleet('3 servers');
    const input = { checks, ...understand({ clusters }, 'a fleet') };
    const now = monthlyCost(input, alarmSpecs(input)).list;
    expect(now + 5 * furtherCheck(input, now) + 10 * 0.3).toBeLessThan(30);
  });

  it('costs less than $10 a month with the engine promql', () => {
    expect(fleetCost(fleet('3 servers'), { engine: 'promql' })).toBeLessThan(10);
  });

  it.each(['classic', 'promql'] as const)('costs less than $0.30 more with one check more: %s', (engine) => {
    const { clusters } = fleet('3 servers');
    const input = { checks, ...understand({ clusters, alarms: { engine } }, 'a fleet') };
    const further = furtherCheck(input, monthlyCost(input, alarmSpecs(input)).list);
    expect(further).toBeGreaterThan(0.1);
    expect(further).toBeLessThan(0.3);
  });
});

describe('the fleets of the table', () => {
  it('are those whose cost was kept of the last release', () => {
    expect(Object.keys(released.fleets)).toEqual(fleets.map(({ name }) => name));
  });

  it('say in words what they cost more and less than with that release', () => {
    const was = { small: { classic: 100, promql: 50 }, large: { classic: 200, promql: 50 } };
    expect(
      [
        { small: { classic: 90, promql: 50 }, large: { classic: 100, promql: 50 } },
        { small: { classic: 110, promql: 40 }, large: { classic: 300, promql: 60 } },
        { small: { classic: 100, promql: 55 }, large: { classic: 150 }, new: { classic: 1, promql: 1 } },
      ].map((now) => changeOfCosts(was, now)),
    ).toEqual([
      'classic 10 to 50 % less; classic, per cluster new; promql as much.',
      'classic 10 to 50 % more; classic, per cluster new; promql 20 % less to 20 % more.',
      'classic 25 % less to as much; classic, per cluster new; promql 10 % more.',
    ]);
  });
});
