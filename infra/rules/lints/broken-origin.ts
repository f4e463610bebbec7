import { edited } from '../inline/expression-text.ts';
import { askedBy, thresholdsIn } from './asked.ts';
import { besides, inShapeOf, waiting } from './advice.ts';
import type { Lint } from './subject.ts';
import type { Threshold } from './threshold.ts';

const lag = /^stream_(mirror|source)_lag$/;
const active = /^stream_(mirror|source)_active_duration_ns$/;
/** nats-server's way of saying that an origin was never reached. */
const never = -1;

/** L21: the lag of what has no origin is 0. */
export const lagOfBroken: Lint = (subject, alerts) =>
  thresholdsIn(subject).flatMap(({ threshold, series }) => {
    const [, what] = lag.exec(series.name) ?? [];
    if (what === undefined || !['>', '>=', '!='].includes(threshold.operator)) return [];
    const other = `stream_${what}_active_duration_ns`;
    if (askedBy(alerts).has(other)) return [];
    const { selector } = threshold.signal;
    const name = besides(selector, series, other);
    const broken = [`${name} > 60e9`, `${name} == ${never}`].map((text) =>
      inShapeOf(selector, text, subject),
    );
    return [
      `${subject.written(selector)} stays 0 where the origin is gone or was never reached, so that the alert tells of a slow ` +
        `copy only; for a broken one ${whileStarting(subject)}write ${withMore(subject, broken)}`,
    ];
  });

/** L22: since never is -1, not long. */
export const neverConnected: Lint = (subject, alerts) =>
  thresholdsIn(subject).flatMap(({ threshold, series, name }) => {
    const isLong = ['>', '>='].includes(threshold.operator) && threshold.signal.change === null;
    if (!active.test(name) || !isLong || meetsNever(threshold)) return [];
    if (askedBy(alerts).get(name)?.some(meetsNever) === true) return [];
    const { selector } = threshold.signal;
    const missed = inShapeOf(selector, `${besides(selector, series, name)} == ${never}`, subject);
    return [
      `${subject.written(selector)} is ${never} where the origin was never reached, which is not ${threshold.operator} ` +
        `${threshold.limit}; ${whileStarting(subject)}write ${withMore(subject, [missed])}`,
    ];
  });

const whileStarting = (subject: Parameters<typeof waiting>[0]): string =>
  waiting(subject, `it is ${never} for a moment at each start`);

const withMore = ({ text, ast: { to } }: Parameters<Lint>[0], more: readonly string[]): string =>
  edited(text, [{ from: to, to, by: more.map((each) => ` or ${each}`).join('') }]);

function meetsNever({ operator, limit, signal }: Threshold): boolean {
  if (signal.change !== null) return false;
  switch (operator) {
    case '>':
      return never > limit;
    case '>=':
      return never >= limit;
    case '<':
      return never < limit;
    case '<=':
      return never <= limit;
    case '==':
      return never === limit;
    case '!=':
      return never !== limit;
  }
}
