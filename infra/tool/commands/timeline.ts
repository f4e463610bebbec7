import { everyMs } from '../../../lambdas/rules/compile.ts';
import type { Labels } from '../../../lambdas/promql/index.ts';
import { written } from '../../../lambdas/promql/index.ts';
import type { AlarmState, StateAt } from '../../cloudwatch/evaluator.ts';
import type { Arguments, Engine } from '../arguments.ts';
import { deployed, mannerOf, timed } from '../suite/deployed.ts';
import { toStderr, json as document, toStdout, type Output } from '../output.ts';
import { inOrder, lastEvalMs } from '../suite/run-suite.ts';
import { readSuite, type Suite } from './test.ts';
import type { TestGroup } from '../test-file/parts.ts';

/** An alarm over a test's series. */
export type Timeline = {
  readonly alert: string;
  readonly labels: Labels;
  readonly engine: Engine;
  /** From minute 0 on. */
  readonly states: readonly StateAt[];
};

export function timelineCommand(
  { files: [file = ''], settings, json, ...asked }: Arguments,
  width = Infinity,
): Output {
  const read = readSuite(file, mannerOf(settings), asked);
  const tests = read.suite.tests.map((test) => ({ name: test.name, ...timelinesOf(test, read) }));
  const notes = [...read.notes, ...tests.flatMap((test) => test.notes)];
  const shown = json
    ? document(tests.flatMap(({ timelines }) => timelines))
    : toStdout(tests.flatMap(({ name, timelines }) => chart(name, timelines, width)));
  return { lines: [...toStderr(notes), ...shown], code: 0 };
}

/** Up to the last moment asked for or the last sample, whichever is later. */
function timelinesOf(test: TestGroup, { groups, suite, manner, edition }: Suite) {
  const series = timed(test);
  const lastSampleMs = Math.max(0, ...series.flatMap(({ samples }) => samples.at(-1)?.[0] ?? 0));
  const minutes = Math.ceil(Math.max(lastEvalMs(test), lastSampleMs) / everyMs);
  const { alarms, rules, problems } = deployed(inOrder(groups, suite.groupOrder), series, manner, {
    edition,
    minutes,
  });
  const refused = rules.filter(({ kind, status }) => kind === 'alert' && status === 'refused');
  return {
    timelines: alarms.map(({ rule, labels, states }): Timeline => ({
      alert: rule.alert,
      labels,
      engine: 'classic',
      states,
    })),
    notes: [
      ...refused.map(({ alert, reason }) => `${alert} has no alarm: ${reason ?? ''}`),
      ...problems.map(
        ({ rule, message, minute }) => `${rule} cannot be evaluated in minute ${minute}: ${message}`,
      ),
    ],
  };
}

const marks: Readonly<Record<AlarmState, string>> = { OK: '.', ALARM: '#', INSUFFICIENT_DATA: '?' };
const legend = '. OK   # ALARM   ? INSUFFICIENT_DATA';
const tenMinutes = 10;
/** Minutes in a line of a chart. */
const widest = 120;
const leastMinutes = 42;

/** A line an alarm, a character a minute, under a scale of minutes. */
function chart(name: string, timelines: readonly Timeline[], width: number): readonly string[] {
  const titles = timelines.map(({ alert, labels }) => `${alert}${written(labels)}`);
  const longest = Math.max(0, ...titles.map((title) => title.length));
  // Beside long titles there would be no room for minutes.
  const isBelow = width - longest < leastMinutes;
  const margin = isBelow ? 0 : longest;
  const most = Math.min(widest, Math.floor((width - margin - 2) / tenMinutes) * tenMinutes);
  const count = timelines[0]?.states.length ?? 0;
  const pieces = Array.from({ length: Math.ceil(count / most) }, (_, index) => index * most);
  return [
    ...(isBelow ? [name, legend] : [`${name}   ${legend}`]),
    ...(timelines.length === 0 ? ['no alarm'] : []),
    ...pieces.flatMap((from) => {
      const to = Math.min(from + most, count);
      const lines = timelines.flatMap(({ states }, index) => {
        const strip = states.slice(from, to).map(({ state }) => marks[state]);
        const title = titles[index] ?? '';
        return [...(isBelow ? [title] : []), `${(isBelow ? '' : title).padEnd(margin)}  ${strip.join('')}`];
      });
      return [`${''.padEnd(margin)}  ${scale(from, to)}`, ...lines, ''];
    }),
  ];
}

/** `0         10        20` */
function scale(from: number, to: number): string {
  const numbers: string[] = [];
  for (let minute = from; minute < to; minute += tenMinutes) numbers.push(String(minute).padEnd(tenMinutes));
  return numbers.join('').trimEnd();
}
