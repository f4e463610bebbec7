import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { watchedAlarms } from '../../infra/local/watched-alarms.ts';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import { loopbackAddress } from '../services/loopback.ts';
import { connect } from '../services/nats-client.ts';
import { newestNatsVersion, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { startNameServer, type NameServer, type Said } from '../services/name-server.ts';
import { ringReaches } from '../scenes/observed.ts';
import { watchingLive, type LiveLook } from './watching.ts';

const [one, two, three, four] = [0, 1, 2, 3].map((n) => loopbackAddress(n as 0 | 1 | 2 | 3)) as [
  string,
  string,
  string,
  string,
];
let said: Said;
let names: NameServer;
let port = 0;
const servers = new Map<string, NatsServer>();
async function start(name: string, host: string): Promise<void> {
  const monitoringPort = port === 0 ? -1 : port;
  const server = await startNatsServer({ version: newestNatsVersion, name, host, monitoringPort });
  port = server.ports.monitoring;
  servers.set(host, server);
}
async function stop(host: string): Promise<void> {
  await servers.get(host)?.stop();
  servers.delete(host);
}
/** Ends one at `from`, and starts the same one at `to`. */
async function replace(name: string, from: string, to: string): Promise<void> {
  await stop(from);
  await start(name, to);
}

const isLinux = process.platform === 'linux';
beforeAll(async () => {
  if (!isLinux) return;
  names = await startNameServer(() => said);
  await start('nats-0', one);
  await Promise.all([start('nats-1', two), start('nats-2', three)]);
});
beforeEach(() => {
  said = [one, two, three];
});
afterAll(async () => {
  if (!isLinux) return;
  names.stop();
  await Promise.all([...servers.values()].map((server) => server.stop()));
});

/**
 * Looks of one check, a minute apart, and after each the deployment's alarms of that check that are in ALARM.
 * @param beside another check whose series they are made of, too
 */
function watching(
  check: string,
  expected: { readonly expect?: number } = { expect: 3 },
  beside: string | null = null,
) {
  const cluster = { name: 'live', targets: [{ dns: 'nats.internal', port, ...expected }] };
  const { settings, book, translated } = understand({ clusters: [cluster] }, 'live test');
  const specs = alarmSpecs({ checks, settings, book, translated }).filter((spec) =>
    spec.checks.includes(check),
  );
  const alarms = watchedAlarms(specs);
  const http = { nameservers: [names.at] };
  const started = Date.now();
  const clock = () => started;
  const watch = watchingLive(check, [], { cluster, http, clock });
  const other = beside === null ? null : watchingLive(beside, [], { cluster, http, clock });
  let at = started;
  const look = async () => {
    at += minutes(1);
    const taken = await watch.look();
    await alarms.put([...taken.datapoints, ...((await other?.look())?.datapoints ?? [])]);
    const inAlarm = alarms.states(at).filter(({ state }) => state === 'ALARM');
    return { ...taken, alarms: inAlarm.map(({ name }) => name) };
  };
  const looks = async (count: number) => {
    const taken: Awaited<ReturnType<typeof look>>[] = [];
    for (let i = 0; i < count; i += 1) taken.push(await look());
    return taken;
  };
  return { look, looks };
}

const ok = { 'nats-0': 'ok', 'nats-1': 'ok', 'nats-2': 'ok', cluster: 'ok' };
const told = (looks: readonly LiveLook[]) => looks.map(({ reported }) => reported);
const gone = () => `CLUSTER_103 warning nats.internal:${port}`;

describe.runIf(isLinux)('servers behind one DNS name', () => {
  it('are found by each run and named by themselves, and those that are well alarm nobody', async () => {
    const { look, looks } = watching('server-up');
    const first = await look();
    expect(first.report.targets.map(({ name, url }) => [name, url])).toEqual([
      ['nats-0', `http://${one}:${port}`],
      ['nats-1', `http://${two}:${port}`],
      ['nats-2', `http://${three}:${port}`],
    ]);
    const up = first.datapoints.filter(({ series }) => series === 'up');
    expect(up.map(({ labels, value }) => [labels['server_id'], value])).toEqual([
      ['nats-0', 1],
      ['nats-1', 1],
      ['nats-2', 1],
    ]);
    const more = [first, ...(await looks(5))];
    expect(more.map(({ outcomes }) => outcomes)).toEqual(more.map(() => ok));
    expect(more.flatMap(({ reported, alarms }) => [...reported, ...alarms])).toEqual([]);
  });

  it('that are replaced at another address go on as they were: nothing is told, nothing counted twice', async () => {
    const clients = async (host: string, count: number) => {
      const server = servers.get(host);
      if (server === undefined) throw new Error(`no server at ${host}`);
      const all = await Promise.all(
        Array.from({ length: count }, (_, i) => connect({ host, port: server.clientPort, name: `job-${i}` })),
      );
      await Promise.all(all.map((each) => each.end()));
      await ringReaches(server, count);
    };
    const [up, stopped] = [watching('server-up'), watching('connection-stopped')];
    const closed = ({ datapoints }: LiveLook) =>
      datapoints
        .filter(({ series, value }) => series === 'nats_connections_closed' && value > 0)
        .map(({ labels, value }) => [labels['server_id'], value]);
    const before = [await up.look(), await stopped.look()];
    await clients(two, 3);
    const counted = [closed(await stopped.look())];
    await replace('nats-1', two, four);
    said = [one, three, four];
    const replaced = await up.look();
    await clients(four, 2);
    counted.push(closed(await stopped.look()), closed(await stopped.look()));
    const after = [...(await up.looks(3)), ...(await stopped.looks(2))];
    expect(counted).toEqual([[['nats-1', 3]], [['nats-1', 2]], []]);
    expect(replaced.report.targets.map(({ name, url }) => [name, url])).toContainEqual([
      'nats-1',
      `http://${four}:${port}`,
    ]);
    expect(told([...before, replaced, ...after]).flat()).toEqual([]);
    await replace('nats-1', four, two);
  });

  it('of which one is gone are told of within its time and alarmed, until it is back', async () => {
    const { look, looks } = watching('server-up');
    await look();
    said = [one, three];
    const missing = await looks(7);
    expect(missing.map(({ reported, alarms }) => [...reported, ...alarms])).toEqual([
      [],
      [],
      [`opened ${gone()}`, 'nats/live/servers/findings/warning'],
      ...Array.from({ length: 4 }, () => ['nats/live/servers/findings/warning']),
    ]);
    const [finding] = missing[2]?.findings ?? [];
    expect([finding?.summary, finding?.evidence.at(-1)]).toEqual([
      `2 of 3 servers behind nats.internal:${port}: gone is nats-1.`,
      'behind the name now: nats-0, nats-2',
    ]);
    said = [one, two, three];
    const back = await looks(3);
    expect(back.map(({ reported, alarms }) => [...reported, ...alarms])).toEqual([
      ['nats/live/servers/findings/warning'],
      [`resolved ${gone()}`],
      [],
    ]);
    expect(back.at(-1)?.outcomes).toEqual(ok);
  });

  it('that are all gone are critical, though settings do not say how many to expect', async () => {
    const { look, looks } = watching('server-up', {});
    await look();
    said = 'no such name';
    const empty = await looks(3);
    expect(told(empty)).toEqual([[], [], [`opened CLUSTER_103 critical nats.internal:${port}`]]);
    expect(empty.at(-1)?.alarms).toEqual(['nats/live/servers/findings/critical']);
    said = [one, two, three];
    expect(told(await looks(6)).flat()).toEqual([`resolved CLUSTER_103 critical nats.internal:${port}`]);
  });

  it('that were scaled in where settings do not say how many to expect are only mentioned', async () => {
    const { look, looks } = watching('server-up', {});
    await look();
    said = [one, two];
    const fewer = await looks(17);
    expect(fewer.flatMap(({ reported, alarms }) => [...reported, ...alarms])).toEqual([]);
    const mentioned = fewer.map(({ findings }) =>
      findings.map(({ severity, summary }) => [severity, summary]),
    );
    const left = `1 server left nats.internal:${port} within 15 min: gone is nats-2.`;
    expect(mentioned).toEqual([
      ...Array.from({ length: 15 }, () => [['info', left]]),
      ...Array.from({ length: 2 }, () => []),
    ]);
  });

  it.each([
    ['failure', 3],
    ['silence', 1],
  ] as const)(
    'are unknown while DNS gives no answer (%s), and nothing that was open ends',
    async (dead, times) => {
      const { look, looks } = watching('server-up');
      await look();
      said = [one, three];
      const [, , opened] = await looks(3);
      expect(opened?.reported).toEqual([`opened ${gone()}`]);
      said = dead;
      const unknown = await looks(times);
      expect(unknown.map(({ outcomes }) => outcomes)).toEqual(
        unknown.map(() => ({ 'nats-0': 'unknown', 'nats-2': 'unknown', cluster: 'unknown' })),
      );
      expect(unknown[0]?.report.targets.map(({ failure }) => failure?.code)).toEqual(['dns', 'dns']);
      const up = unknown.map(({ datapoints }) => datapoints.filter(({ series }) => series === 'up'));
      expect(up.map((points) => points.map(({ value }) => value))).toEqual(up.map(() => [1, 1]));
      expect(told(unknown).flat()).toEqual([]);
      expect(unknown.at(-1)?.alarms).toEqual(['nats/live/servers/findings/warning']);
      said = [one, two, three];
      expect(told(await looks(4)).flat()).toEqual([`resolved ${gone()}`]);
    },
  );

  it('that have an address and do not answer are down under their names, and page as one cluster', async () => {
    const [up, rules] = [watching('server-up'), watching('rule-series', { expect: 3 }, 'server-up')];
    await up.look();
    await rules.look();
    await stop(three);
    const down = await up.looks(3);
    expect(told(down)).toEqual([[], [], ['opened SERVER_101 critical nats-2']]);
    expect(down.at(-1)?.outcomes).toEqual({ ...ok, 'nats-2': 'critical', cluster: 'unknown' });
    const page = 'nats/live/NatsServerDown/critical';
    const paged = await rules.looks(8);
    expect(paged.at(-1)?.alarms).toEqual([page]);
    said = 'failure';
    const kept = await rules.looks(4);
    expect(kept.map(({ alarms }) => alarms)).toEqual(kept.map(() => [page]));
    await start('nats-2', three);
    said = [one, two, three];
    expect((await rules.looks(2)).at(-1)?.alarms).toEqual([]);
    expect(told(await up.looks(5)).flat()).toEqual(['resolved SERVER_101 critical nats-2']);
  });

  it('that never answered are named by address, and what was told of them ends when they leave the name', async () => {
    said = [one, two, three, four];
    const { look, looks } = watching('server-up');
    const first = await look();
    expect(first.reported).toEqual([`opened SERVER_101 critical ${four}`]);
    said = [one, two, three];
    expect(told(await looks(7)).flat()).toEqual([`resolved SERVER_101 critical ${four}`]);
  });
});
