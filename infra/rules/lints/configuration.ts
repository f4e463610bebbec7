import type { Expression } from '../../../lambdas/promql/index.ts';
import { isOfServer } from './subject/nature.ts';
import { seriesIn, type Lint, type Subject } from './subject/subject.ts';
import { inAll, type Condition } from './subject/conditions.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

const asEvent = ['rate', 'increase', 'irate', 'delta', 'idelta', 'deriv'];

/** L2: what a server is configured with does not move while it runs. Comparing for equality may be a policy. */
export const configuration: Lint = (subject) => {
  const levels = inAll(
    subject.ways,
    (condition) => seriesIn(condition, subject)?.collector === 'up',
    (condition) => constantIn(condition, subject),
  );
  const changes = subject.ways
    .flat()
    .flatMap(({ node }) => configured(node, subject) ?? [])
    .filter(({ signal, operator }) => asEvent.includes(signal.change?.name ?? '') && operator !== '!=');
  return [...levels, ...changes].map((threshold) => messageOf(threshold, subject));
};

function configured(node: Expression, { seriesOf }: Subject): Threshold | undefined {
  const threshold = thresholdOf(node);
  const series = threshold && seriesOf(threshold.signal.selector);
  return series?.kind === 'config' && isOfServer(series) ? threshold : undefined;
}

function constantIn({ node, holds }: Condition, subject: Subject): Threshold | undefined {
  const threshold = holds ? configured(node, subject) : undefined;
  const isLevel = threshold?.signal.change === null;
  return isLevel && threshold.operator !== '==' && threshold.operator !== '!=' ? threshold : undefined;
}

function messageOf({ signal }: Threshold, { written, seriesOf }: Subject): string {
  const unit = seriesOf(signal.selector)?.unit;
  const inUnit = unit === null || unit === undefined ? '' : ` (its unit: ${unit})`;
  return (
    `${written(signal.selector)} is what the server is configured with and does not change while it runs${inUnit}: ` +
    `the condition always holds or never; drop the rule, or compare what the setting limits`
  );
}
