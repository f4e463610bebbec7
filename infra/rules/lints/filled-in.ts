import { filledByGrafana, filledByHelm } from '../rule-file/filled-in.ts';
import type { Lint } from './subject/subject.ts';

/** L26: what Grafana or Helm would have filled in is a text like any other to Prometheus. */
export const filledIn: Lint = ({ rule, selectors, written }) => [
  ...selectors.flatMap((selector) =>
    selector.matchers.flatMap(({ label, operator, value }) => {
      const found = filledByHelm(value) ?? filledByGrafana(value);
      if (found === null) return [];
      const course = operator.startsWith('!') ? 'leaves out nothing' : 'takes nothing';
      return [
        `${written(selector)} asks for the very text ${JSON.stringify(value)}, which ${found.by} would fill in, so that ${label} ${course}; write the value`,
      ];
    }),
  ),
  ...(rule.kind === 'alert' ? Object.entries({ ...rule.labels, ...rule.annotations }) : []).flatMap(
    ([name, text]) => {
      const found = filledByHelm(text);
      return found === null
        ? []
        : [
            `${name} has ${found.source}, which Helm fills in; render the chart, and give the rules that come of it`,
          ];
    },
  ),
];
