import { afterEach, describe, expect, it } from 'vitest';
import { jetStream, jetStreamConfig } from '../scenes/jetstream.ts';
import { beSlow } from '../scenes/slow-consumer.ts';
import { connect } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { courses, minutesOf, ruledLive, type RuledLook } from './ruled.ts';
import { targetsOf } from './watching.ts';

/** As a team would have it. */
const rules = `
groups:
  - name: orders
    rules:
      - alert: ConsumerBacklog
        expr: jetstream_consumer_num_pending{stream_name="ORDERS"} > 20
        for: 2m
        labels: { severity: critical, team: shop }
        annotations:
          summary: '{{ $labels.consumer_name }} of stream {{ $labels.stream_name }} is {{ $value }} messages behind'
          description: Orders are not shipped meanwhile.
          runbook_url: https://wiki.example/runbooks/{{ $labels.stream_name }}
      - record: stream:pending:sum
        expr: sum by (stream_name) (jetstream_consumer_num_pending)
      - alert: BacklogOfStream
        expr: stream:pending:sum > 50
        labels: { severity: warning }
      - alert: OrdersGone
        expr: absent(jetstream_stream_total_messages{stream_name="ORDERS"})
        labels: { severity: critical }
        annotations: { summary: Stream ORDERS is not there }
  - name: servers
    rules:
      - alert: SlowConsumers
        expr: increase(gnatsd_varz_slow_consumers[5m]) > 0
        labels: { severity: warning }
      - alert: ServerDown
        expr: up == 0
        for: 1m
        labels: { severity: critical }
`;

/** A blocked write that ends by its deadline counts a slow consumer once more. */
const longWrites = 'write_deadline: "10m"';

const servers: NatsServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

async function start(name: string, version: NatsVersion, config = ''): Promise<NatsServer> {
  const server = await startNatsServer({ version, name, config: () => config });
  servers.push(server);
  return server;
}

describe.each(['2.15.1', '2.9.10'] as const)('rules on nats-server %s', (version) => {
  it('publish, tell and alarm what real trouble makes of them, and its end ends them', async () => {
    const n1 = await start('n1', version, `${jetStreamConfig()}\nmax_pending: 1MB\n${longWrites}`);
    const n2 = await start('n2', version);
    const orders = await jetStream(n1);
    await orders.createStream('ORDERS');
    for (const name of ['shipping', 'billing']) await orders.createConsumer('ORDERS', name);
    await orders.fill('ORDERS', 10);

    const watch = ruledLive(targetsOf(n1, n2), rules);
    const looks: RuledLook[] = [];
    const minute = async (happens: () => Promise<unknown> = async () => {}) => {
      await happens();
      looks.push(await watch.look());
    };
    await minute();
    await minute(() => orders.fill('ORDERS', 30));
    await minute(async () => {
      const client = (name: string) => connect({ port: n1.clientPort, name });
      await beSlow(n1, { reader: await client('slow'), writer: await client('writer') });
    });
    await minute();
    await minute(() => orders.take('ORDERS', 'shipping', 40));
    await minute(() => orders.take('ORDERS', 'billing', 40));
    await minute();
    await minute();
    await minute();
    await minute(() => orders.deleteStream('ORDERS'));
    await minute(() => orders.createStream('ORDERS'));
    await minute(async () => {
      await orders.end();
      await n1.stop();
    });
    await minute();
    await minute(() => n1.restart());
    await minute();

    expect(courses(looks)).toMatchInlineSnapshot(`
      {
        "nats_findings_open": "0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0, 0 0 0",
        "nats_rule BacklogOfStream": "20, 80, 80, 80, 40, 0, 0, 0, 0, 50, 50, 50, 50, 50, 50",
        "nats_rule ConsumerBacklog n1": "10, 40, 40, 40, 40, 0, 0, 0, 0, 20, 20, 20, 20, 20, 20",
        "nats_rule ConsumerBacklog n2": "20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20",
        "nats_rule OrdersGone": "0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0",
        "nats_rule SlowConsumers n1": "0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0",
        "nats_rule SlowConsumers n2": "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0",
        "nats_servers_up": "2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2",
        "up n1": "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1",
        "up n2": "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1",
      }
    `);
    expect(minutesOf(looks, ({ alarms }) => alarms)).toMatchInlineSnapshot(`
      [
        "1: nats/live/BacklogOfStream/warning ALARM",
        "2: nats/live/BacklogOfStream/warning ALARM, nats/live/SlowConsumers/n1/warning ALARM",
        "3: nats/live/ConsumerBacklog/n1/critical ALARM, nats/live/BacklogOfStream/warning ALARM, nats/live/SlowConsumers/n1/warning ALARM",
        "4: nats/live/ConsumerBacklog/n1/critical ALARM, nats/live/SlowConsumers/n1/warning ALARM",
        "5: nats/live/SlowConsumers/n1/warning ALARM",
        "6: nats/live/SlowConsumers/n1/warning ALARM",
        "9: nats/live/OrdersGone/critical ALARM",
        "11: nats/live/OrdersGone/critical ALARM",
        "12: nats/live/OrdersGone/critical ALARM, nats/live/ServerDown/n1/critical ALARM",
      ]
    `);
    expect(minutesOf(looks, ({ rules: { reported } }) => reported)).toMatchInlineSnapshot(`
      [
        "1: opened BacklogOfStream warning live",
        "2: opened SlowConsumers warning n1",
        "3: opened ConsumerBacklog critical n1",
        "6: resolved BacklogOfStream warning live",
        "8: resolved SlowConsumers warning n1, resolved ConsumerBacklog critical n1",
        "9: opened OrdersGone critical live",
        "14: resolved OrdersGone critical live",
      ]
    `);
    expect(looks[3]?.rules.findings[0]).toMatchObject({
      summary: 'shipping of stream ORDERS is 40 messages behind (the worst of 2)',
      evidence: [
        'n1 account=$G stream_name=ORDERS consumer_name=shipping: 40 since 2026-11-20 10:02 UTC',
        'n1 account=$G stream_name=ORDERS consumer_name=billing: 40 since 2026-11-20 10:02 UTC',
      ],
    });
    const [backlog] = looks[4]?.rules.findings ?? [];
    expect({
      ...backlog,
      commands: backlog?.commands.map((text) => text.replace(n1.monitoringUrl, 'N1')),
    }).toMatchInlineSnapshot(`
      {
        "alarm": "nats/live/ConsumerBacklog/n1/critical",
        "cluster": "live",
        "commands": [
          "nats server report jetstream",
          "curl -s 'N1/jsz?consumers=true&config=true&raft=true'",
        ],
        "diagnosis": "ConsumerBacklog",
        "durationKnown": true,
        "entity": {
          "kind": "server",
          "name": "n1",
        },
        "evidence": [
          "n1 account=$G stream_name=ORDERS consumer_name=billing: 40 since 2026-11-20 10:02 UTC",
        ],
        "labels": {},
        "limit": 20,
        "manual": "https://docs.nats.io/running-a-nats-service/nats_admin/monitoring",
        "observed": 40,
        "remedy": "Runbook: https://wiki.example/runbooks/ORDERS",
        "severity": "critical",
        "since": "2026-11-20T10:04:00.000Z",
        "summary": "billing of stream ORDERS is 40 messages behind",
        "target": "n1",
        "title": "Prometheus rule ConsumerBacklog",
        "trend": null,
        "unit": "count",
        "why": "Orders are not shipped meanwhile.
      The Prometheus rule ConsumerBacklog says so: jetstream_consumer_num_pending{stream_name="ORDERS"} > 20, for 2 min.",
      }
    `);
    expect([4, 9, 12].map((n) => looks[n]?.rules.outcomes)).toMatchInlineSnapshot(`
      [
        {
          "cluster": "ok",
          "n1": "critical",
          "n2": "ok",
        },
        {
          "cluster": "critical",
          "n1": "ok",
          "n2": "ok",
        },
        {
          "cluster": "critical",
          "n1": "unknown",
          "n2": "ok",
        },
      ]
    `);
  });

  it('that were broken before the first look are made good for: the alarm is in time', async () => {
    const n1 = await start('n1', version, jetStreamConfig());
    const orders = await jetStream(n1);
    await orders.createStream('ORDERS');
    await orders.createConsumer('ORDERS', 'shipping');
    await orders.fill('ORDERS', 30);
    const watch = ruledLive(targetsOf(n1), rules);
    const looks = [await watch.look(), await watch.look(), await watch.look()];
    await orders.end();
    expect(courses(looks)['nats_rule ConsumerBacklog n1']).toBe('20, 30, 30 30@-2');
    expect(minutesOf(looks, ({ alarms }) => alarms)).toEqual([
      '2: nats/live/ConsumerBacklog/n1/critical ALARM',
    ]);
    expect(minutesOf(looks, ({ rules: { reported } }) => reported)).toEqual([
      '2: opened ConsumerBacklog critical n1',
    ]);
  });
});
