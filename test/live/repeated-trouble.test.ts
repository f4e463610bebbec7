import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import { startLameDuck, type LameDuck } from '../scenes/lame-duck.ts';
import { closedRows, ringReaches } from '../scenes/observed.ts';
import { beSlow } from '../scenes/slow-consumer.ts';
import { connect, refusal } from '../services/nats-client.ts';
import { startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

const check = 'connection-stopped';
const essential = ['2.15.1', '2.10.27'] as const;

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

async function start(version: NatsVersion, config: string, name = 'n1'): Promise<NatsServer> {
  const server = await startNatsServer({ version, name, config: () => config });
  stopping.push(() => server.stop());
  return server;
}

const subjects = (looks: readonly LiveLook[]) =>
  looks.map(({ messages }) => messages.map(({ subject }) => subject));

describe.each(essential)('a client with a wrong password, on nats-server %s', (version) => {
  it('is quiet at 49 refusals and a warning at 50, on whichever servers, reported once by its name', async () => {
    const users = 'accounts { APP { users: [{ user: app, password: app }] } }';
    const [n1, n2] = [await start(version, users, 'n1'), await start(version, users, 'n2')];
    const watch = watchingLive(check, targetsOf(n1, n2));
    const beRefused = async (server: NatsServer, times: number) => {
      for (let attempt = 0; attempt < times; attempt += 1) {
        await refusal({ port: server.clientPort, name: 'billing-old', user: 'billing', pass: 'outdated' });
      }
    };
    await watch.look();
    await beRefused(n1, 49);
    await ringReaches(n1, 49);
    const quiet = await watch.look();
    await beRefused(n2, 1);
    await ringReaches(n2, 1);
    const looks = [quiet, await watch.look(), await watch.look()];
    expect(subjects(looks)).toEqual([
      [],
      ['[warning] live connection-stopped: opened CONN_101 billing-old'],
      [],
    ]);
    const finding = looks[1]?.findings.find(({ diagnosis }) => diagnosis === 'CONN_101');
    expect(finding).toMatchObject({ observed: 50, limit: 50, target: null });
    const after = [await watch.look(minutes(61)), await watch.look(), await watch.look()];
    expect(subjects(after)).toEqual([
      [],
      ['[warning] live connection-stopped: resolved CONN_101 billing-old'],
      [],
    ]);
  });
});

it('someone who tries ten names 50 times each is one critical of the address, without ten warnings beside', async () => {
  const server = await start('2.15.1', 'accounts { APP { users: [{ user: app, password: app }] } }');
  const watch = watchingLive(check, targetsOf(server));
  const guess = async (times: number) => {
    for (let i = 0; i < times; i += 1) {
      await refusal({ port: server.clientPort, name: `guess-${i % 10}`, user: 'app', pass: `guess-${i}` });
    }
  };
  await watch.look();
  await guess(499);
  await ringReaches(server, 499);
  const looks = [await watch.look()];
  await guess(1);
  await ringReaches(server, 500);
  looks.push(await watch.look(), await watch.look());
  expect(subjects(looks)).toEqual([
    ['[warning] live connection-stopped: opened CONN_101 127.0.0.1'],
    ['[critical] live connection-stopped: raised CONN_101 127.0.0.1'],
    [],
  ]);
});

describe.each(essential)('a server that is full, on nats-server %s', (version) => {
  it('warns at the first client closed for it, is critical at 20, and resolves for those who heard of it', async () => {
    const server = await start(version, 'max_connections: 2');
    const watch = watchingLive(check, targetsOf(server));
    const refuse = async (times: number) => {
      for (let i = 0; i < times; i += 1) await refusal({ port: server.clientPort, name: 'late' });
    };
    await Promise.all([1, 2].map(() => connect({ port: server.clientPort, name: 'web' })));
    await watch.look();
    await refuse(1);
    await ringReaches(server, 1);
    const looks = [await watch.look(), await watch.look()];
    await refuse(18);
    await ringReaches(server, 19);
    looks.push(await watch.look());
    await refuse(1);
    await ringReaches(server, 20);
    looks.push(await watch.look(), await watch.look());
    looks.push(await watch.look(minutes(11)), await watch.look(), await watch.look());
    expect(subjects(looks)).toEqual([
      ['[warning] live connection-stopped: opened CONN_103 max_connections of n1'],
      [],
      [],
      ['[critical] live connection-stopped: raised CONN_103 max_connections of n1'],
      [],
      [],
      ['[critical] live connection-stopped: resolved CONN_103 max_connections of n1'],
      [],
    ]);
    const json = looks.flatMap(({ messages }) =>
      messages.map((message) => JSON.parse(message.json) as unknown),
    );
    expect(json).toMatchObject([
      { severity: 'warning', notices: [{ kind: 'opened', finding: { observed: 1, limit: 1 } }] },
      { severity: 'critical', notices: [{ kind: 'raised', finding: { observed: 20, limit: 20 } }] },
      { severity: 'critical', notices: [{ kind: 'resolved', finding: { diagnosis: 'CONN_103' } }] },
    ]);
  });
});

it('slow consumers evicted in three of five minutes are critical', async () => {
  const server = await start('2.15.1', 'max_pending: 1MB');
  const watch = watchingLive(check, targetsOf(server));
  const evict = async () => {
    const before = (await closedRows(server)).length;
    const [reader, writer] = await Promise.all(
      ['report-writer', 'source'].map((name) => connect({ port: server.clientPort, name })),
    );
    if (reader && writer) await beSlow(server, { reader, writer });
    await ringReaches(server, before + 2);
  };
  await watch.look();
  const looks: LiveLook[] = [];
  for (let minute = 0; minute < 3; minute += 1) {
    await evict();
    looks.push(await watch.look());
  }
  expect(subjects(looks)).toEqual([
    ['[warning] live connection-stopped: opened CONN_102 n1'],
    [],
    ['[critical] live connection-stopped: raised CONN_102 n1'],
  ]);
});

describe.each(essential)('a hub that drains its clients (lame duck), on nats-server %s', (version) => {
  let scene: LameDuck;
  const looks: Record<string, LiveLook> = {};
  beforeAll(async () => {
    scene = await startLameDuck({ version });
    const watched = checks.map(({ id }) => [id, watchingLive(id, scene.targets)] as const);
    await Promise.all(watched.map(([, watch]) => watch.look()));
    await scene.drain(3);
    for (const [id, watch] of watched) looks[id] = await watch.look();
  });
  afterAll(() => scene.stop());

  it('is told nobody by any check', () => {
    expect(Object.values(looks).flatMap(({ reported }) => reported)).toEqual([]);
    expect(Object.values(looks).flatMap(({ outcomes }) => Object.values(outcomes))).not.toContain('unknown');
  });

  it('is shown as what it is: info, with the clients it sent away and those that the other server gained', () => {
    const drain = looks[check]?.findings.find(({ diagnosis }) => diagnosis === 'CLUSTER_101');
    expect(drain).toMatchObject({ severity: 'info', entity: { kind: 'server', name: 'hub1' } });
    expect(drain?.summary).toMatch(
      /^hub1 drains: \d+ clients sent away, \d+ left; .* \d+ more clients than before/,
    );
  });

  it('closes its clients as planned', () => {
    const closed = looks[check]?.datapoints.filter(
      ({ series, labels, value }) =>
        series === 'nats_connections_closed' && labels['server_id'] === 'hub1' && value > 0,
    );
    expect(closed?.map(({ labels }) => labels['reason_class'])).toEqual(['planned']);
  });
});
