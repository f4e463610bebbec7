import { coreOf, edited } from '../inline/expression-text.ts';
import { askedIn, askedOf } from './subject/asked.ts';
import { besides } from './subject/advice.ts';
import type { Lint } from './subject/subject.ts';

const partial = /^healthz_js_(?:enabled|server)_only_(status|status_value)$/;

const leftOut: Readonly<Record<string, string>> = {
  healthzJsServerOnly:
    'asks for the server: without a quorum of JetStream nats-server 2.15 still says that all is well',
  healthzJsEnabledOnly:
    'asks whether JetStream runs where it is configured, never for a quorum, streams or consumers',
};

/** L25: forms of /healthz that leave JetStream out. */
export const partialHealth: Lint = (subject, alerts) =>
  askedIn(subject).flatMap(({ selector, series }) => {
    const [, what] = partial.exec(series.name) ?? [];
    const isOfSilence = selector.matchers.some(
      ({ label, value }) => label === 'value' && value === 'unreachable',
    );
    if (what === undefined || isOfSilence) return [];
    const isAsked = (name: string): boolean => askedOf(name, subject, alerts).length > 0;
    if (isAsked('healthz_status') || isAsked('healthz_status_value')) return [];
    const { from } = selector;
    const to = from + coreOf(subject.text, selector).length;
    const fixed = edited(subject.text, [{ from, to, by: besides(selector, series, `healthz_${what}`) }]);
    return [
      {
        reason: `${subject.written(selector)} ${leftOut[series.collector] ?? ''}; for JetStream's health `,
        wait: 'a change of leader makes it unhealthy for seconds',
        write: fixed,
      },
    ];
  });
