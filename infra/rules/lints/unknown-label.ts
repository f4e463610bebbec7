import {
  matches,
  metricName,
  nodesOf,
  selectorsOf,
  type Expression,
  type Selector,
} from '../../../lambdas/promql/index.ts';
import { nearest } from '../../../lambdas/engine/nearest.ts';
import { hasLabel, labelsOf } from '../../../lambdas/series/definition.ts';
import { lossOf } from './subject/label-loss.ts';
import type { Lint, Subject } from './subject/subject.ts';
import { shownLabels } from './subject/shown-labels.ts';

/** L7: labels under names that other exporters give them. */
export const unknownLabel: Lint = (subject) => [
  ...subject.selectors.flatMap((selector) => matchersOf(selector, subject)),
  ...[...nodesOf(subject.ast)].flatMap((node) => groupingsOf(node, subject)),
  ...shownLabels(subject).flatMap((label) => {
    const meant = lossOf(subject.ast, label) === undefined ? meantBy(label, subject.ast, subject) : null;
    return meant === null
      ? []
      : [`{{ $labels.${label} }} stays empty: no series of the rule has the label${meant}`];
  }),
];

function matchersOf(selector: Selector, subject: Subject): readonly string[] {
  return selector.matchers.flatMap((matcher) => {
    const { label } = matcher;
    const meant = label === metricName ? null : meantBy(label, selector, subject);
    if (meant === null) return [];
    // A label that is not there is an empty one.
    const course = matches(matcher, '') ? 'the matcher leaves out nothing' : 'the selector takes nothing';
    return [`${nameIn(subject, selector)} has no label ${label}, so that ${course}${meant}`];
  });
}

function groupingsOf(node: Expression, subject: Subject): readonly string[] {
  const [word, labels] =
    node.kind === 'aggregation' && !node.grouping.without
      ? ['by', node.grouping.labels]
      : node.kind === 'binary' && node.matching.on
        ? ['on', node.matching.labels]
        : ['', []];
  return labels.flatMap((label) => {
    const meant = meantBy(label, node, subject);
    if (meant === null) return [];
    return [`no series under ${word} (${label}) has this label, so that all count as one${meant}`];
  });
}

/** What other exporters and tools call labels. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  consumer: ['consumer_name'],
  durable: ['consumer_name'],
  durable_name: ['consumer_name'],
  stream: ['stream_name'],
  raft_group: ['stream_raft_group'],
  gateway: ['remote_gateway_name', 'gateway_name'],
  remote_gateway: ['remote_gateway_name'],
  source: ['source_name'],
  mirror: ['mirror_name'],
};

/** Labels that Prometheus gives or that settings may give a target, whatever series it has. */
const ofAnyTarget = ['job', 'instance', 'server_id'];

/**
 * `; meant is …` for a label that none of the series has; null for one that some have, and where that cannot be told. As
 * long as the labels of targets are not known, only names that are known to be other exporters' are reported.
 */
function meantBy(label: string, node: Expression, subject: Subject): string | null {
  const series = selectorsOf(node).map(subject.seriesOf);
  const known = series.flatMap((each) => (each === undefined ? [] : [each]));
  if (known.length === 0 || known.length < series.length || makes(node, label)) return null;
  if (known.some((each) => hasLabel(each, label)) || ofAnyTarget.includes(label)) return null;
  if (label.startsWith('exported_') || label === metricName) return null;
  const { labels: ofTargets } = subject.context;
  if (ofTargets?.includes(label)) return null;
  const there = [...new Set(known.flatMap(labelsOf))];
  const meant = otherNames[label]?.find((each) => there.includes(each));
  if (meant !== undefined) return `; meant is ${meant}`;
  if (ofTargets === undefined) return null;
  const near = nearest(label, there);
  return near === null ? ', and settings give it to no target' : `; meant may be ${near}`;
}

/** Whether the expression itself gives elements the label. */
const makes = (node: Expression, label: string): boolean =>
  [...nodesOf(node)].some((each) => each.kind === 'string' && each.value === label);

const nameIn = ({ seriesOf, written }: Subject, selector: Selector): string =>
  selector.name ?? seriesOf(selector)?.name ?? written(selector);
