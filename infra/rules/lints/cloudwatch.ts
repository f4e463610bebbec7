import { inline } from '../../../lambdas/engine/format.ts';
import { formatDuration } from '../../../lambdas/durations.ts';
import { metricName, nodesOf, unwrap, type Binary, type Selector } from '../../../lambdas/promql/index.ts';
import { hasLabel } from '../../../lambdas/series/definition.ts';
import { edited } from '../inline/expression-text.ts';
import { inSpellingOf, isOfServer } from './subject/nature.ts';
import type { Lint, Subject } from './subject/subject.ts';
import { thresholdOf } from './subject/threshold.ts';

/** C1: 100 is one core of however many the server may use. */
export const cpuOfOneCore: Lint = (subject) =>
  [...nodesOf(subject.ast)].flatMap((node) => {
    const { signal, operator, limit } = thresholdOf(node) ?? {};
    const series = signal && subject.seriesOf(signal.selector);
    if (signal === undefined || series?.name !== 'varz_cpu' || signal.change !== null) return [];
    // L5 tells of shares, and who asks for more than 100 knows.
    const isOfOne =
      (operator === '>' || operator === '>=') && limit !== undefined && limit > 1 && limit <= 100;
    if (!isOfOne) return [];
    const cores = inSpellingOf(signal.selector.name ?? '', series, 'varz_gomaxprocs');
    const fixed = edited(subject.text, [{ from: signal.leaf.to, to: signal.leaf.to, by: ` / ${cores}` }]);
    const reason =
      `${subject.written(signal.selector)} is a percentage of one core and passes 100 on several: ${limit} may be little; ` +
      `for a share of all cores that it may use `;
    return [{ reason, write: fixed }];
  });

const everyMs = 60_000;

/** C2 */
export const otherInterval: Lint = ({ group: { name, intervalMs } }) =>
  intervalMs === null || intervalMs === everyMs
    ? []
    : [
        `the group ${name} has an interval of ${formatDuration(intervalMs)}; readings and CloudWatch's alarms here go by the ` +
          `minute, and so is this rule evaluated`,
      ];

/** C4 */
export const queryOffset: Lint = ({ group: { name, queryOffsetMs } }) =>
  queryOffsetMs === null || queryOffsetMs === 0
    ? []
    : [
        `the group ${name} has a query_offset of ${formatDuration(queryOffsetMs)}, which is not used: rules are evaluated on ` +
          `readings that are complete`,
      ];

/** C5 */
export const limited: Lint = ({ group: { name, limit } }) =>
  limit === null
    ? []
    : [
        `the group ${name} has a limit of ${limit}, which is not used: a rule with more alerts fires all the same`,
      ];

/** C6 */
export const keepFiring: Lint = ({ rule, context }) =>
  rule.kind !== 'alert' || rule.keepFiringForMs === 0 || context.engine === 'promql'
    ? []
    : [
        `CloudWatch knows no keep_firing_for (${formatDuration(rule.keepFiringForMs)}): the check keeps the alert, and the ` +
          `alarm shows 1 while it fires in place of the value`,
      ];

/** C7 */
export const alwaysFires: Lint = (subject) => {
  const { ast, ways, rule } = subject;
  if (rule.kind !== 'alert' || ast.type !== 'vector' || !ways.some((way) => way.length === 0)) return [];
  const bool = [...nodesOf(ast)].find((node): node is Binary => node.kind === 'binary' && node.bool);
  if (bool !== undefined) {
    const reason = `${bool.operator} bool gives 0 or 1 and leaves nothing out, so that the alert always fires; `;
    return unwrap(ast) === bool
      ? [{ reason, write: withoutBool(bool, subject) }]
      : [`${reason}compare it without bool`];
  }
  const { selectors } = subject;
  if (!selectors.every((selector) => takesAll(selector, subject))) return [];
  const optional = selectors.filter((selector) => !isAlwaysThere(selector, subject));
  const names = [...new Set(optional.map((selector) => subject.written(selector)))];
  const when = names.length === 0 ? 'always fires' : `fires wherever there is ${inline(names)}`;
  return [
    `nothing in the expression leaves anything out, so that the alert ${when}; compare it with a limit`,
  ];
};

function withoutBool({ left, right }: Binary, { text }: Subject): string {
  const at = left.to + text.slice(left.to, right.from).search(/\bbool\b/i);
  return edited(text, [{ from: at, to: at + 'bool'.length, by: '' }]).replace(/ {2,}/g, ' ');
}

/** A label may say what is wrong. */
function takesAll(selector: Selector, { seriesOf }: Subject): boolean {
  const series = seriesOf(selector);
  if (series === undefined || series.kind === 'info') return false;
  return selector.matchers.every(
    ({ label }) => label === metricName || label === 'server_id' || !hasLabel(series, label),
  );
}

/** Streams and what is optional may be missing. */
function isAlwaysThere(selector: Selector, { seriesOf }: Subject): boolean {
  const series = seriesOf(selector);
  return series !== undefined && !series.optional && isOfServer(series);
}

/** C8 */
export const numberAlone: Lint = ({ rule, ast }) =>
  rule.kind === 'alert' && ast.type === 'scalar'
    ? [
        'the expression is a number, of which Prometheus makes an alert without labels that always fires; compare a series',
      ]
    : [];
