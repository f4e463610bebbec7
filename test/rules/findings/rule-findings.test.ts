import { describe, expect, it } from 'vitest';
import { coveringAlarm } from '../../../lambdas/engine/alarm-names.ts';
import { seriesRead } from '../../../lambdas/rules/names-read.ts';
import type { PlannedAlert } from '../../../lambdas/rules/plan.ts';
import {
  coveredByThemselves,
  placeOf,
  ruleDiagnosis,
} from '../../../lambdas/rules/findings/rule-findings.ts';
import type { Entity } from '../../../lambdas/rules/evaluation/run-rules.ts';
import { target } from '../../engine/fake-ports.ts';
import { clusterFacts, firstMinute } from '../../kit.ts';
import { alertOf, compiledAlert, compiledFor, planOf } from '../planned.ts';

const pending = 'jetstream_consumer_num_pending > 1000';

/** Labels as the exporter has them of a consumer. */
const consumer = (name: string, more = {}) => ({
  server_id: 'n1',
  job: 'nats',
  instance: 'n1:8222',
  server_name: 'n1',
  account: 'APP',
  account_id: 'APP',
  is_consumer_leader: 'true',
  consumer_name: name,
  stream_name: 'ORDERS',
  ...more,
});

const firing = (labels: Entity['labels'], value: number): Entity => ({
  labels,
  value,
  activeAt: firstMinute,
  state: 'firing',
});

const behind = [firing(consumer('shipping'), 4_200), firing(consumer('billing'), 1_001)] as const;

/** A rule's diagnosis, and what it says of elements that fire on n1. */
function reported(expr: string, changes: Partial<PlannedAlert>, elements: readonly Entity[]) {
  const compiled = compiledFor(planOf([alertOf('ConsumerBehind', expr, changes)]));
  const alert = compiledAlert(compiled);
  const diagnosis = ruleDiagnosis(alert, seriesRead(alert, compiled), compiled.targets);
  const description = diagnosis.describe(
    {
      limit: 'fires',
      entity: { kind: 'server', name: 'n1' },
      value: elements[0]?.value ?? 0,
      severity: 'warning',
      level: 1_000,
      data: { firing: elements, at: target('n1') },
    },
    {
      cluster: clusterFacts,
      at: firstMinute,
      firstRun: false,
      hasAssetLimits: false,
      limits: diagnosis.limits,
    },
  );
  const { title, why, remedy } = diagnosis;
  return { title, why, remedy, ...description };
}

describe('a finding about a rule', () => {
  it('that has no annotation says what fires, by how much, and where to look', () => {
    expect(reported(pending, { forMs: 300_000 }, behind)).toEqual({
      title: 'Prometheus rule ConsumerBehind',
      summary:
        'ConsumerBehind fires for n1 account=APP stream_name=ORDERS consumer_name=shipping and 1 more: 4,200, above 1,000.',
      evidence: [
        'n1 account=APP stream_name=ORDERS consumer_name=shipping: 4,200 since 2026-11-20 10:00 UTC',
        'n1 account=APP stream_name=ORDERS consumer_name=billing: 1,001 since 2026-11-20 10:00 UTC',
      ],
      why: 'The Prometheus rule ConsumerBehind says so: jetstream_consumer_num_pending > 1000, for 5 min.',
      remedy:
        'The rule has no annotation that says what to do. Look by hand (below) at what its expression reads; where it fires though all is well, change the rule.',
      commands: {
        nats: 'nats server report jetstream',
        curl: "curl -s 'http://n1:8222/jsz?consumers=true&config=true&raft=true'",
      },
    });
  });

  it('is told in the words of its annotations, filled in for the worst element', () => {
    const annotations = {
      summary: 'Consumer {{ $labels.consumer_name }} of {{ $labels.stream_name }} is {{ $value }} behind.',
      description: 'Orders wait.\n  VALUE = {{ $value }}',
      runbook_url: 'https://wiki.example/{{ $labels.stream_name }}',
      contact: '#orders',
    };
    expect(reported(pending, { annotations }, behind)).toMatchObject({
      title: 'Prometheus rule ConsumerBehind',
      summary: 'Consumer shipping of ORDERS is 4200 behind. (the worst of 2)',
      why: 'Orders wait. VALUE = 4200\nThe Prometheus rule ConsumerBehind says so: jetstream_consumer_num_pending > 1000.',
      remedy: 'Runbook: https://wiki.example/ORDERS\ncontact: #orders',
    });
  });

  it('does not show a runbook that is a path as if it opened', () => {
    const annotations = { summary: 'Behind.', runbook_url: 'runbooks/{{ $labels.stream_name }}.md' };
    expect(reported(pending, { annotations }, behind)).toMatchObject({
      remedy: 'Runbook, a path and no address: runbooks/ORDERS.md',
    });
  });

  it('of one element says nothing of others', () => {
    const annotations = { summary: '{{ $labels.consumer_name }} is behind' };
    expect(reported(pending, { annotations }, behind.slice(0, 1)).summary).toBe('shipping is behind');
  });

  it.each([
    [{ message: 'M', description: 'D' }, 'M', /^D\nThe Prometheus rule/],
    [{ title: 'T', message: 'M' }, 'T', /^The Prometheus rule/],
    [{ description: 'D' }, 'D', /^The Prometheus rule/],
    [{ summary: '', description: 'D' }, 'D', /^The Prometheus rule/],
    [{ summary: 'S.', description: 'D!' }, 'S.', /^D!\nThe Prometheus rule/],
  ])('takes the best sentence there is: %j', (annotations, summary, why) => {
    const said = reported(pending, { annotations }, behind.slice(0, 1));
    expect(said.summary).toBe(summary);
    expect(said.why).toMatch(why);
    expect(said.remedy).toMatch(/^The rule has no annotation that says what to do/);
  });

  it.each([
    [{ summary: 'Consumers are behind.' }, 'Consumers are behind'],
    [{ title: 'Backlog', summary: 'Consumers are behind' }, 'Backlog'],
    [
      { title: 'Backlog of {{ $labels.stream_name }}', summary: 'Consumers are behind' },
      'Consumers are behind',
    ],
    [{ summary: '{{ $value }} behind' }, 'Prometheus rule ConsumerBehind'],
    [{ summary: 'Consumers\n  are behind' }, 'Consumers are behind'],
  ])('has a title that is the same for all elements: %j', (annotations, title) => {
    expect(reported(pending, { annotations }, behind).title).toBe(title);
  });

  it('tells how long the rule waits and how long it goes on', () => {
    const { why } = reported('absent(up)', { forMs: 60_000, keepFiringForMs: 600_000 }, [firing({}, 1)]);
    expect(why).toBe(
      'The Prometheus rule ConsumerBehind says so: absent(up), for 1 min, and for 10 min after that.',
    );
  });

  it('shows nothing of a name from outside that a terminal would act on', () => {
    const name = 'ship\u001b[31m\u202eping';
    const annotations = {
      summary: '{{ $labels.consumer_name }}',
      runbook: 'see {{ $labels.consumer_name }}',
    };
    const said = reported(pending, { annotations }, [firing(consumer(name), 4_200)]);
    expect([said.summary, said.remedy]).toEqual(['ship�[31m�ping', 'Runbook: see ship�[31m�ping']);
  });

  it('leaves what it cannot fill in as it was written', () => {
    const annotations = { summary: 'See {{ query "up" }} of {{ $labels.consumer_name }}' };
    expect(reported(pending, { annotations }, behind.slice(0, 1)).summary).toBe(
      'See {{ query "up" }} of shipping',
    );
  });
});

describe('evidence names an element', () => {
  const row = (expr: string, labels: Entity['labels'], value: number, changes: Partial<PlannedAlert> = {}) =>
    reported(expr, changes, [firing(labels, value)]).evidence[0]?.replace(' since 2026-11-20 10:00 UTC', '');

  it('by the labels that people know it by, not by all', () => {
    expect(row(pending, consumer('shipping'), 5_000)).toBe(
      'n1 account=APP stream_name=ORDERS consumer_name=shipping: 5,000',
    );
  });

  it('by what an aggregation left of them', () => {
    expect(row('sum by (stream_name) (x) > 1', { stream_name: 'ORDERS' }, 2)).toBe('stream_name=ORDERS: 2');
  });

  it('by all labels where none of those is there, without those of the target and of the rule', () => {
    const labels = { server_id: 'n2', job: 'nats', value: '2.9.1', team: 'x' };
    expect(row('gnatsd_varz_version == 1', labels, 1, { labels: { team: 'shop' } })).toBe(
      'n2 value=2.9.1: 1',
    );
  });

  it('by the rule where it has no labels', () => {
    expect(row('sum(gnatsd_varz_leafnodes) < 1', {}, 0)).toBe('ConsumerBehind: 0');
  });

  it('by its instance where an aggregation kept that alone', () => {
    expect(row('sum by (instance) (gnatsd_varz_mem) > 1', { instance: 'n1:8222' }, 2)).toBe('n1:8222: 2');
  });

  it.each([
    [0.0004, '0.0004'],
    [Infinity, 'Infinity'],
    [0, '0'],
    [1e21, '1e+21'],
  ])('with its value: %d', (value, shown) => {
    expect(row('sum(x) > 0', {}, value)).toBe(`ConsumerBehind: ${shown}`);
  });
});

describe('where to look', () => {
  const commands = (expr: string) => reported(expr, {}, [firing({}, 1)]).commands;

  it.each([
    ['up == 1', 'nats server list', '/varz'],
    ['sum(gnatsd_varz_cpu) > 1', 'nats server list', '/varz'],
    ['sum(gnatsd_leafz_conn_rtt) > 1', 'nats server report leafnodes', '/leafz'],
    ['sum(gnatsd_connz_pending_bytes) > 1', 'nats server report connections --top 20', '/connz'],
    ['sum(gnatsd_routez_num_routes) > 1', 'nats server report routes', '/routez'],
    ['sum(gnatsd_accstatz_current_connections) > 1', 'nats server report accounts', '/accstatz?unused=1'],
    ['sum(jetstream_server_total_streams) > 1', 'nats server report jetstream', '/jsz'],
    ['vector(1)', 'nats server list', '/varz'],
  ])('is where the series of a rule come from: %s', (expr, nats, path) => {
    expect(commands(expr)).toEqual({ nats, curl: `curl -s 'http://n1:8222${path}'` });
  });
});

describe("a rule's findings", () => {
  const covered = (expr: string) => {
    const compiled = compiledFor(planOf([alertOf('Rule', expr)]));
    const alert = compiledAlert(compiled);
    const { id, rule } = ruleDiagnosis(alert, [], compiled.targets);
    const facts = { covered: coveredByThemselves([alert], 'c1') };
    return coveringAlarm({ id, ...(rule && { rule }) }, 'fires', 'critical', facts);
  };

  it('are paged for by its own alarms', () => {
    expect([covered(pending), covered('sum(gnatsd_varz_mem) > 5')]).toEqual([
      { place: 'c1', rule: 'Rule', perServer: true },
      { place: 'c1', rule: 'Rule', perServer: false },
    ]);
  });

  it('are about its server, or about the cluster', () => {
    expect([placeOf(target('n1'), 'c1'), placeOf(null, 'c1')]).toEqual([
      { kind: 'server', name: 'n1' },
      { kind: 'cluster', name: 'c1' },
    ]);
  });
});
