import { describe, expect, it } from 'vitest';
import type { RuleRun } from '../../../lambdas/rules/evaluation/run-rules.ts';
import type { WrittenRule } from '../firing.ts';
import { entitiesIn, pointsIn, rule, runner, series } from '../rule-runner.ts';

it('alerts are reported with what fires before what waits, the worst first, and since when', () => {
  const { run } = runner([rule(`${series} > 5`, { for: '2m' })]);
  run(0, [['old', 6]]);
  run(1, [
    ['old', 6],
    ['new', 20],
  ]);
  expect(
    entitiesIn(
      run(2, [
        ['old', 6],
        ['new', 30],
        ['newer', 40],
        ['fine', 1],
      ]),
    ),
  ).toEqual([
    ['old', 6, 0, 'firing'],
    ['newer', 40, 2, 'pending'],
    ['new', 30, 1, 'pending'],
  ]);
});

it('an alert that goes on without its element keeps the value it had', () => {
  const { run } = runner([rule(`${series} > 5`, { keep_firing_for: '5m' })]);
  run(0, [['a', 7]]);
  run(1, [['a', 9]]);
  expect(entitiesIn(run(2, []))).toEqual([['a', 9, 0, 'firing']]);
});

describe('a rule that cannot be evaluated', () => {
  // Two consumers of one server match each other many to many.
  const broken = `${series} * on (server_id) ${series} > 5`;

  it('is told, and does not stop others', () => {
    const { run } = runner([
      { ...rule(broken), alert: 'Broken' },
      { ...rule(`${series} > 5`), alert: 'Whole' },
      { record: 'job:broken', expr: broken },
    ]);
    const { alerts, problems } = run(0, [
      ['a', 7],
      ['b', 8],
    ]);
    expect(alerts.map(({ alert, target, points }) => [alert.rule.id, target, points[0]?.value])).toEqual([
      ['Whole', 'x', 8],
      ['Whole', 'y', 5],
      ['Whole', 'z', 5],
      ['Whole', 'none', 5],
    ]);
    expect(problems.map(({ rule: id }) => id)).toEqual(['Broken', 'job:broken']);
    expect(problems[0]?.message).toMatch(/^many-to-many: on the right of \*/);
  });

  it('goes on as it was once it can be evaluated, and its alarm gets the minutes between', () => {
    const { run } = runner([rule(broken, { for: '3m' })]);
    run(0, [['a', 7]]);
    run(1, [['a', 7]]);
    expect(
      run(2, [
        ['a', 7],
        ['b', 8],
      ]).alerts,
    ).toEqual([]);
    const after = run(3, [['a', 7]]);
    expect(entitiesIn(after)).toEqual([[undefined, 49, 0, 'firing']]);
    expect(pointsIn(after)['x']).toEqual([
      [3, 49],
      [0, 49],
      [2, 49],
    ]);
  });
});

it('labels of a rule that make two alerts one are a problem, as in Prometheus', () => {
  const { run } = runner([rule(`${series} > 5`, { labels: { consumer_name: 'any' } })]);
  expect(
    run(0, [
      ['a', 7],
      ['b', 1],
    ]).problems,
  ).toEqual([]);
  expect(
    run(1, [
      ['a', 7],
      ['b', 8],
    ]).problems,
  ).toEqual([
    {
      rule: 'Rule',
      message:
        'two elements of the result are one alert, {instance="x.example:8222", job="nats", server_id="x"}',
    },
  ]);
});

it('a result of a server that has no alarm is told', () => {
  const { run } = runner([rule(`${series} > 5`)]);
  const { alerts, problems } = run(0, [
    ['a', 7, 'stranger'],
    ['a', 8, 'x'],
  ]);
  expect(problems).toEqual([
    {
      rule: 'Rule',
      message:
        'its result has {consumer_name="a", instance="stranger.example:8222", job="nats", server_id="stranger"}, ' +
        'which is of none of its servers',
    },
  ]);
  expect(alerts.find(({ target }) => target === 'x')?.points).toEqual([{ at: 0, value: 8 }]);
});

describe('recorded series', () => {
  const recorded = 'job:pending:doubled';
  const record: WrittenRule = { record: recorded, expr: `${series} * 2`, labels: { of: 'two' } };

  it('are there for the rules behind them in the same run, for those before in the next', () => {
    const { run } = runner([
      { ...rule(`${recorded} > 5`), alert: 'Before' },
      record,
      { ...rule(`${recorded}{of="two"} > 5`), alert: 'Behind' },
    ]);
    const ofX = ({ alerts }: RuleRun) =>
      alerts.filter(({ target }) => target === 'x').map(({ points }) => points[0]?.value);
    expect(ofX(run(0, [['a', 4]]))).toEqual([5, 8]);
    expect(ofX(run(1, [['a', 5]]))).toEqual([8, 10]);
    expect(ofX(run(2, []))).toEqual([10, 5]);
    expect(ofX(run(3, []))).toEqual([5, 5]);
  });

  it('are none where a rule makes two of them alike', () => {
    const { run } = runner([{ ...record, labels: { consumer_name: '' } }, rule(`${recorded} > 5`)]);
    expect(
      run(0, [
        ['a', 4],
        ['b', 5],
      ]).problems,
    ).toEqual([
      {
        rule: recorded,
        message:
          'two elements of the result are recorded as {instance="x.example:8222", job="nats", server_id="x"}',
      },
    ]);
  });
});

describe('when a rule is deployed with', () => {
  const before = rule(`${series} > 10`, { for: '2m' });

  it('another threshold, earlier points may breach it: the alarm waits for an alert that fires', () => {
    const { run, deploy } = runner([before]);
    run(0, [['a', 7]]);
    run(1, [['a', 7]]);
    deploy([rule(`${series} > 5`, { for: '2m' })]);
    expect([2, 3, 4].map((at) => pointsIn(run(at, [['a', 7]]))['x'])).toEqual([
      [[2, 5]],
      [[3, 7]],
      [
        [4, 7],
        [2, 7],
      ],
    ]);
  });

  it('less patience, an alert that has waited long enough fires, with all the points that the alarm needs', () => {
    const { run, deploy } = runner([rule(`${series} > 5`, { for: '5m' })]);
    for (const at of [0, 1, 2]) run(at, [['a', 7]]);
    deploy([rule(`${series} > 5`, { for: '2m' })]);
    expect(pointsIn(run(3, [['a', 7]]))['x']).toEqual([
      [3, 7],
      [1, 7],
      [2, 7],
    ]);
  });

  it('another expression under its name, alerts go on, as after a reload of Prometheus', () => {
    const { run, deploy } = runner([before]);
    run(0, [['a', 20]]);
    deploy([rule(`${series} > 15`, { for: '2m' })]);
    expect(entitiesIn(run(2, [['a', 20]]))).toEqual([['a', 20, 0, 'firing']]);
  });
});

it.each([
  [60, 'firing'],
  [61, 'pending'],
])('after %i minutes without a run, an alert that is there again is %s', (gap, state) => {
  const { run } = runner([rule(`${series} > 5`, { for: '2m' })]);
  run(0, [['a', 7]]);
  expect(entitiesIn(run(gap, [['a', 7]])).map(([, , , found]) => found)).toEqual([state]);
});
