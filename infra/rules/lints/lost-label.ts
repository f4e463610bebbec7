import type { Aggregation, Expression } from '../../../lambdas/promql/index.ts';
import { edited } from '../inline/expression-text.ts';
import { isOverFleet } from './absent.ts';
import { lossOf } from './subject/label-loss.ts';
import { sourceOf, type Lint, type Subject } from './subject/subject.ts';
import { shownLabels } from './subject/shown-labels.ts';

/** L14: a text shows a label that the expression does not let through. */
export const lostLabel: Lint = (subject) =>
  shownLabels(subject).flatMap((label): ReturnType<Lint> => {
    const loss = lossOf(subject.ast, label);
    // Of absent() over several targets, L13 speaks.
    if (loss === undefined || isOverFleet(loss, subject)) return [];
    const empty = `{{ $labels.${label} }} stays empty: `;
    if (loss.kind !== 'aggregation') return [`${empty}${reasonOf(loss, subject)}`];
    const reason = `${empty}${loss.operator}() leaves the label out; `;
    return [{ reason, write: edited(subject.text, [keeping(loss, label, subject)]) }];
  });

function reasonOf(loss: Expression, subject: Subject): string {
  const source = sourceOf(subject, loss);
  switch (loss.kind) {
    case 'call':
      return loss.name.startsWith('absent')
        ? `${loss.name}() has the labels only that its selector asks for by =; name what is missing in the text itself`
        : `${source} has no labels`;
    case 'binary':
      return `${loss.operator} keeps ${loss.matching.on ? 'the labels of on ()' : 'all but the labels of ignoring ()'} only`;
    case 'selector':
      return `${source} asks for series without it`;
    default:
      return `${source} has no labels`;
  }
}

/** The aggregation with the label among those that it keeps. */
function keeping({ from, to, operator, grouping }: Aggregation, label: string, { text }: Subject) {
  const source = text.slice(from, to);
  const list = /\b(by|without)\s*\(([^)]*)\)/i.exec(source);
  if (list === null)
    return { from: from + operator.length, to: from + operator.length, by: ` by (${label}) ` };
  const labels = grouping.without
    ? grouping.labels.filter((each) => each !== label)
    : [...grouping.labels, label];
  const at = from + list.index;
  return {
    from: at,
    to: at + list[0].length,
    by: `${grouping.without ? 'without' : 'by'} (${labels.join(', ')})`,
  };
}
