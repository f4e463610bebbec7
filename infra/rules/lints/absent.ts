import {
  nodesOf,
  selectorsOf,
  type Call,
  type Expression,
  type Selector,
} from '../../../lambdas/promql/index.ts';
import { collectorOf } from '../../../lambdas/series/definition.ts';
import { isOfServer } from './subject/nature.ts';
import type { Advice, Lint, Subject } from './subject/subject.ts';
import { thresholdOf } from './subject/threshold.ts';

/** L13: absent() is silent while one of many series is left. */
export const absentOverFleet: Lint = (subject) =>
  [...nodesOf(subject.ast)].flatMap((node) => (isOverFleet(node, subject) ? [messageOf(node, subject)] : []));

const ofTarget = ['server_id', 'instance'];
/** Labels that say which stream, account and so on is meant. */
const ofEntity = [
  'account',
  'account_id',
  'account_name',
  'stream_name',
  'consumer_name',
  'remote_gateway_name',
  'cid',
];

export function isOverFleet(node: Expression, subject: Subject): node is Call {
  if (node.kind !== 'call' || !(node.name === 'absent' || node.name === 'absent_over_time')) return false;
  const selectors = selectorsOf(node);
  return (
    selectors.length > 0 &&
    selectors.every((selector) => isOfSeveral(selector, subject)) &&
    !isUpCovered(node, subject)
  );
}

function isOfSeveral(selector: Selector, subject: Subject): boolean {
  const series = subject.seriesOf(selector);
  if (series === undefined) return false;
  const names = (labels: readonly string[]): boolean =>
    selector.matchers.some(
      ({ label, operator, value }) => operator === '=' && value !== '' && labels.includes(label),
    );
  if (isOfServer(series)) return subject.context.targets !== 1 && !names(ofTarget);
  return !names(ofEntity);
}

/** `up == 0 or absent(up)`: the first half tells of each target. */
function isUpCovered(node: Call, subject: Subject): boolean {
  const isOfUp = selectorsOf(node).every((selector) => subject.seriesOf(selector)?.collector === 'up');
  return isOfUp && [...nodesOf(subject.ast)].some((other) => isDown(other, subject));
}

function isDown(node: Expression, subject: Subject): boolean {
  const threshold = thresholdOf(node);
  if (threshold === undefined || subject.seriesOf(threshold.signal.selector)?.collector !== 'up')
    return false;
  const { operator, limit } = threshold;
  return (
    (operator === '==' && limit === 0) ||
    (operator === '<' && limit > 0) ||
    (operator === '!=' && limit === 1)
  );
}

function messageOf(node: Call, subject: Subject): string | Advice {
  const [selector] = selectorsOf(node);
  const series = selector && subject.seriesOf(selector);
  if (selector === undefined || series === undefined) return '';
  const name = subject.written(selector);
  const each = isOfServer(series) ? 'server' : collectorOf(series).per.replace(/ on this server$/, '');
  const silent = `${node.name}() over ${name} says nothing while it is there for one ${each}`;
  if (series.collector === 'up') return { reason: `${silent}, and names none; `, write: `${name} == 0` };
  return isOfServer(series)
    ? `${silent}, and names none; give each server_id an alert, or write up == 0`
    : `${silent}, and names none; ask for the ${each} that must be there by its name`;
}
