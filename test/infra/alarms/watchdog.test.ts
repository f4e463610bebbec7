import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import { watchdogAlarm } from '../../../infra/alarms/watchdog-alarm.ts';
import { alarmStates, stateChanges, type Datapoint } from '../../../infra/cloudwatch/evaluator.ts';
import { serverUp } from '../catalogue.ts';
import { deployed } from '../rules.ts';

/** The watchdog of a check over so many clusters that each fill a batch. */
const watchdogOf = (batches: number, check = serverUp) => {
  const clusters = Array.from({ length: batches }, (_, i) => ({
    name: `c${i}`,
    targets: Array.from({ length: 100 }, (_each, j) => ({ name: `n${j}`, url: `http://c${i}-n${j}:8222` })),
  }));
  return watchdogAlarm(check, deployed({ clusters }, 'groups: []'));
};

type Runs = { readonly started?: number; readonly failed?: number };
type TimeLine = (minute: number) => Runs;

/** State changes over two hours that follow on half an hour in which the alarm was there and all was well. */
function changes(
  batches: number,
  timeLine: TimeLine,
  { every, phase } = { every: 1, phase: 0 },
): readonly string[] {
  const span = { from: -30, to: 120 };
  const ran = Array.from({ length: (span.to - span.from) / every }, (_, i) => span.from + phase + i * every);
  /** As Lambda tells of runs: a datapoint each. */
  const points = (valueOf: (run: number, failed: number) => number): readonly Datapoint[] =>
    ran.flatMap((minute) => {
      const { started = batches, failed = 0 } = minute < 1 ? {} : timeLine(minute);
      return Array.from({ length: started }, (_, run) => ({ minute, value: valueOf(run, failed) }));
    });
  const invocations = points(() => 1);
  const errors = points((run, failed) => (run < failed ? 1 : 0));
  const states = alarmStates(
    watchdogOf(batches, { ...serverUp, every: minutes(every) }),
    ({ name }) => (name === 'Errors' ? errors : invocations),
    span,
  );
  return stateChanges(states.filter(({ minute }) => minute >= 1)).map(
    ({ minute, state }) => `${minute} ${state}`,
  );
}
const between = (from: number, to: number, runs: Runs): TimeLine => {
  return (minute) => (minute >= from && minute <= to ? runs : {});
};

describe('the watchdog of a check in three batches', () => {
  it('is OK while every batch runs', () => {
    expect(changes(3, () => ({}))).toEqual(['1 OK']);
  });

  it('pages eight minutes after one of them begins to fail, and is OK five minutes after it runs again', () => {
    expect(changes(3, between(20, 60, { failed: 1 }))).toEqual(['1 OK', '27 ALARM', '63 OK']);
  });

  it('pages as soon where one is not started any more', () => {
    expect(changes(3, between(20, Infinity, { started: 2 }))).toEqual(['1 OK', '27 ALARM']);
  });

  it('pages two minutes sooner where none is', () => {
    expect(changes(3, between(20, Infinity, { started: 0 }))).toEqual(['1 OK', '25 ALARM']);
  });

  it('does not page for a minute in which all fail', () => {
    expect(changes(3, between(20, 20, { failed: 3 }))).toEqual(['1 OK']);
  });

  it('does not page for a batch that loses two runs of five, and does for three of five', () => {
    const losing =
      (lost: number): TimeLine =>
      (minute) => ({ failed: minute % 5 < lost ? 1 : 0 });
    expect([changes(3, losing(2)), changes(3, losing(3))]).toEqual([['1 OK'], ['1 OK', '10 ALARM']]);
  });

  it('does not page where runs begin late, some in the next minute', () => {
    expect(changes(3, (minute) => ({ started: minute % 2 === 0 ? 1 : 5 }))).toEqual(['1 OK']);
  });
});

describe('the watchdog of a check in one batch', () => {
  it('pages with the fifth minute without a run of seven, and not with the fourth', () => {
    expect([
      changes(1, between(20, Infinity, { failed: 1 })),
      changes(1, between(20, 23, { failed: 1 })),
      changes(1, between(20, Infinity, { started: 0 })),
    ]).toEqual([['1 OK', '24 ALARM'], ['1 OK'], ['1 OK', '24 ALARM']]);
  });

  it('does not page for two runs of five that are lost for ever, and does for three of five', () => {
    const losing =
      (lost: number): TimeLine =>
      (minute) => ({ failed: minute % 5 < lost ? 1 : 0 });
    expect([changes(1, losing(2)), changes(1, losing(3)).slice(0, 2)]).toEqual([
      ['1 OK'],
      ['1 OK', '7 ALARM'],
    ]);
  });

  it('does not page where runs begin late, each second one in the next minute', () => {
    expect(changes(1, (minute) => ({ started: minute % 2 === 0 ? 0 : 2 }))).toEqual(['1 OK']);
  });
});

describe('the watchdog of a check that runs every five minutes', () => {
  it.each([0, 2, 4])('in minute %i of them, does not page for a run that is lost', (phase) => {
    const lost = between(20, 24, { started: 0 });
    expect(changes(1, lost, { every: 5, phase })).toEqual(['1 OK']);
  });

  it.each([
    [0, '30 ALARM'],
    [2, '32 ALARM'],
    [4, '34 ALARM'],
  ])('in minute %i of them, pages with the third of four', (phase, change) => {
    const lost = between(20, Infinity, { started: 0 });
    const failed = between(20, Infinity, { failed: 1 });
    expect([changes(1, lost, { every: 5, phase }), changes(1, failed, { every: 5, phase })]).toEqual([
      ['1 OK', change],
      ['1 OK', change],
    ]);
  });

  it('says so', () => {
    expect(watchdogOf(1, { ...serverUp, every: minutes(5) }).description).toMatch(
      /^NATS check server-up of nats-cloudwatch is not running: in 15 min of the last 20 min no run of it has finished\./,
    );
  });
});

describe('a fleet that grows by a batch', () => {
  it('has another watchdog, which warms up until all minutes it looks at had as many runs', () => {
    const [two, three] = [watchdogOf(2), watchdogOf(3)];
    expect([two.name, three.name]).toEqual([
      'nats/nats-cloudwatch-server-up/2-batches/not-running',
      'nats/nats-cloudwatch-server-up/3-batches/not-running',
    ]);
    const invocations = Array.from({ length: 120 }, (_, minute) => ({ minute, value: minute < 60 ? 2 : 3 }));
    const states = (alarm: typeof three) =>
      stateChanges(
        alarmStates(alarm, ({ name }) => (name === 'Errors' ? [] : invocations), { from: 60, to: 119 }),
      ).map(({ minute, state }) => `${minute} ${state}`);
    expect(states(three)).toEqual(['60 INSUFFICIENT_DATA', '75 OK']);
    expect(states({ ...three, warmUp: null })).toEqual(['60 ALARM', '62 OK']);
  });
});

it('the text says what is lost, where to look and how to tell which batch', () => {
  expect(watchdogOf(3).description).toMatchInlineSnapshot(`
    "NATS check server-up of nats-cloudwatch is not running, for some or all of 3 batches of clusters: under 13 of 15 runs have finished in each of the last two times 5 min.
    Nobody looks at what it looks at, so that silence means nothing: its other alarms keep their state. It does not say that servers are down.
    First: Read the function's log, /aws/lambda/nats-cloudwatch-server-up: it has a line for each cluster that was run, and errors name theirs; a cluster without a line is not run. Look for denied or timed-out calls of CloudWatch, SNS or DynamoDB (endpoints, role), and for a schedule being disabled.
    Finding: none, as a check that does not run finds nothing.
    Read on: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"
  `);
  expect(watchdogOf(1).description).toMatchInlineSnapshot(`
    "NATS check server-up of nats-cloudwatch is not running: in 5 min of the last 7 min no run of it has finished.
    Nobody looks at what it looks at, so that silence means nothing: its other alarms keep their state. It does not say that servers are down.
    First: Read the function's log, /aws/lambda/nats-cloudwatch-server-up. Look for denied or timed-out calls of CloudWatch, SNS or DynamoDB (endpoints, role), and for its schedule being disabled.
    Finding: none, as a check that does not run finds nothing.
    Read on: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"
  `);
});
