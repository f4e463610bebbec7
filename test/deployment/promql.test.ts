import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment as variables } from '../../lambdas/environment.ts';
import type { SeriesPoint } from '../../lambdas/ports.ts';
import type { Moto } from '../services/moto.ts';
import { newestNatsVersion as version, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { minuteAt, scheduledAt } from './fleet.ts';
import { startLambda, type LambdaProcess } from './lambda-process.ts';
import { startOtlpFront, type OtlpAnswer } from './otlp-front.ts';
import { pointsAt } from './reading-back.ts';
import { undeployedFunction } from './undeployed.ts';

/** As a team would have it: its spelling, a recording rule, a total and a limit. */
const rules = {
  groups: [
    {
      name: 'g',
      rules: [
        { record: 'acme:traffic', expr: 'sum by (server_id) (rate(nats_varz_in_msgs[5m]))' },
        { alert: 'Busy', expr: 'acme:traffic > 1e6' },
        { alert: 'Full', expr: 'nats_varz_connections / nats_varz_max_connections > 0.8' },
        { alert: 'Down', expr: 'up == 0' },
      ],
    },
  ],
};

let moto: Moto;
let server: NatsServer;
let front: Awaited<ReturnType<typeof startOtlpFront>>;
let lambda: LambdaProcess;
let other: LambdaProcess;
let answer: OtlpAnswer = { status: 200, body: '{}' };

beforeAll(async () => {
  [moto, server] = await Promise.all([borrowMoto(), startNatsServer({ version, name: 'n1' })]);
  const gone = await startNatsServer({ version, name: 'gone' });
  await gone.stop();
  front = await startOtlpFront(moto.endpoint, () => answer);

  const targets = [
    { name: 'n1', url: server.monitoringUrl, labels: { az: 'a' } },
    { name: 'gone', url: gone.monitoringUrl },
  ];
  const { code, environment } = await undeployedFunction(
    moto,
    'rule-series',
    { clusters: [{ name: 'prod', targets }], rules: ['rules.json'], alarms: { engine: 'promql' } },
    { files: { 'rules.json': JSON.stringify(rules) } },
  );
  const toFront = { ...environment, AWS_ENDPOINT_URL: front.endpoint };
  [lambda, other] = await Promise.all([
    startLambda(code, toFront),
    startLambda(code, { ...toFront, [variables.check]: 'server-up' }),
  ]);
});
afterAll(async () => {
  await Promise.all([lambda.stop(), other.stop()]);
  front.stop();
  await Promise.all([server.stop(), moto.stop()]);
});

/** One minute's run: how it ended, what was sent by OTLP and what as CloudWatch metrics. */
async function minute(number: number) {
  const { run } = await lambda.invoke(scheduledAt(number));
  const points = await pointsAt(moto, 'NATS', minuteAt(number));
  return {
    run,
    exports: front.takeExports(),
    metrics: Object.fromEntries(points.map(({ series, value }) => [series, value])),
  };
}

const open = {
  'nats_findings_open{cluster=prod,group=rules,severity=warning}': 0,
};

describe('the function of rules with the engine promql', () => {
  it('sends what rules read to the OTLP endpoint, signed, and says how much was taken', async () => {
    const { run, exports, metrics } = await minute(0);
    const varz = (await server.get('/varz')) as { readonly start: string; readonly max_connections: number };
    const labels = { server_id: 'n1', job: 'nats', instance: new URL(server.monitoringUrl).host, az: 'a' };
    const at = minuteAt(0);
    const gauge = (name: string, value: number): SeriesPoint => ({ name, labels, value, at, kind: 'gauge' });
    // The server started behind the whole minute that stands for the run.
    const startMs = Math.min(Date.parse(varz.start), at);
    const [points = []] = exports;
    expect(points.filter(({ labels: of }) => of['server_id'] === 'n1')).toEqual([
      { name: 'nats_varz_in_msgs', labels, value: 0, at, kind: 'sum', startMs },
      gauge('nats_varz_connections', 0),
      gauge('nats_varz_max_connections', varz.max_connections),
      gauge('up', 1),
      gauge('nats_down_together', 0),
    ]);
    expect(
      points.filter(({ labels: of }) => of['server_id'] === 'gone').map(({ name, value }) => [name, value]),
    ).toEqual([
      ['up', 0],
      ['nats_down_together', 0],
    ]);
    expect(points.filter(({ labels: of }) => of['server_id'] === undefined)).toEqual([
      { name: 'nats_all_servers_down', labels: { cluster: 'prod' }, value: 0, at, kind: 'gauge' },
    ]);
    expect([run, exports.length, metrics]).toEqual([
      'done',
      1,
      { ...open, 'nats_series_sent{cluster=prod}': 8 },
    ]);
    expect(front.signatures[0]).toMatch(
      new RegExp(`^AWS4-HMAC-SHA256 Credential=test/\\d{8}/${moto.region}/monitoring/aws4_request`),
    );
  });

  it('counts what CloudWatch rejects of a request as not taken', async () => {
    answer = { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"no"}}' };
    const { run } = await minute(1);
    expect(run).toBe('done');
    expect(await lambda.log()).toContain('CloudWatch rejected 2 of 8 points by OTLP');
  });

  it('says 0, and goes on, where CloudWatch takes nothing', async () => {
    answer = { status: 403, body: '{"message":"no"}' };
    const { run, metrics } = await minute(2);
    expect([run, metrics['nats_series_sent{cluster=prod}']]).toEqual(['done', 0]);
    expect(await lambda.log()).toMatch(/series could not be sent to CloudWatch.*answered 403/);
  });
});

describe('the function of another check with the engine promql', () => {
  it('sends how many findings are open of its group to the OTLP endpoint, and no metric of it', async () => {
    answer = { status: 200, body: '{}' };
    front.takeExports();
    const { run } = await other.invoke(scheduledAt(0));
    const counts = front
      .takeExports()
      .flat()
      .filter(({ name }) => name === 'nats_findings_open');
    const metrics = (await pointsAt(moto, 'NATS', minuteAt(0))).map(({ series }) => series);
    const labels = { cluster: 'prod', group: 'servers' };
    const down: SeriesPoint = {
      ...{ name: 'nats_findings_open', labels: { ...labels, severity: 'critical' } },
      ...{ value: 1, at: minuteAt(0), kind: 'gauge' },
    };
    expect([run, counts]).toEqual(['done', [down]]);
    expect(metrics.filter((series) => series.includes('group=servers'))).toEqual([]);
  });
});
