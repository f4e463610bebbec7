import { expect, it } from 'vitest';
import { inliner } from '../../infra/rules/inline/inline.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';
import { minute, recording } from './recorded-scene.ts';

const rules: readonly RecordingRule[] = [
  recording('r:max', 'max by (stream_name, job) (stream{leads="true"})'),
  recording('r:rate', 'rate(messages[5m])'),
  recording('r:double', 'r:rate * 2'),
  recording('r:team', 'messages', { team: 'core', job: '' }),
  recording('r:dollar', 'messages', { team: '$1 "a"' }),
  recording('r:why', 'messages # why'),
  recording('r:hash', 'messages{subject="#"}'),
  recording('r:number', '5'),
  recording('r:sum', 'sum(messages)'),
  recording('r:either', 'a or on (x) b'),
  recording('r:share', 'bytes / on (job) group_left (tier) size'),
  recording('r:ratio', 'bytes / on (job) size'),
  recording('r:rest', 'bytes - ignoring (path) size'),
  recording('r:top', 'topk(3, messages)'),
  recording('r:renamed', 'label_replace(messages, "a", "$1", "b", "(.*)")'),
  recording('r:gone', 'absent(messages)'),
  recording('r:values', 'count_values("version", messages)'),
  recording('r:fixed', 'messages @ 100'),
  recording('r:ahead', 'messages offset -1m'),
  recording('r:loop', 'r:loop + 1'),
  recording('r:circle', 'r:circle2'),
  recording('r:circle2', 'r:circle'),
  recording('r:twice', `${'r:long + '.repeat(9)}1`),
  recording('r:long', `messages{a="${'x'.repeat(3_000)}"}`),
];
const recordings = new Map<string, RecordingRule | readonly RecordingRule[]>([
  ...rules.map((rule) => [rule.record, rule] as const),
  ['r:parted', [recording('r:parted', 'a', { of: 'a' }), recording('r:parted', 'b', { of: 'b' })]],
]);
const inline = inliner(recordings, { edition: 3, intervalMs: minute });

it.each([
  // What is not recorded stays as it is, word for word.
  ['messages > 1e3 # limit', 'messages > 1e3 # limit'],
  ['r:rate  >  5 # limit', '(rate(messages[5m]))  >  5 # limit'],
  ['r:double > r:rate', '((rate(messages[5m])) * 2) > (rate(messages[5m]))'],
  ['{__name__="r:rate"} > 5', '(rate(messages[5m])) > 5'],
  ['r:number * 2', 'vector(5) * 2'],
  ['r:why > 5', '(messages # why\n) > 5'],
  ['r:hash > 5', '(messages{subject="#"}) > 5'],
  // Windows and times.
  ['max_over_time(r:max[2m])', 'max_over_time((max by (stream_name, job) (stream{leads="true"}))[2m:1m])'],
  ['max_over_time(r:rate[90s] offset 1h)', 'max_over_time((rate(messages[5m]))[90s:1m] offset 1h)'],
  ['r:rate offset 1h30m', 'last_over_time((rate(messages[5m]))[1m:1m] offset 90m)'],
  ['r:rate offset 1h @ 1800.5', 'last_over_time((rate(messages[5m]))[1m:1m] offset 1h @ 1800.5)'],
  ['r:rate @ end()', 'last_over_time((rate(messages[5m]))[1m:1m] @ end())'],
  ['avg_over_time((r:rate > 5)[10m:2m])', 'avg_over_time(((rate(messages[5m])) > 5)[10m:2m])'],
  ['avg_over_time(r:rate[10m:30s])', 'avg_over_time(last_over_time((rate(messages[5m]))[1m:1m])[10m:30s])'],
  ['avg_over_time(r:rate[10m:])', 'avg_over_time(last_over_time((rate(messages[5m]))[1m:1m])[10m:])'],
  ['r:fixed', '(messages @ 100)'],
  // Labels that the recording sets.
  ['r:team', 'label_replace(label_replace((messages), "team", "core", "", ""), "job", "", "", "")'],
  [
    'r:team{team="core"}[5m]',
    'label_replace(label_replace((messages), "team", "core", "", ""), "job", "", "", "")[5m:1m]',
  ],
  ['r:dollar', String.raw`label_replace((messages), "team", "$$1 \"a\"", "", "")`],
  ['r:parted', '(label_replace((a), "of", "a", "", "") or label_replace((b), "of", "b", "", ""))'],
  ['r:parted{of="b"}', 'label_replace((b), "of", "b", "", "")'],
  // Matchers.
  ['r:rate{job="x"} > 1', '(rate(messages{job="x"}[5m])) > 1'],
  ['r:double{job!~"x|y"}', '((rate(messages{job!~"x|y"}[5m])) * 2)'],
  ['r:max{job="x"}', '(max by (stream_name, job) (stream{job="x",leads="true"}))'],
  ['r:max{leads=""}', '(max by (stream_name, job) (stream{leads="true"}))'],
  ['r:sum{job!="x"}', '(sum(messages))'],
  ['r:either{x="1"}', '(a{x="1"} or on (x) b{x="1"})'],
  ['r:share{tier="gold"}', '(bytes / on (job) group_left (tier) size{tier="gold"})'],
  ['r:share{job="x"}', '(bytes{job="x"} / on (job) group_left (tier) size)'],
  ['r:ratio{job="x"}', '(bytes{job="x"} / on (job) size)'],
  ['r:ratio{path=""}', '(bytes / on (job) size)'],
  ['r:rest{path!="x"}', '(bytes - ignoring (path) size)'],
  ['r:renamed{b="1"}', '(label_replace(messages{b="1"}, "a", "$1", "b", "(.*)"))'],
  // absent() has the labels of its selector.
  ['absent(r:max)', 'absent((max by (stream_name, job) (stream{leads="true"})))'],
  ['absent(r:rate{job="x"})', 'label_replace(absent((rate(messages{job="x"}[5m]))), "job", "x", "", "")'],
  ['absent(r:hash)', 'label_replace(absent((messages{subject="#"})), "subject", "", "", "")'],
  ['absent_over_time(r:sum[5m])', 'absent_over_time((sum(messages))[5m:1m])'],
])('%s is %s', (text, inlined) => {
  expect(inline(text)).toEqual({ text: inlined });
});

it.each([
  ['r:loop > 1', 'r:loop depends on itself: r:loop -> r:loop'],
  ['r:circle', 'r:circle depends on itself: r:circle -> r:circle2 -> r:circle'],
  ['r:sum{job="x"}', 'r:sum{job="x"} selects nothing: r:sum is never recorded with these labels'],
  [
    'r:team{team="other"}',
    'r:team{team="other"} selects nothing: r:team is never recorded with these labels',
  ],
  [
    '{__name__="r:rate", __name__!="r:rate"}',
    '{__name__="r:rate", __name__!="r:rate"} selects nothing: r:rate is never recorded with these labels',
  ],
  ['r:ratio{path="x"}', 'r:ratio{path="x"} selects nothing: r:ratio is never recorded with these labels'],
  ['r:either{y="1"}', 'r:either cannot be asked for y: or goes by other labels than y'],
  [
    'r:top{job="x"}',
    'r:top cannot be asked for job: topk chooses among all before it could be asked for job',
  ],
  ['r:renamed{a="1"}', 'r:renamed cannot be asked for a: label_replace() makes the label a'],
  ['r:gone{a="1"}', 'r:gone cannot be asked for a: absent() would miss other series if asked for a'],
  [
    'r:values{version="1"}',
    'r:values cannot be asked for version: count_values makes the label version of values',
  ],
  ['{__name__=~"r:.+"}', '{__name__=~"r:.+"} would take the recorded r:max too: name what is meant'],
  ['{job="x"}', '{job="x"} would take the recorded r:max too: name what is meant'],
  ['r:rate offset -1m', 'r:rate is asked for before it is recorded, by a negative offset'],
  [
    'r:fixed[5m]',
    'r:fixed reads at a time of its own, by @ or a negative offset, which a subquery would move',
  ],
  [
    'r:ahead offset 5m',
    'r:ahead reads at a time of its own, by @ or a negative offset, which a subquery would move',
  ],
  ['timestamp(r:hash)', 'timestamp() of r:hash would be that of what it records'],
  [
    'sum by (__name__) (r:rate)',
    'the expression uses __name__, which a recorded name written out does not have',
  ],
  [
    'label_replace(r:rate, "a", "$1", "__name__", "(.*)")',
    'the expression uses __name__, which a recorded name written out does not have',
  ],
  ['r:twice', 'with recorded names written out the expression is longer than 20000 characters'],
  ['r:rate >', 'the expression ends too early'],
])('%s is refused', (text, reason) => {
  expect(inline(text)).toEqual({ refused: reason });
});

it('refuses many levels of recordings, each of which reads the one below twice', () => {
  const levels = Array.from({ length: 60 }, (_, i) =>
    recording(`level:${i}`, i === 0 ? 'messages' : `level:${i - 1} + level:${i - 1}`),
  );
  const written = inliner(new Map(levels.map((rule) => [rule.record, rule])), {
    edition: 3,
    intervalMs: minute,
  });
  expect(['level:1', 'level:59'].map(written)).toEqual([
    { text: '((messages) + (messages))' },
    { refused: 'with recorded names written out the expression is longer than 20000 characters' },
  ]);
});

it('takes the recordings’ own interval for windows', () => {
  expect(inliner(recordings, { edition: 3, intervalMs: 30_000 })('rate(r:sum[5m])')).toEqual({
    text: 'rate((sum(messages))[5m:30s])',
  });
});
