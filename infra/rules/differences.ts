import { nodesOf, selectorsOf, type Expression } from '../../lambdas/promql/index.ts';
import type { CompiledAlert } from '../../lambdas/rules/compile.ts';
import { nameOf } from '../../lambdas/rules/identity.ts';
import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';

/** A rule as the classic engine deploys it. */
export type Deployed = { readonly alert: CompiledAlert; readonly missing: AlarmSpec['missing'] };

export type Difference = {
  readonly id: string;
  /** When the two differ. */
  readonly what: string;
  readonly prometheus: string;
  readonly here: string;
  /** The file of the test that shows it. */
  readonly test: string;
  /** Whether it can come about with this rule, whatever its group says: of groups, lints tell. */
  readonly concerns: (rule: Deployed) => boolean;
};

const test = 'test/rules/differences.test.ts';
const isPlain = ({ alert }: Deployed): boolean => alert.shape.kind === 'plain';
const isEvaluated = (rule: Deployed): boolean => !isPlain(rule);
const isOfUp = (rule: Deployed): boolean => isPlain(rule) && rule.missing === 'ignore';
const hasWindow = ({ alert: { ast } }: Deployed): boolean =>
  [...nodesOf(ast)].some(({ kind }) => kind === 'range' || kind === 'subquery');
const divides = ({ alert: { ast, shape } }: Deployed): boolean =>
  shape.kind === 'value' && [...nodesOf(ast)].some((node) => node.kind === 'binary' && node.operator === '/');
const elsewhere = (): boolean => false;
const dropsInstanceOfUp = ({ alert: { ast } }: Deployed): boolean => {
  const isInstanceAlone = (labels: readonly string[]): boolean =>
    labels.includes('instance') && !labels.includes('server_id');
  const drops = (node: Expression): boolean =>
    (node.kind === 'aggregation' && node.grouping.without && isInstanceAlone(node.grouping.labels)) ||
    (node.kind === 'binary' && !node.matching.on && isInstanceAlone(node.matching.labels));
  return selectorsOf(ast).some((selector) => nameOf(selector) === 'up') && [...nodesOf(ast)].some(drops);
};
const always = (): boolean => true;

/**
 * Where alarms of the classic engine are not in ALARM in just the minutes in which Prometheus fires, or do not show what
 * it shows. CloudWatch forces the first ones; the last ones are of evaluating each minute. Whatever else differs is a bug.
 */
export const differences = [
  {
    id: 'ended-series',
    what: 'The series of a server ends while the rule fires: the server cannot be read',
    prometheus: 'The alert ends with the next evaluation.',
    here:
      'An alarm that compares the series itself ends when its old points are out of the range that CloudWatch looks ' +
      'back, which AWS does not publish: some two minutes later, with a long `for` by a third of it.',
    test,
    concerns: (rule) => isPlain(rule) && !isOfUp(rule),
  },
  {
    id: 'bridged-gap',
    what: 'The series of a server is away for a minute or two while `for` runs',
    prometheus: '`for` begins anew.',
    here: 'An alarm that compares the series itself looks at the last points there are: `for` goes on.',
    test,
    concerns: (rule) => isPlain(rule) && !isOfUp(rule) && rule.alert.datapoints > 1,
  },
  {
    id: 'nobody-looks',
    what: '`up == 0`, and nothing is published of a server: the function does not run, or could not ask it (SERVER_114)',
    prometheus: 'Without `up` there is no alert.',
    here: 'The alarm keeps its state. That nobody looks is told by the watchdog of server-up, and by SERVER_114.',
    test,
    concerns: isOfUp,
  },
  {
    id: 'all-down',
    what: '`up == 0`, and all servers of a cluster are down at once',
    prometheus: 'An alert for each server.',
    here: 'One alarm, `nats/CLUSTER/all-servers-down`. Those of the servers keep their state meanwhile.',
    test: 'test/infra/alarms/one-page.test.ts',
    concerns: isOfUp,
  },
  {
    id: 'missed-run',
    what: 'A run is left out, a rule that does not compare a series itself',
    prometheus: 'Evaluates all the time.',
    here:
      'The alarm keeps its state in that minute, and the next run makes good for it. A longer gap is reported by the ' +
      'watchdog of rule-series.',
    test,
    concerns: isEvaluated,
  },
  {
    id: 'worst-element',
    what: 'Several alerts of one rule: consumers, streams, accounts of a server',
    prometheus: 'An alert each, each with its own notification.',
    here:
      'One alarm a server (one a cluster where the result names no server), in ALARM while any of them fires. It shows ' +
      'the worst; the finding names them. One that begins while another goes on changes no state.',
    test,
    concerns: isEvaluated,
  },
  {
    id: 'several-servers',
    what: "A target's URL leads to several servers (SERVER_111)",
    prometheus: 'Takes them for one: the lower total of another server is a reset, and `for` goes on.',
    here:
      'Windows and `for` begin anew each time another server answers. Nothing is published of what does not fire, so that ' +
      'the alarm keeps its state until one server alone has answered for 15 min.',
    test,
    concerns: isEvaluated,
  },
  {
    id: 'unasked',
    what: 'A server cannot be asked for a reason of ours (SERVER_114): DNS, no time left',
    prometheus: 'Its series end, and the alert with them.',
    here: 'Nothing is published of what does not fire, or fires for what is not there, so that the alarm keeps its state.',
    test,
    concerns: isEvaluated,
  },
  {
    id: 'infinity',
    what: 'The value is infinite: a division by 0',
    prometheus: 'Compares it as it is.',
    here: 'Is published as 2^360 of its sign, the largest that CloudWatch takes. The same minutes, another graph.',
    test,
    concerns: divides,
  },
  {
    id: 'first-state',
    what: 'A new alarm',
    prometheus: 'There is no alert.',
    here:
      'INSUFFICIENT_DATA until the first evaluation with a point, then OK or ALARM: a deployment sends one OK message for ' +
      'each new alarm.',
    test,
    concerns: always,
  },
  {
    id: 'up-names-server',
    what: '`without (instance)` or `ignoring (instance)` over `up`',
    prometheus: '`up` has no `server_id`: servers are taken together.',
    here: 'All series of a server have its `server_id`, `up` too: servers stay apart. Write `by (job)`, or drop both labels.',
    test,
    concerns: dropsInstanceOfUp,
  },
  {
    id: 'no-such-value',
    what: 'A test gives a series values that no server reports: NaN, or below 0 what is counted',
    prometheus: 'Compares them as they are.',
    here:
      'An alarm that compares the series itself has no datapoint for NaN; it asks `<= 0` for `== 0`, and `> 0` for ' +
      '`!= 0`. Should a server report such a count, the rule is unknown there, and nothing quiet is published of it.',
    test,
    concerns: elsewhere,
  },
  {
    id: 'one-cluster',
    what: 'Settings name several clusters',
    prometheus: 'An aggregation without labels takes all servers that it scrapes.',
    here: 'Each cluster is evaluated for itself, with an alarm of its own.',
    test,
    concerns: ({ alert }) => alert.scope === 'cluster',
  },
  {
    id: 'each-minute',
    what: 'Samples and evaluations',
    prometheus: 'As often as `scrape_interval` and the `interval` of the group say.',
    here:
      'Once a minute, on whole minutes. A window needs two samples, so it must be longer than a minute (lint C3); another ' +
      '`interval` is reported (C2).',
    test,
    concerns: hasWindow,
  },
  {
    id: 'group-limit',
    what: 'The group has a `limit`, and a rule has more alerts',
    prometheus: 'The rule fails, and none of them fires.',
    here: 'They fire all the same (lint C5).',
    test,
    concerns: elsewhere,
  },
  {
    id: 'query-offset',
    what: 'The group has a `query_offset`',
    prometheus: 'Evaluates as of that long ago.',
    here: 'Evaluates as of the run, on readings that are complete (lint C4).',
    test,
    concerns: elsewhere,
  },
] as const satisfies readonly Difference[];

export type DifferenceId = (typeof differences)[number]['id'];

/** Those that can come about with a rule. */
export const differencesOf = (rule: Deployed): readonly Difference[] =>
  differences.filter(({ concerns }) => concerns(rule));
