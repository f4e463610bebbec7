import { edited } from '../inline/expression-text.ts';
import { askedIn, askedOf, type Asked } from './subject/asked.ts';
import { besides, inShapeOf } from './subject/advice.ts';
import type { Lint } from './subject/subject.ts';
import type { Threshold } from './subject/threshold.ts';

const lag = /^stream_(mirror|source)_lag$/;
const active = /^stream_(mirror|source)_active_duration_ns$/;
/** nats-server's way of saying that an origin was never reached. */
const never = -1;

/** L21: the lag of what has no origin is 0. */
export const lagOfBroken: Lint = (subject, alerts) => {
  const lags = askedIn(subject).flatMap(({ selector, series, operator }) => {
    const [, what] = lag.exec(series.name) ?? [];
    if (what === undefined || !['>', '>=', '!='].includes(operator)) return [];
    const other = `stream_${what}_active_duration_ns`;
    if (askedOf(other, subject, alerts).length > 0) return [];
    const name = besides(selector, series, other);
    const broken = [`${name} > 60e9`, `${name} == ${never}`].map((text) =>
      inShapeOf(selector, text, subject),
    );
    return [{ written: subject.written(selector), broken }];
  });
  const more = new Set(lags.flatMap(({ broken }) => broken));
  return lags.map(({ written }) => ({
    reason:
      `${written} stays 0 where the origin is gone or was never reached, so that the alert reports a slow ` +
      `copy only; for a broken one `,
    wait: whileStarting,
    write: withMore(subject, [...more]),
  }));
};

/** L22: since never is -1, not long. */
export const neverConnected: Lint = (subject, alerts) =>
  askedIn(subject).flatMap(({ selector, series, threshold }) => {
    if (threshold?.signal.change !== null || !active.test(series.name)) return [];
    if (!['>', '>='].includes(threshold.operator) || meetsNever(threshold)) return [];
    if (askedOf(series.name, subject, alerts).some(asksForNever)) return [];
    const missed = inShapeOf(selector, `${besides(selector, series, series.name)} == ${never}`, subject);
    return [
      {
        reason:
          `${subject.written(selector)} is ${never} where the origin was never reached, which is not ` +
          `${threshold.operator} ${threshold.limit}; `,
        wait: whileStarting,
        write: withMore(subject, [missed]),
      },
    ];
  });

const whileStarting = `it is ${never} for a moment at each start`;

const withMore = ({ text, ast: { to } }: Parameters<Lint>[0], more: readonly string[]): string =>
  edited(text, [{ from: to, to, by: more.map((each) => ` or ${each}`).join('') }]);

const asksForNever = ({ threshold }: Asked): boolean => threshold !== undefined && meetsNever(threshold);

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
