import { formatDuration } from '../../../lambdas/durations.ts';
import { plural } from '../../../lambdas/engine/format.ts';
import { written } from '../../../lambdas/promql/index.ts';
import type { AlarmThen, Judgement, Received } from './judge.ts';
import type { CaseResult, GroupResult, Sample } from './run-suite.ts';

export type SuiteReport = {
  readonly file: string;
  readonly groups: readonly GroupResult[];
  /** What a person should know though nothing failed. */
  readonly notes: readonly string[];
};

export const isPassed = ({ groups }: SuiteReport): boolean =>
  groups.every(({ cases, problems }) => problems.length === 0 && cases.every((each) => each.isPassed));

/** A file's tests as a test runner shows them: one line if all is well, else what was expected and what was found. */
export function suiteLines(report: SuiteReport): readonly string[] {
  const { file, groups, notes } = report;
  const cases = groups.flatMap((group) => group.cases);
  const failed = groups.filter(
    ({ problems, cases: own }) => problems.length > 0 || own.some((each) => !each.isPassed),
  );
  const count = plural(cases.length, 'check');
  const allNotes = [
    ...notes,
    ...new Set(
      cases.flatMap((each) => (each.kind === 'alert' ? notCompared(each.alertname, each.judgement) : [])),
    ),
  ];
  const noteLines = allNotes.map((note) => `  note: ${note}`);
  if (failed.length === 0) return [`ok      ${file} (${count})`, ...noteLines];
  const wrong = cases.filter((each) => !each.isPassed).length;
  return [
    `FAILED  ${file} (${wrong} of ${count})`,
    ...noteLines,
    ...failed.flatMap((group) => groupLines(file, group)),
  ];
}

const notCompared = (alertname: string, { notCompared: names }: Judgement): readonly string[] =>
  names.length === 0
    ? []
    : [`${alertname}: ${names.join(', ')} not compared, as its template asks what is not known here`];

function groupLines(file: string, { name, cases, problems }: GroupResult): readonly string[] {
  return [
    ...problems.map((problem) => `\n  ${name}: ${problem}`),
    ...cases.filter((each) => !each.isPassed).flatMap((each) => caseLines(file, name, each)),
  ];
}

function caseLines(file: string, group: string, result: CaseResult): readonly string[] {
  const { at, evalMs } = result;
  const what = result.kind === 'alert' ? result.alertname : result.expr.replace(/\s+/g, ' ');
  const place = `${file}:${at.line}:${at.column}`;
  return [
    `\n  ${group}: ${what} at ${formatDuration(evalMs)} (${place})`,
    ...(result.kind === 'alert' ? alertLines(result.judgement) : expressionLines(result)),
  ];
}

/** A check that failed, in words. */
export const caseText = (result: CaseResult): string => {
  const what =
    result.kind === 'alert' ? `alertname: ${result.alertname}` : `expr: ${JSON.stringify(result.expr)}`;
  const lines = result.kind === 'alert' ? alertLines(result.judgement) : expressionLines(result);
  return [`${what}, time: ${formatDuration(result.evalMs)}`, ...lines].join('\n');
};

function expressionLines({
  expected,
  received,
}: Extract<CaseResult, { kind: 'expression' }>): readonly string[] {
  const samples = (some: readonly Sample[]) =>
    listed(some.map(({ labels, value }) => `${written(labels)} ${value}`));
  return [
    ...labelled('expected', samples(expected)),
    ...labelled('received', typeof received === 'string' ? [`error: ${received}`] : samples(received)),
    ...(expected.some(({ value }) => Number.isNaN(value))
      ? labelled('', ['NaN equals nothing, for promtool too'])
      : []),
  ];
}

function alertLines(judgement: Judgement): readonly string[] {
  const { expected, received, prometheus, alarms, refused } = judgement;
  const isSame = areSame(prometheus.received, received) && !alarms.some(({ isStray }) => isStray);
  const themselves = prometheus.isPassed
    ? ['what is expected: the alarm differs']
    : alertsText(prometheus.received);
  return [
    ...labelled('expected', alertsText(expected)),
    ...labelled('received', alertsText(received)),
    ...refused.flatMap((reason) => labelled('refused', [`by the classic engine: ${reason}`])),
    ...alarms.flatMap((alarm) => labelled('alarm', [alarmText(alarm)])),
    ...(isSame ? [] : labelled('Prometheus', themselves)),
  ];
}

const areSame = (some: readonly Received[], others: readonly Received[]): boolean =>
  JSON.stringify(alertsText(some).toSorted()) === JSON.stringify(alertsText(others).toSorted());

const alertsText = (alerts: readonly Received[]): readonly string[] =>
  listed(
    alerts.map(({ labels, annotations }) =>
      [written(labels), ...Object.entries(annotations).map(([name, text]) => `${name}: ${text}`)].join(
        '\n  ',
      ),
    ),
  );

const listed = (texts: readonly string[]): readonly string[] =>
  texts.length === 0 ? ['nothing'] : texts.flatMap((text) => text.split('\n'));

function alarmText({ name, minute, state, isStray, changes }: AlarmThen): string {
  const history = changes.map((change) => `${change.state} from minute ${change.minute}`).join(', ');
  const stray = isStray ? ', though no alert of it fires' : '';
  return `${name} is ${state} in minute ${minute}${stray}: ${history}`;
}

const width = 'Prometheus'.length;
/** Lines behind a label that stands on the first of them. */
const labelled = (label: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => `    ${(index === 0 ? label : '').padEnd(width)}  ${line}`);
