import { afterEach, describe, expect, it } from 'vitest';
import type { Servers } from '../scenes/alone.ts';
import { electionPatience } from '../scenes/jetstream.ts';
import { startStreams } from '../scenes/streams.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitFor } from '../services/wait.ts';
import { ruledLive, type RuledLook } from './ruled.ts';
import { targetsOf } from './watching.ts';
import { warnings } from '../infra/rules/lints/linted.ts';

/** Alerts by their names; those that something is told of are to be written as they are told. */
const written: Readonly<Record<string, string>> = {
  NoLeader: 'jetstream_stream_total_messages{stream_leader=""} >= 0',
  NoLeaderOfConsumers: 'jetstream_consumer_num_pending{consumer_leader=""} >= 0',
  BothAtOnce: 'jetstream_stream_total_messages{is_stream_leader="true",stream_leader=""} >= 0',
  Backlog: 'jetstream_consumer_num_pending{stream_name="ORDERS"} > 5',
  WorstBacklog: 'max by (stream_name, consumer_name) (nats_consumer_num_pending) > 5',
  FewServers: 'gnatsd_varz_jetstream_meta_cluster_size < 3',
  FewRoutes: 'gnatsd_varz_routes < 2',
  ServerHealth: 'gnatsd_healthz_js_server_only_status != 0',
};
const misleading = ['BothAtOnce', 'Backlog', 'WorstBacklog', 'FewServers', 'FewRoutes', 'ServerHealth'];

const minutesToWait = '2m';
function advised(expr: string): string {
  const [warning] = warnings({ expr, for: minutesToWait });
  return /\bwrite (.+)$/.exec(warning?.message ?? '')?.[1] ?? '';
}

const rulesOf = (exprs: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    groups: [
      {
        name: 'quorum',
        rules: Object.entries(exprs).map(([alert, expr]) => ({
          alert,
          expr,
          for: minutesToWait,
          labels: { severity: 'critical' },
        })),
      },
    ],
  });

let running: Servers | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

type Jsz = {
  readonly meta_cluster?: { readonly leader?: string };
  readonly account_details?: readonly {
    readonly stream_detail?: readonly {
      readonly name: string;
      readonly cluster?: { readonly leader?: string };
      readonly consumer_detail?: readonly { readonly cluster?: { readonly leader?: string } }[];
    }[];
  }[];
};

/** Whether the server knows of no leader: of JetStream, of stream ORDERS, of its consumers. */
async function knowsNoLeader(server: NatsServer): Promise<boolean> {
  const { meta_cluster: meta, account_details: accounts = [] } = (await server.get(
    '/jsz?consumers=true',
  )) as Jsz;
  const streams = accounts.flatMap(({ stream_detail: some = [] }) => some);
  const orders = streams.filter(({ name }) => name === 'ORDERS');
  const led = [
    meta,
    ...orders.flatMap(({ cluster, consumer_detail: some = [] }) => [
      cluster,
      ...some.map((each) => each.cluster),
    ]),
  ];
  return orders.length > 0 && led.every((cluster) => !cluster?.leader);
}

const firing = ({ alarms }: RuledLook): readonly string[] =>
  Object.keys(written).filter((name) =>
    alarms.some((alarm) => alarm.startsWith(`nats/live/${name}/`) && alarm.endsWith(' ALARM')),
  );

describe.each(['2.15.1', '2.10.27', '2.9.10'] as const)('nats-server %s, one of three left', (version) => {
  it('is seen by what asks for no leader, and by rules that are written as they are told', async () => {
    running = await startStreams({ version });
    const [last, ...others] = running.servers.slice(0, 3);
    if (last === undefined) throw new Error('no servers');
    const reported = Object.fromEntries(
      Object.entries(written).map(([name, expr]) => [name, misleading.includes(name) ? advised(expr) : expr]),
    );
    const watches = [written, reported].map((exprs) => ruledLive(targetsOf(last), rulesOf(exprs)));
    /** After three minutes of it. */
    const firingOn = async (watch: (typeof watches)[number]) => {
      await watch.look();
      await watch.look();
      return firing(await watch.look());
    };
    const looksOf = () => Promise.all(watches.map(firingOn));
    // The pull consumers have a backlog of seven and ten, which their leader alone tells before 2.15.
    const backlog = ['Backlog', 'WorstBacklog'];
    const [, healthy = []] = await looksOf();
    expect(healthy.filter((name) => !backlog.includes(name))).toEqual([]);

    await Promise.all(others.map((server) => server.kill()));
    await waitFor('no leader to be known', () => knowsNoLeader(last), electionPatience);
    const [asWritten = [], asTold = []] = await looksOf();
    expect(asTold).toEqual(Object.keys(written));
    expect(asWritten).toEqual(expect.arrayContaining(['NoLeader', 'NoLeaderOfConsumers']));
    for (const name of ['BothAtOnce', 'FewServers']) expect(asWritten).not.toContain(name);
    expect(asWritten.includes('ServerHealth')).toBe(version !== '2.15.1');
  });
});
