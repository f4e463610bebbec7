import { describe, expect, it } from 'vitest';
import { deployed } from '../rules.ts';

const hub = (n: number) => ({ name: `hub${n}`, url: `http://hub${n}:8222` });
const prod = { name: 'prod', targets: [hub(1)] };

type Given = Readonly<Record<string, unknown>>;
const alert = (expr: string, more: Given = {}): Given => ({
  alert: 'Alert',
  expr,
  labels: { severity: 'critical' },
  ...more,
});
const translated = (rules: readonly Given[], settings: Given = {}) =>
  deployed({ clusters: [prod], ...settings }, JSON.stringify({ groups: [{ name: 'g', rules }] })).translated;
const reasons = (rules: readonly Given[], settings: Given = {}) =>
  translated(rules, settings).rules.map(({ reason }) => reason);
const reason = (rule: Given, settings: Given = {}) => reasons([rule], settings)[0];

const engines = { classic: {}, promql: { alarms: { engine: 'promql' } } } as const;

describe('a rule that is refused', () => {
  it('has no alarm, and is not evaluated', () => {
    const { rules, plan, specs } = translated([alert('kube_pods > 1'), alert('up == 0')]);
    expect(rules.map(({ status, specs: own }) => [status, own.length])).toEqual([
      ['refused', 0],
      ['translated', 1],
    ]);
    expect(specs).toHaveLength(1);
    expect(plan.groups.flatMap((group) => group.rules.map(({ expr }) => expr))).toEqual(['up == 0']);
  });

  it('is not told of what would be wrong with its alarm', () => {
    const rule = alert('kube_pods > 1', { labels: { severity: 'strange', a: '{{ $value }}' } });
    expect(translated([rule]).rules[0]?.warnings).toEqual([]);
  });
});

describe.each(['classic', 'promql'] as const)('the engine %s refuses', (engine) => {
  const settings = engines[engine];
  it.each([
    [
      'a series that nobody exports, naming the nearest',
      alert('rate(nats_jetstream_consumer_num_pending[5m]) > 1'),
      'no NATS exporter has nats_jetstream_consumer_num_pending, so that the selector takes nothing; the nearest names are nats_consumer_num_pending, nats_consumer_num_ack_pending, nats_consumer_num_waiting',
    ],
    [
      'series by their labels alone',
      alert('{job="nats"} > 1'),
      '{job="nats"} names no series, and CloudWatch keeps series by name',
    ],
    [
      'a pattern of names',
      alert('sum({__name__=~"gnatsd_varz_.+"}) > 1'),
      '{__name__=~"gnatsd_varz_.+"} names no single series: write the names out, joined by "or"',
    ],
    [
      "Prometheus' series about its own alerts",
      alert('count(ALERTS{alertstate="firing"}) > 1'),
      'ALERTS is a series of Prometheus about its own alerts',
    ],
  ])('%s', (_, rule, message) => {
    expect(reason(rule, settings)).toBe(message);
  });
});

describe('the engine classic refuses', () => {
  it('to wait for longer than an alarm looks back, to the minute', () => {
    const held = (hold: string) => reason(alert('up == 0', { for: hold }));
    expect([held('23h59m'), held('1d')]).toEqual([null, 'for: 1d: an alarm looks back 1d at most']);
    expect(reason(alert('up == 0', { for: '2d', keep_firing_for: '1m' }))).toBeNull();
  });

  it('a time that no memory reaches', () => {
    expect(reason(alert('gnatsd_varz_mem @ 1700000000 > sum(up)'))).toBe(
      'it names a time with @, to which no memory reaches back; no engine takes that: an alert that compares with the past says offset, such as offset 1d, and one that compares with a value of that time states the value',
    );
  });

  it('what Prometheus cannot evaluate, though promtool takes it', () => {
    const smoothed = (factors: string) => reason(alert(`holt_winters(gnatsd_varz_mem[10m], ${factors}) > 1`));
    expect([smoothed('1.5, 0.5'), smoothed('0.9, 0.5')]).toEqual([
      'promtool takes it, and Prometheus refuses it whenever it evaluates it: holt_winters: the smoothing factor must be between 0 and 1, not 1.5',
      null,
    ]);
  });

  it('what its evaluation does not know', () => {
    expect(reason(alert('histogram_quantile(0.9, gnatsd_varz_mem) > 1'))).toBe(
      "histogram_quantile wants histograms, which NATS' monitoring does not serve",
    );
  });

  describe('samples that exceed memory,', () => {
    const window = (minutes: number) =>
      alert(`max_over_time(jetstream_consumer_num_pending[${minutes}m]) > 1`);
    it('naming how many, and lets pass what fits', () => {
      expect(reason(window(78))).toBeNull();
      expect(reason(window(79))).toBe(
        'its samples take about 245.8 KiB (jetstream_consumer_num_pending: 1,000 series, 79 samples of each), and memory holds 244.1 KiB; shorten its windows, set alarms.entities if servers have fewer streams and consumers, or choose the engine promql',
      );
    });

    it('for as many servers as the largest cluster has, and as many streams and consumers as settings say', () => {
      const edge = { name: 'edge', targets: [hub(1), hub(2)] };
      const clusters = [prod, edge];
      expect(reason(window(60))).toBeNull();
      expect(reason(window(60), { clusters })).toContain('2,000 series, 60 samples of each');
      expect(reason(window(60), { clusters, alarms: { entities: 500 } })).toBeNull();
    });

    it('together with those of the rules before it, what two rules read counted once', () => {
      const other = alert('max_over_time(jetstream_consumer_num_ack_pending[45m]) > 1');
      const reported = reasons([window(45), window(45), other, alert('rate(gnatsd_varz_mem[1h]) > 1')]);
      expect(reported.map((each) => each?.replace(/, and memory .*/, '') ?? null)).toEqual([
        null,
        null,
        'its samples take about 149.5 KiB (jetstream_consumer_num_ack_pending: 1,000 series, 45 samples of each), with those of the rules before it 278.7 KiB',
        null,
      ]);
    });

    it('those behind recorded names among them', () => {
      const record = {
        record: 'pending:day',
        expr: 'max_over_time(jetstream_consumer_num_pending[1d])',
      };
      expect(reason(record)).toBeNull();
      expect(reasons([record, alert('sum(pending:day) > 1')])[1]).toContain('1,440 samples of each');
    });

    it('and asks for none where the alarm compares the series itself', () => {
      const many = Array.from({ length: 200 }, (_, i) => hub(i));
      const rules = [alert('gnatsd_varz_mem > 1'), alert('rate(gnatsd_varz_in_msgs[5m]) > 1')];
      expect(reasons(rules, { clusters: [{ name: 'prod', targets: many }] })).toEqual([null, null]);
    });
  });
});

describe('the engine promql refuses', () => {
  const settings = engines.promql;
  it.each([
    ['86400s', '0s', null],
    ['86401s', '0s', 'for: 86401s: a PromQL alarm waits 1d at most'],
    ['0s', '86400s', null],
    ['0s', '86401s', 'keep_firing_for: 86401s: a PromQL alarm goes on for 1d at most'],
  ])('to wait %s or to go on for %s beyond its limits: %s', (hold, keep, message) => {
    const rule = alert('up == 0', { for: hold, keep_firing_for: keep });
    expect(reason(rule, settings)).toBe(message);
  });

  it.each([
    ['avg_over_time(gnatsd_varz_mem[7d]) > 1', null],
    ['avg_over_time(gnatsd_varz_mem[7d1s]) > 1', 'it looks back 604801s, and a PromQL alarm 7d at most'],
    ['gnatsd_varz_mem offset 10075m > 1', null],
    ['gnatsd_varz_mem offset 10076m > 1', 'it looks back 10081m, and a PromQL alarm 7d at most'],
    [
      'gnatsd_varz_mem @ 1700000000 > sum(up)',
      'it names a time with @, and a PromQL alarm looks back 7d from now at most; no engine takes that: an alert that compares with the past says offset, such as offset 1d, and one that compares with a value of that time states the value',
    ],
  ])('to look back too far: %s', (expr, message) => {
    expect(reason(alert(expr), settings)).toBe(message);
  });

  it('a query of more than 10,000 characters', () => {
    const query = (length: number) => `up{job!="${'x'.repeat(length - 16)}"} == 0`;
    const reported = [10_000, 10_001].map((length) => reason(alert(query(length)), settings));
    expect(reported).toEqual([null, 'the query has 10,001 characters, and a PromQL alarm takes 10,000']);
  });

  it('what is no vector, or wants histograms', () => {
    expect(reason(alert('time() > bool 5'), settings)).toBe(
      'it is a scalar, and a PromQL alarm wants a vector',
    );
    expect(reason(alert('histogram_sum(gnatsd_varz_mem) > 1'), settings)).toBe(
      "it wants histograms, which NATS' monitoring does not serve",
    );
  });

  it('what CloudFormation or CDK would replace', () => {
    const message = 'it holds a text that CloudFormation or CDK would replace: {{resolve: or ${Token[';
    expect([
      reason(alert('up{job!="{{resolve:ssm:x}}"} == 0'), settings),
      reason(alert('up{job!="${Token[TOKEN.1]}"} == 0'), settings),
    ]).toEqual([message, message]);
  });
});
