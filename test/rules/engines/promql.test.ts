import { describe, expect, it } from 'vitest';
import { SeriesError, type SeriesPoint, type SeriesReport, type SeriesSink } from '../../../lambdas/ports.ts';
import { failing } from '../../kit.ts';
import { alertOf, planOf, recordingOf } from '../planned.ts';
import { consumers, ruleWorld, type Ran } from '../rule-world.ts';
import { minute } from '../../engine/fake-ports.ts';

const rules = [
  recordingOf('orders:pending', 'sum by (stream_name) (nats_consumer_num_pending)'),
  alertOf('Orders', 'orders:pending > 40'),
  alertOf('Traffic', 'rate(acme_varz_in_msgs[5m]) > 1'),
  alertOf('Down', 'up == 0'),
];
const plan = planOf(rules, { engine: 'promql', edition: 3, prefixes: ['acme'] });

/** A sink that takes what it is given, but for what it answers. */
function taking(answer: (points: readonly SeriesPoint[]) => Partial<SeriesReport> | Error = () => ({})) {
  const points: SeriesPoint[] = [];
  const sink: SeriesSink = {
    put: async (some) => {
      points.splice(0, points.length, ...some);
      const said = await Promise.resolve(answer(some));
      if (said instanceof Error) throw said;
      return { offered: some.length, refused: [], rejected: 0, messages: [], ...said };
    },
  };
  return { sink, points };
}

const short = (points: readonly SeriesPoint[]) =>
  points.map(
    ({ name, labels, value, kind }) =>
      `${name} ${labels['server_id'] ?? ''}${labels['consumer_name'] ?? ''} ${value} ${kind}`,
  );

const server = { ...consumers({ a: 30 }), varz: { in_msgs: 5_000, start: '2026-11-20T09:00:00Z' } };

describe('rules of the engine promql', () => {
  it('have what they read sent to CloudWatch under the names they spell, with labels, time and start', async () => {
    const { sink, points } = taking();
    await ruleWorld(plan, ['n1']).run(3, { n1: server }, { sink });
    expect(short(points)).toEqual([
      'nats_consumer_num_pending n1a 30 gauge',
      'acme_varz_in_msgs n1 5000 sum',
      'up n1 1 gauge',
    ]);
    expect(points[1]).toEqual({
      name: 'acme_varz_in_msgs',
      labels: { server_id: 'n1', job: 'nats', instance: 'n1:8222' },
      value: 5_000,
      at: minute(3),
      kind: 'sum',
      startMs: Date.parse('2026-11-20T09:00:00Z'),
    });
  });

  it('publish how many samples were taken, and no rule', async () => {
    const { sink } = taking();
    const { published, seen } = await ruleWorld(plan, ['n1', 'n2']).run(
      0,
      { n1: server, n2: server },
      { sink },
    );
    expect(published).toEqual({
      nats_series_sent: [6],
      'nats_findings_open warning': [0],
    });
    expect(seen).toEqual([
      'n1 SERVER_102 ok: every endpoint answers',
      'n2 SERVER_102 ok: every endpoint answers',
      'cluster RULE_102 ok: 6 samples for CloudWatch',
    ]);
  });

  it('get nothing of a server that does not answer but that it is down', async () => {
    const { sink, points } = taking();
    const { run } = ruleWorld(plan, ['n1', 'n2']);
    await run(0, { n1: server, n2: server }, { sink });
    await run(1, { n1: server }, { sink });
    expect(short(points)).toEqual([
      'nats_consumer_num_pending n1a 30 gauge',
      'acme_varz_in_msgs n1 5000 sum',
      'up n1 1 gauge',
      'up n2 0 gauge',
    ]);
  });

  it('are not called well where no server answers: only that was sent', async () => {
    const { sink } = taking();
    const { seen } = await ruleWorld(plan, ['n1', 'n2']).run(0, {}, { sink });
    expect(seen.at(-1)).toBe('cluster RULE_102 unknown: 2 samples for CloudWatch; no server could be read');
  });

  it('get nothing of an endpoint that does not answer', async () => {
    const { sink, points } = taking();
    const { run } = ruleWorld(plan);
    await run(0, { n1: { ...server, paths: { '/jsz': failing('timeout') } } }, { sink });
    expect(short(points)).toEqual(['acme_varz_in_msgs n1 5000 sum', 'up n1 1 gauge']);
  });
});

describe('series that nothing tells apart', () => {
  const lagging = planOf([alertOf('Lag', 'jetstream_stream_source_lag > 100'), alertOf('Down', 'up == 0')], {
    engine: 'promql',
    edition: 3,
  });
  const sources = (...lags: readonly number[]) => ({
    paths: {
      '/jsz': {
        account_details: [
          {
            name: 'APP',
            id: 'APP',
            stream_detail: [{ name: 'D', sources: lags.map((lag) => ({ name: 'O', lag })) }],
          },
        ],
      },
    },
  });

  it.each([
    [0, 5_000],
    [5_000, 0],
  ])('are not sent, lags being %i and %i, and the others are', async (one, other) => {
    const { sink, points } = taking();
    const { run } = ruleWorld(lagging);
    const { published, warnings } = await run(0, { n1: sources(one, other) }, { sink });
    expect(short(points)).toEqual(['up n1 1 gauge']);
    expect(published['nats_series_sent']).toEqual([1]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^rule-series, cluster c1: series that nothing tells apart are not sent .*source_lag/,
      ),
    ]);
  });

  it('are reported once that lasts, with their labels', async () => {
    const { sink } = taking();
    const { run } = ruleWorld(lagging);
    const ran: Ran[] = [];
    for (let n = 0; n < 5; n += 1) ran.push(await run(n, { n1: sources(0, 5_000) }, { sink }));
    expect(ran.flatMap(({ reported }) => reported)).toEqual(['opened RULE_102 c1']);
    expect(ran[4]?.findings).toMatchObject([
      {
        summary: 'CloudWatch took 1 of 3 samples that rules read.',
        evidence: [
          expect.stringMatching(
            /^jetstream_stream_source_lag\{.*source_name="O".*\}: several things have these labels, and no other tells them apart$/,
          ),
        ],
      },
    ]);
  });

  it('are no trouble where something tells them apart', async () => {
    const { sink, points } = taking();
    const { seen } = await ruleWorld(lagging).run(0, { n1: sources(7) }, { sink });
    expect([points.length, seen.at(-1)]).toEqual([2, 'cluster RULE_102 ok: 2 samples for CloudWatch']);
  });
});

describe('samples that CloudWatch does not take', () => {
  const failure = 'CloudWatch did not take 2 of 3 points by OTLP: Error: answered 503';
  const report: SeriesReport = { offered: 3, refused: [], rejected: 0, messages: [] };

  async function runs(count: number, answer: Parameters<typeof taking>[0]): Promise<readonly Ran[]> {
    const { sink } = taking(answer);
    const { run } = ruleWorld(plan);
    const ran = [await run(0, { n1: server }, { sink: taking().sink })];
    for (let n = 1; n <= count; n += 1) ran.push(await run(n, { n1: server }, { sink }));
    return ran.slice(1);
  }
  const sent = ({ published }: Ran) => published['nats_series_sent'];

  it('do not count', async () => {
    const { sink } = taking(() => ({ refused: [{ series: 'up', why: 'no number' }], rejected: 1 }));
    expect(sent(await ruleWorld(plan).run(0, { n1: server }, { sink }))).toEqual([1]);
  });

  it('leave 0 in each minute in which nothing could be sent, which is what the alarm on silence compares, and then what was', async () => {
    let isTaken = true;
    const { sink } = taking(() => (isTaken ? {} : new Error('no credentials')));
    const { run } = ruleWorld(plan);
    const told: unknown[] = [];
    for (let n = 0; n < 8; n += 1) {
      isTaken = n < 3 || n > 5;
      told.push(sent(await run(n, { n1: server }, { sink })));
    }
    expect(told).toEqual([[3], undefined, undefined, [0], [0], [0], [3], undefined]);
  });

  it('are told of every five minutes after that, as one telling may come too late for the alarm', async () => {
    const told: number[] = [];
    const { run } = ruleWorld(plan);
    for (let n = 0; n < 12; n += 1)
      if (sent(await run(n, { n1: server }, { sink: taking().sink })) !== undefined) told.push(n);
    expect(told).toEqual([0, 5, 10]);
  });

  it('are warned of', async () => {
    const [ran] = await runs(1, () => new Error('no credentials'));
    expect([ran && sent(ran), ran?.warnings]).toEqual([
      [0],
      ['rule-series, cluster c1: series could not be sent to CloudWatch {"reason":"Error: no credentials"}'],
    ]);
  });

  it('leave what other requests held', async () => {
    const [ran] = await runs(1, () => new SeriesError([], failure, report, 2));
    expect([ran?.warnings.length, ran?.seen.at(-1)]).toEqual([
      1,
      'cluster RULE_102 ok: CloudWatch took 1 of 3 samples (limit crossed, but not for long enough yet)',
    ]);
  });

  it('are reported once that lasts, as rules are blind meanwhile, and counted where no alarm is about them', async () => {
    const ran = await runs(5, () => new SeriesError([], failure, report, 2));
    expect(ran.map(({ reported }) => reported)).toEqual([[], [], [], ['opened RULE_102 c1'], []]);
    expect(ran.map(({ published }) => published['nats_findings_open warning'])).toEqual([
      [0],
      [0],
      [0],
      [1],
      [1],
    ]);
    expect(ran[4]?.findings).toMatchObject([
      {
        title: 'CloudWatch does not take all samples that rules read',
        target: null,
        entity: { kind: 'cluster', name: 'c1' },
        summary: 'CloudWatch took 1 of 3 samples that rules read.',
        observed: 2,
        evidence: [`AggregateError: ${failure}`],
        alarm: null,
      },
    ]);
  });

  it('are reported with all reasons there are', async () => {
    const ran = await runs(4, () => ({
      refused: [{ series: 'up{server_id="n1"}', why: 'NaN' }],
      rejected: 1,
      messages: ['too old'],
    }));
    expect(ran[3]?.findings[0]?.evidence).toEqual(['CloudWatch says: too old', 'up{server_id="n1"}: NaN']);
  });
});
