import { describe, expect, it } from 'vitest';
import { written, type Expression } from '../../lambdas/promql/index.ts';
import { compile, type CompiledAlert } from '../../lambdas/rules/compile.ts';
import { emptyPlan, type PlannedAlert, type RulePlan } from '../../lambdas/rules/plan.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import { exporterName } from '../../lambdas/series/find.ts';
import { alertOf as planned } from './planned.ts';

const cluster = { labels: { namespace: 'messaging' } };
const targets = ['hub1', 'hub2', 'leaf1'].map((name) =>
  targetLabels(cluster, {
    name,
    url: `http://${name}.nats.example:8222`,
    labels: name === 'leaf1' ? { job: 'leafs' } : {},
  }),
);

const alertOf = (expr: string, changes: Partial<PlannedAlert> = {}) => planned('Rule', expr, changes);

const recording = (record: string, expr: string, labels = {}): RecordingRule => ({
  kind: 'record',
  record,
  expr,
  labels,
});

function compiled(
  alert: PlannedAlert,
  plan: Partial<RulePlan> = {},
  recordings: readonly RecordingRule[] = [],
) {
  const made = compile(
    { ...emptyPlan, ...plan, groups: [{ name: 'g', rules: [...recordings, alert] }] },
    targets,
  );
  const found = made.groups[0]?.rules.find((rule): rule is CompiledAlert => rule.kind === 'alert');
  if (found === undefined) throw new Error('no alert');
  return { ...made, alert: found };
}

const textAt = (text: string, { from, to }: Expression) => text.slice(from, to);

/** What the alarm compares, in one line. */
function shapeOf(expr: string, changes: Partial<PlannedAlert> = {}, plan: Partial<RulePlan> = {}): string {
  const { shape } = compiled(alertOf(expr, changes), plan).alert;
  if (shape.kind === 'boolean') return 'boolean';
  const what = shape.kind === 'plain' ? exporterName(shape.series) : textAt(expr, shape.compared);
  return `${shape.kind} ${what} ${shape.direction} ${shape.threshold}`;
}

describe('an alarm compares', () => {
  it.each([
    ['gnatsd_varz_mem > 200 * 1024 * 1024', 'plain gnatsd_varz_mem above 209715200'],
    ['nats_varz_mem >= 5', 'plain gnatsd_varz_mem atLeast 5'],
    ['(5) > gnatsd_varz_mem', 'plain gnatsd_varz_mem below 5'],
    ['gnatsd_varz_mem{job="nats"} <= -1', 'plain gnatsd_varz_mem atMost -1'],
    ['gnatsd_varz_leafnodes == 0', 'plain gnatsd_varz_leafnodes atMost 0'],
    ['gnatsd_varz_leafnodes != 0', 'plain gnatsd_varz_leafnodes above 0'],
    ['jetstream_server_total_streams > 10', 'plain jetstream_server_total_streams above 10'],
    ['up == 0', 'plain up below 1'],
    ['up != 1', 'plain up below 1'],
    ['up < 1', 'plain up below 1'],
    ['gnatsd_connz_pending_bytes > 1e5', 'plain gnatsd_connz_pending_bytes above 100000'],
  ])('the series of a server itself: %s', (expr, expected) => {
    expect(shapeOf(expr)).toBe(expected);
  });

  it.each([
    [
      'increase(gnatsd_varz_slow_consumers[5m]) > 0',
      'value increase(gnatsd_varz_slow_consumers[5m]) above 0',
    ],
    ['jetstream_consumer_num_pending > 1000', 'value jetstream_consumer_num_pending above 1000'],
    [
      'gnatsd_connz_pending_bytes{kind="Client"} > 5',
      'value gnatsd_connz_pending_bytes{kind="Client"} above 5',
    ],
    [
      'jetstream_server_total_streams{is_meta_leader="true"} > 1',
      'value jetstream_server_total_streams{is_meta_leader="true"} above 1',
    ],
    ['gnatsd_varz_mem offset 5m > 1', 'value gnatsd_varz_mem offset 5m above 1'],
    [
      'gnatsd_varz_mem / gnatsd_varz_cores > 0.8 and gnatsd_varz_cores > 0',
      'value gnatsd_varz_mem / gnatsd_varz_cores above 0.8',
    ],
    ['(sum(gnatsd_varz_leafnodes) < 1) unless on () up == 0', 'value sum(gnatsd_varz_leafnodes) below 1'],
    ['acme:pending > 5', 'value acme:pending above 5'],
  ])('what stands before a constant: %s', (expr, expected) => {
    expect(shapeOf(expr)).toBe(expected);
  });

  it.each([
    'gnatsd_varz_leafnodes == 3',
    'gnatsd_varz_max_connections == 0',
    'gnatsd_varz_mem > bool 5',
    'gnatsd_varz_mem > gnatsd_varz_cores',
    'gnatsd_varz_mem > 5 or gnatsd_varz_cores > 1',
    'gnatsd_varz_mem > Inf',
    'absent(up)',
    'up == 1',
    'gnatsd_varz_version > 5 > 3',
    'vector(1)',
  ])('only whether it fires: %s', (expr) => {
    const gated = expr === 'gnatsd_varz_version > 5 > 3';
    expect(shapeOf(expr)).toBe(gated ? 'value gnatsd_varz_version > 5 above 3' : 'boolean');
  });

  it('only whether it fires, where the alert goes on after its expression ended', () => {
    expect(shapeOf('gnatsd_varz_mem > 5', { keepFiringForMs: 60_000 })).toBe('boolean');
  });

  it('what stands before a constant, where labels may change with the value', () => {
    const templated = { labels: { band: '{{ if gt $value 9.0 }}high{{ else }}low{{ end }}' } };
    expect(shapeOf('gnatsd_varz_mem > 5', templated)).toBe('value gnatsd_varz_mem above 5');
    expect(shapeOf('gnatsd_varz_mem > 5', { labels: { band: 'low' } })).toBe('plain gnatsd_varz_mem above 5');
  });

  it('the worst server where alarms are by cluster', () => {
    expect(shapeOf('gnatsd_varz_mem > 5', {}, { per: 'cluster' })).toBe('value gnatsd_varz_mem above 5');
    expect(shapeOf('up == 0', {}, { per: 'cluster' })).toBe('value up below 1');
  });
});

/** Scope and targets of a rule. */
function placed(expr: string, plan: Partial<RulePlan> = {}, recordings: readonly RecordingRule[] = []) {
  const { scope, targets: names } = compiled(alertOf(expr), plan, recordings).alert;
  return [scope, ...names];
}
const all = ['hub1', 'hub2', 'leaf1'];

describe('an alarm for each server is made where each element of the result tells its server:', () => {
  it.each([
    ['gnatsd_varz_mem > 5', ['server', ...all]],
    ['gnatsd_varz_mem{server_id=~"hub.*"} > 5', ['server', 'hub1', 'hub2']],
    ['gnatsd_varz_mem{job="leafs"} > 5', ['server', 'leaf1']],
    ['gnatsd_varz_mem{instance!="hub1.nats.example:8222"} > 5', ['server', 'hub2', 'leaf1']],
    ['gnatsd_varz_mem{namespace="messaging",zone=""} > 5', ['server', ...all]],
    ['gnatsd_varz_mem{zone="a"} > 5', ['server']],
    ['sum(gnatsd_varz_mem) > 5', ['cluster', ...all]],
    ['sum by (server_id) (gnatsd_varz_mem) > 5', ['server', ...all]],
    ['sum by (instance) (gnatsd_varz_mem) > 5', ['server', ...all]],
    ['sum by (job) (gnatsd_varz_mem) > 5', ['cluster', ...all]],
    ['sum without (server_id) (gnatsd_varz_mem) > 5', ['server', ...all]],
    ['sum without (server_id, instance) (gnatsd_varz_mem) > 5', ['cluster', ...all]],
    ['topk(1, gnatsd_varz_mem) > 5', ['server', ...all]],
    ['rate(gnatsd_varz_in_msgs{job="leafs"}[5m]) > 5', ['server', 'leaf1']],
    ['absent(up{job="nats"})', ['cluster', 'hub1', 'hub2']],
    ['absent(up{server_id="hub2"})', ['server', 'hub2']],
    ['gnatsd_varz_mem / on (job) gnatsd_varz_cores > 5', ['cluster', ...all]],
    ['gnatsd_varz_mem / on (job) group_left () sum by (job) (gnatsd_varz_cores) > 5', ['server', ...all]],
    ['gnatsd_varz_mem{job="nats"} > 5 and gnatsd_varz_cpu{server_id=~"hub1|leaf1"} > 1', ['server', 'hub1']],
    [
      'gnatsd_varz_mem{server_id="hub1"} > 5 or gnatsd_varz_cpu{server_id="leaf1"} > 1',
      ['server', 'hub1', 'leaf1'],
    ],
    ['gnatsd_varz_mem > 5 unless on () gnatsd_varz_cpu{server_id="hub1"} > 1', ['server', ...all]],
    ['gnatsd_varz_mem > 5 or sum(gnatsd_varz_cpu) > 1', ['cluster', ...all]],
    ['label_replace(gnatsd_varz_mem, "server_id", "x", "job", ".*") > 5', ['server', ...all]],
    [
      'label_replace(sum by (server_id) (gnatsd_varz_mem), "server_id", "x", "", "") > 5',
      ['cluster', ...all],
    ],
    ['vector(1)', ['cluster', ...all]],
  ])('%s', (expr, expected) => {
    expect(placed(expr)).toEqual(expected);
  });

  it('through recorded names, all rules of a name together', () => {
    const ofServers = recording('acme:mem', 'gnatsd_varz_mem{job="leafs"}');
    const ofAll = recording('acme:mem', 'sum(gnatsd_varz_mem)');
    expect(placed('acme:mem > 5', {}, [ofServers])).toEqual(['server', 'leaf1']);
    expect(placed('acme:mem > 5', {}, [ofServers, ofAll])).toEqual(['cluster', ...all]);
    expect(placed('{__name__="acme:mem"} > 5', {}, [ofAll])).toEqual(['cluster', ...all]);
    expect(
      placed('acme:mem > 5', {}, [recording('acme:mem', 'up', { server_id: 'x', instance: '' })]),
    ).toEqual(['cluster', ...all]);
  });

  it('through recorded names of many levels, each of which reads the one below twice', () => {
    const levels = Array.from({ length: 60 }, (_, i) =>
      recording(`acme:${i}`, i === 0 ? 'gnatsd_varz_mem{job="leafs"}' : `acme:${i - 1} + acme:${i - 1}`),
    );
    expect(placed('acme:59 > 5', {}, levels)).toEqual(['server', 'leaf1']);
  });

  it('unless settings want one a cluster', () => {
    expect(placed('gnatsd_varz_mem > 5', { per: 'cluster' })).toEqual(['cluster', ...all]);
  });
});

describe('a rule that must hold for', () => {
  it.each([
    [0, 1],
    [1_000, 2],
    [30_000, 2],
    [60_000, 2],
    [60_001, 3],
    [300_000, 6],
  ])('%d ms takes %d datapoints a minute apart', (forMs, datapoints) => {
    expect(compiled(alertOf('up == 0', { forMs })).alert.datapoints).toBe(datapoints);
  });

  it('5 minutes and goes on firing takes one, as its state is published', () => {
    const goesOn = alertOf('up == 0', { forMs: 300_000, keepFiringForMs: 1 });
    expect(compiled(goesOn).alert.datapoints).toBe(1);
  });
});

describe('an evaluation reads', () => {
  it('series as they are spelled and as far back as rules look, and nothing for plain alarms', () => {
    const { needed, kept, recorded } = compiled(
      alertOf('increase(nats_varz_slow_consumers[5m]) > 0 and acme:mem offset 10m > 1'),
      {},
      [recording('acme:mem', 'sum(gnatsd_varz_mem)')],
    );
    expect([
      [...needed].map(([name, series]) => [name, series.map((each) => exporterName(each))]),
      recorded,
    ]).toEqual([
      [
        ['gnatsd_varz_mem', ['gnatsd_varz_mem']],
        ['nats_varz_slow_consumers', ['gnatsd_varz_slow_consumers']],
      ],
      ['acme:mem'],
    ]);
    expect(Object.fromEntries(kept)).toEqual({
      gnatsd_varz_mem: { allMs: 0, untilMs: 300_000 },
      nats_varz_slow_consumers: { allMs: 300_000, untilMs: 300_000 },
      'acme:mem': { allMs: 600_000, untilMs: 900_000 },
    });
    expect([...compiled(alertOf('gnatsd_varz_mem > 5')).needed]).toEqual([]);
  });

  it('the sum over connections and the connections, where rules read both under one name', () => {
    const { needed } = compiled(
      alertOf(
        'gnatsd_connz_in_msgs > 5 and on (server_id) max by (server_id) (gnatsd_connz_in_msgs{kind="Client"}) > 1',
      ),
    );
    expect([...needed].map(([name, series]) => [name, series.map(({ collector }) => collector)])).toEqual([
      ['gnatsd_connz_in_msgs', ['connz', 'connzRow']],
    ]);
  });

  it('no expression that synth would have refused', () => {
    expect(() => compiled(alertOf('gnatsd_varz_mem >'))).toThrow(/^gnatsd_varz_mem >: /);
  });
});

describe('labels of a target', () => {
  it('are those of Prometheus, with what settings say before them, and its name in any case', () => {
    const target = { name: 'n1', url: 'https://n1:8443/base', labels: { job: 'core', server_id: 'other' } };
    expect(written(targetLabels({ labels: { job: 'all', zone: 'a' } }, target))).toBe(
      '{instance="n1:8443", job="core", server_id="n1", zone="a"}',
    );
  });
});
