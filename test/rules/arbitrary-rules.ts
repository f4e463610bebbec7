import fc from 'fast-check';
import { metrics, pick, vector, windowed } from '../promql/arbitrary-expression.ts';
import { run } from '../promql/arbitrary-scene.ts';
import { parse, selectorsOf, windowOf, type Expression } from '../../lambdas/promql/index.ts';
import type { RuleScene, WrittenRule } from './firing.ts';

/** What the expressions' metrics and labels are on servers: series of consumers, which many alarms are not plain on. */
const names: Readonly<Record<string, string>> = {
  m: 'jetstream_consumer_num_pending',
  n: 'jetstream_consumer_num_redelivered',
  total: 'jetstream_consumer_delivered_consumer_seq',
  a: 'server_id',
  b: 'consumer_name',
  c: 'stream_name',
};
const ofServers = (text: string): string =>
  text.replaceAll(/\b(m|n|total|a|b|c)\b/g, (name) => names[name] ?? name);

/** Synth refuses selectors without a name and times that no memory holds. */
function isHeld(text: string): boolean {
  const asts = ([2, 3] as const).map((edition) => parse(text, edition).ast);
  return asts.every((ast) => ast !== undefined && Number.isFinite(windowOf(ast)) && allAreNamed(ast));
}
const allAreNamed = (ast: Expression): boolean => selectorsOf(ast).every(({ name }) => name !== undefined);

const expression = fc
  .oneof({ weight: 2, arbitrary: vector }, { weight: 1, arbitrary: windowed })
  .map(ofServers);

const operator = pick('>', '>=', '<', '<=', '==', '!=');
const constant = pick('0', '1', '2', '5', '-1', '0.5', '10', '(2 + 3)', '1e3', '-0', 'Inf', 'NaN');
const comparison = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(expression, operator, constant) },
  { weight: 1, arbitrary: fc.tuple(constant, operator, expression) },
);
const compared = comparison.map(([left, by, right]) => `${left} ${by} ${right}`);
const gate = fc
  .tuple(pick('and', 'unless'), pick('', ' on (a)', ' ignoring (b, c)', ' on ()').map(ofServers), expression)
  .map((parts) => `${parts[0]}${parts[1]} ${parts[2]}`);
const condition = fc
  .oneof(
    { weight: 8, arbitrary: compared },
    { weight: 3, arbitrary: fc.tuple(compared, gate).map(([left, by]) => `(${left}) ${by}`) },
    { weight: 1, arbitrary: fc.tuple(compared, compared).map(([one, other]) => `${one} or ${other}`) },
    { weight: 2, arbitrary: expression },
    {
      weight: 1,
      arbitrary: pick('time() > 200', 'scalar(m) > bool 3', 'absent(m{a="x"})', '1').map(ofServers),
    },
  )
  .filter(isHeld);

const alert = fc
  .record({
    expr: condition,
    for: pick('0s', '0s', '0s', '30s', '1m', '1m', '90s', '2m', '3m', '5m', '7m'),
    keep: fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: pick('1m', '30s', '3m') },
    ),
    labels: fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { severity: 'page' },
          { consumer_name: 'same' },
          { level: '{{ if gt $value 5.0 }}high{{ else }}low{{ end }}' },
          { what: '{{ $labels.consumer_name }}-{{ $value }}' },
        ),
      },
    ),
  })
  .map(({ expr, for: hold, keep, labels }): WrittenRule => ({
    alert: '',
    expr,
    ...(hold === '0s' ? {} : { for: hold }),
    ...(keep === '' ? {} : { keep_firing_for: keep }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }));
/** Alerts of any rule may read what is recorded here. */
const recording = fc
  .record({
    expr: condition,
    labels: fc.constantFrom({}, {}, {}, { stream_name: 'recorded' }, { consumer_name: '' }),
  })
  .map(({ expr, labels }): WrittenRule => ({
    record: '',
    expr,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }));

const recordedNames = ['job:one', 'job:two'];
/** A rule's expression with one of its metrics replaced by a recorded name. */
const readingRecorded = (rule: WrittenRule, name: string): WrittenRule => ({
  ...rule,
  expr: rule.expr.replace(/jetstream_consumer_num_\w+/, name),
});

const groups = fc
  .tuple(
    fc.array(recording, { maxLength: 2 }),
    fc.array(fc.tuple(alert, fc.boolean()), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([recordings, alerts, split]) => {
    const records = recordings.map((rule, index) => ({ ...rule, record: recordedNames[index] ?? '' }));
    const [recorded] = records;
    const named = alerts.map(([rule, reads], index) => ({
      ...(reads && recorded !== undefined ? readingRecorded(rule, recorded.record) : rule),
      alert: `Rule${index}`,
    }));
    const all = [...records, ...named];
    return [all.slice(0, split), all.slice(split)].filter((rules) => rules.length > 0);
  });

/** Consumers of three servers, with what every target's series have. */
const consumers = [
  'a="x",instance="x.example:8222",b="1"',
  'a="x",instance="x.example:8222",b="2"',
  'a="y",instance="y.example:8222",b="1"',
  'a="y",instance="y.example:8222"',
  'a="z",instance="z.example:8222",c="k"',
];
const identities = metrics.flatMap((name) => consumers.map((pairs) => ofServers(`${name}{${pairs}}`)));
const series = fc
  .uniqueArray(fc.constantFrom(...identities), { minLength: 1, maxLength: 7 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .array(run, { minLength: 1, maxLength: 10 })
          .map((words) => ({ series: name, values: words.join(' ') })),
      ),
    ),
  );

const per = fc.constantFrom('server' as const, 'server' as const, 'cluster' as const);

/** Rules of the whole supported language over series of three servers. */
export const ruleScene: fc.Arbitrary<RuleScene> = fc.record({
  groups,
  series,
  minutes: fc.integer({ min: 1, max: 20 }),
  per,
});

/** Values of a series that is beyond a limit now and then, gone now and then, and mostly as it was the minute before. */
const spells = fc
  .array(fc.tuple(pick('0', '9', '9', '5', 'stale', '_'), fc.integer({ min: 1, max: 6 })), {
    minLength: 2,
    maxLength: 8,
  })
  .map((words) => words.flatMap(([word, times]) => Array<string>(times).fill(word)).join(' '));

const limits = pick(
  ...['m > 5', 'm >= 9', 'm < 5', 'm <= 0', 'm == 9', '5 < m', 'm > -Inf', 'm - n > 0', 'm != 5'],
  ...['(m > 4) and n > 5', '(m > 4) unless n > 5', '(m < 9) unless on (a) n > 5', 'max by (a) (m) > 5'],
  ...[
    'sum by (b) (m) > 10',
    'sum(m) < 15',
    'count(m > 5) > 1',
    'min without (b) (m) < 5',
    'absent(m{a="x"})',
  ],
  ...['increase(m[3m]) > 5', 'avg_over_time(m[2m]) >= 7', 'm > 5 or n > 5', 'm / n > 1', 'n > bool 5'],
  ...['label_replace(m, "c", "$1", "b", "(.)") > 5', 'changes(m[5m]) > 1'],
).map(ofServers);

/** Elements that take turns, under rules that ask for patience. */
export const turnsScene: fc.Arbitrary<RuleScene> = fc
  .tuple(
    fc.array(fc.tuple(limits, pick('1m', '2m', '90s', '3m', '5m', '7m'), pick('', '', '', '2m')), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.uniqueArray(fc.constantFrom(...identities.filter((name) => !name.includes('delivered'))), {
      minLength: 2,
      maxLength: 6,
    }),
    fc.array(spells, { minLength: 6, maxLength: 6 }),
    per,
  )
  .map(([rules, names, values, by]) => ({
    groups: [
      rules.map(([expr, hold, keep], index) => ({
        alert: `Rule${index}`,
        expr,
        for: hold,
        ...(keep === '' ? {} : { keep_firing_for: keep }),
      })),
    ],
    series: names.map((name, index) => ({ series: name, values: values[index] ?? '' })),
    minutes: 25,
    per: by,
  }));

const plainLimits = pick(
  ...['gnatsd_varz_connections > 5', '5 <= gnatsd_varz_connections', 'gnatsd_varz_connections < 5'],
  ...['nats_varz_leafnodes == 0', 'nats_varz_leafnodes != 0', 'nats_varz_leafnodes{server_id!="z"} <= 5'],
  ...['gnatsd_varz_slow_consumers{job="nats"} > 2 * 2', '(gnatsd_varz_slow_consumers) > -1'],
);
const plainNames = ['gnatsd_varz_connections', 'nats_varz_leafnodes', 'gnatsd_varz_slow_consumers'];

/** Rules whose alarms compare series of servers as they are. */
export const plainScene: fc.Arbitrary<RuleScene> = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof({ weight: 5, arbitrary: plainLimits }, { weight: 1, arbitrary: pick('up == 0', 'up < 1') }),
        pick('0s', '0s', '1m', '2m', '90s', '3m', '5m', '7m'),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    fc.array(spells, { minLength: 8, maxLength: 8 }),
  )
  .map(([rules, values]) => ({
    groups: [rules.map(([expr, hold], index) => ({ alert: `Rule${index}`, expr, for: hold }))],
    series: [...plainNames, 'up'].flatMap((name, index) =>
      ['x', 'y'].map((server, at) => ({
        series: `${name}{server_id="${server}",instance="${server}.example:8222",job="nats"}`,
        values: values[2 * index + at] ?? '',
      })),
    ),
    minutes: 25,
    asked: rules.map(([expr]) => /[a-z][a-z_]+(\{.*?\})?/.exec(expr)?.[0] ?? ''),
  }));
