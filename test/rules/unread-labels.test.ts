import { expect, it } from 'vitest';
import { compile } from '../../lambdas/rules/compile.ts';
import { withoutLabels } from '../../lambdas/rules/evaluation/memory.ts';
import { emptyPlan, type PlannedAlert } from '../../lambdas/rules/plan.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';

const alert = (expr: string, more: Partial<PlannedAlert> = {}): PlannedAlert => ({
  kind: 'alert',
  alert: 'A',
  id: 'A',
  severity: 'warning',
  expr,
  forMs: 0,
  keepFiringForMs: 0,
  labels: {},
  annotations: {},
  ...more,
});
const unread = (...rules: readonly (PlannedAlert | RecordingRule)[]) =>
  compile({ ...emptyPlan, groups: [{ name: 'g', rules }] }, []).unread;

const raft = 'stream_raft_group';
const description = 'consumer_desc';
const pending = 'jetstream_consumer_num_pending';
const seen = (summary: string) => alert(`${pending} > 1`, { annotations: { summary } });

it.each([
  ['no rule', [], [raft, description]],
  ['a consumer with much pending', [alert(`${pending}{stream_name="A"} > 10`)], [raft, description]],
  [
    'two series of consumers',
    [alert(`${pending} > 9 unless increase(${pending}[5m]) > 0`)],
    [raft, description],
  ],
  ['sums by stream', [alert(`sum by (stream_name) (${pending}) > 10`)], [raft, description]],
  [
    'labels by name in a text',
    [seen('{{ $labels.stream_name }} {{ .Labels.account }} has {{ $value }}.')],
    [raft, description],
  ],
  ['a matcher', [alert(`${pending}{${raft}=~"S-.*"} > 10`)], [description]],
  ['a group', [alert(`sum by (${raft}) (${pending}) > 10`)], [description]],
  ['a text', [seen(`{{ $labels.${description} }}`)], [raft]],
  ['a text by index', [seen(`{{ index $labels "any" }}`)], []],
  ['a text of all labels', [seen('{{ $labels }}')], []],
  ['a text of each label', [seen('{{ range $k, $v := .Labels }}{{ $k }}{{ end }}')], []],
  ['a text of everything', [seen('{{ . }}')], []],
  ['all labels but some', [alert(`sum without (consumer_name) (${pending}) > 10`)], []],
  [
    'matching by all labels but some',
    [alert(`${pending} > ignoring (consumer_name) group_left () jetstream_stream_total_messages`)],
    [],
  ],
  [
    'matching by all labels with a group',
    [alert(`${pending} > 1 and sum by (stream_name) (${pending})`)],
    [],
  ],
  [
    'a recording',
    [{ kind: 'record', record: 'x', expr: `sum by (${raft}) (${pending})`, labels: {} }],
    [description],
  ],
] as const)('what %s reads of labels that make requests dearer', (_, rules, expected) => {
  expect(unread(...rules)).toEqual(expected);
});

it('a memory that has such labels goes on without them', () => {
  const label = (name: string) => ({ name, values: ['a'], of: '0' });
  const memory = (...names: readonly string[]) => ({
    samples: {
      format: 1 as const,
      times: [1],
      sets: [{ count: 1, labels: names.map(label) }],
      series: [{ name: pending, sets: 0, at: [0], rows: ['5'] }],
    },
    alerts: { sets: [{ count: 1, labels: names.map(label) }], rules: {} },
  });
  expect(withoutLabels(memory('stream_name', raft), [raft, description])).toEqual(memory('stream_name'));
  const plain = memory('stream_name');
  expect(withoutLabels(plain, [raft])).toBe(plain);
  expect(withoutLabels(memory('stream_name', raft), [description])).toEqual(memory('stream_name', raft));
});
