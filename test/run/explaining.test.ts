import { describe, expect, it } from 'vitest';
import { atLeast, defineDiagnosis, explaining, measured, minutes, window } from '../../lambdas/define.ts';
import type { Check, ClosedConnection } from '../../lambdas/define.ts';
import { run } from '../../lambdas/run/run.ts';
import { closingServer, type ClosingServer } from '../readings/closing-server.ts';
import { checkOf, fakeWorld, minute, watchOf, type Answers } from '../engine/fake-ports.ts';
import { failing, firstMinute } from '../kit.ts';

const limits = { many: atLeast({ info: 5, warning: 10 }, { unit: 'count', of: 'connections' }) };
const texts = {
  title: '',
  for: minutes(0),
  why: '',
  remedy: '',
  describe: () => ({ summary: '', evidence: [], commands: { nats: '', curl: '' } }),
};
const entriesOf = (rows: readonly ClosedConnection[]) =>
  rows.map(({ stoppedAt }) => ({ key: 'closed', at: stoppedAt }));

/** Too many connections of a server, explained by what closed in the last ten minutes; with MQTT that is counted. */
const ofServer = defineDiagnosis({
  ...texts,
  id: 'SERVER_901',
  scope: 'server',
  reads: {
    closed: explaining(
      minutes(10),
      ({ mqtt, stale_connections: stale = 0 }, isKnown) => mqtt.port > 0 || (!isKnown && stale > 0),
    ),
  },
  history: { closed: window(minutes(10)) },
  limits,
  evaluate({ target: { name }, varz, closed, history }) {
    const { total } = history.closed(closed?.ok === true ? entriesOf(closed.value.rows) : []);
    const read = closed === null ? 'not read' : closed.ok ? 'read' : closed.failure.code;
    const entity = { kind: 'server', name } as const;
    return measured(`${read}, ${total} closed`, [
      { limit: 'many', entity, value: varz.connections, data: null },
    ]);
  },
});

/** The same of the cluster's worst server. */
const ofCluster = defineDiagnosis({
  ...texts,
  id: 'CLUSTER_901',
  scope: 'cluster',
  reads: { closed: explaining(minutes(10)) },
  history: { closed: window(minutes(10)) },
  limits,
  evaluate({ servers, history }) {
    const { total } = history.closed(
      servers.flatMap(({ closed }) => (closed?.ok === true ? entriesOf(closed.value.rows) : [])),
    );
    const value = Math.max(...servers.map(({ varz }) => varz.connections));
    const read = servers.filter(({ closed }) => closed !== null).map(({ target }) => target.name);
    const entity = { kind: 'cluster', name: 'c1' } as const;
    return measured(`read: ${read.join(', ')}; ${total} closed`, [
      { limit: 'many', entity, value, data: null },
    ]);
  },
});

/** Runs of a check, a minute apart, of servers that were known before. */
async function watching(check: Check, servers: Readonly<Record<string, ClosingServer>>) {
  const names = Object.keys(servers);
  const world = fakeWorld();
  let at = 0;
  const look = async (varzs: Readonly<Record<string, Answers['varz']>> = {}, answers: Answers = {}) => {
    world.answers = Object.fromEntries(
      names.map((name) => [name, { closed: servers[name]?.page, varz: varzs[name] ?? {}, ...answers }]),
    ) as typeof world.answers;
    const before = world.reads.length;
    const now = () => minute(at);
    const report = await run(check, watchOf(check, names), { ...world.ports(), now }, minute(at));
    at += 1;
    for (const server of Object.values(servers)) server.pass(minutes(1));
    return {
      seen: report?.entries.flatMap(({ diagnoses }) => diagnoses.map(({ seen }) => seen)),
      rings: world.reads.slice(before).filter((read) => read.includes('state=closed')).length,
    };
  };
  await look();
  return look;
}
const few = { connections: 4 };
const some = { connections: 9 };
const many = { connections: 10 };

describe('what only explains', () => {
  it.each([
    [0, 0],
    [1, 1],
  ])('is read of a server that is not known yet where it decides then: %s stale', async (stale, rings) => {
    const check = checkOf({ diagnoses: [ofServer] });
    const varz = { ...few, stale_connections: stale };
    const world = fakeWorld({ n1: { closed: closingServer().page, varz } });
    const read = () => world.reads.filter((path) => path.includes('closed')).length;
    await run(check, watchOf(check), world.ports(), firstMinute);
    const atFirst = read();
    await run(check, watchOf(check), world.ports(), firstMinute + minutes(1));
    expect([atFirst, read()]).toEqual([rings, rings]);
  });

  it('is read in the first run of all where that finds something', async () => {
    const check = checkOf({ diagnoses: [ofServer] });
    const world = fakeWorld({ n1: { closed: closingServer().page, varz: many } });
    const report = await run(check, watchOf(check), world.ports(), firstMinute);
    expect(report?.entries.flatMap(({ diagnoses }) => diagnoses.map(({ seen }) => seen))).toEqual([
      'read, 0 closed',
    ]);
  });

  it('is not read while nothing is found, nor for what nobody is told', async () => {
    const look = await watching(checkOf({ diagnoses: [ofServer] }), { n1: closingServer() });
    expect([await look({ n1: few }), await look({ n1: some })]).toEqual([
      { seen: ['not read, 0 closed'], rings: 0 },
      { seen: ['not read, 0 closed'], rings: 0 },
    ]);
  });

  it('is read in the run that finds something, with what closed before that, each row once', async () => {
    const server = closingServer();
    const look = await watching(checkOf({ diagnoses: [ofServer] }), { n1: server });
    server.close(3);
    await look({ n1: few });
    await look({ n1: few });
    expect(await look({ n1: many })).toEqual({ seen: ['read, 3 closed'], rings: 1 });
    server.close(2);
    expect(await look({ n1: many })).toEqual({ seen: ['read, 5 closed'], rings: 1 });
    server.close(1);
    expect(await look({ n1: few })).toEqual({ seen: ['not read, 5 closed'], rings: 0 });
    expect(await look({ n1: many })).toEqual({ seen: ['read, 6 closed'], rings: 1 });
  });

  it('goes back no further than what it explains', async () => {
    const server = closingServer();
    const look = await watching(checkOf({ diagnoses: [ofServer] }), { n1: server });
    server.close(2_000);
    for (let i = 0; i < 7; i += 1) await look({ n1: few });
    server.close(300);
    for (let i = 0; i < 4; i += 1) await look({ n1: few });
    expect(await look({ n1: many })).toEqual({ seen: ['read, 300 closed'], rings: 2 });
  });

  it('is told as not read where that fails, and read by the next run', async () => {
    const server = closingServer();
    const look = await watching(checkOf({ diagnoses: [ofServer] }), { n1: server });
    server.close(3);
    expect((await look({ n1: many }, { closed: failing() })).seen).toEqual(['timeout, 0 closed']);
    expect((await look({ n1: many })).seen).toEqual(['read, 3 closed']);
  });

  it('is read of the server that it is about', async () => {
    const look = await watching(checkOf({ diagnoses: [ofServer] }), {
      n1: closingServer(),
      n2: closingServer(),
    });
    expect(await look({ n1: few, n2: many })).toEqual({
      seen: ['not read, 0 closed', 'read, 0 closed'],
      rings: 1,
    });
  });

  it('is read of every server for what is found of the cluster', async () => {
    const look = await watching(checkOf({ diagnoses: [ofCluster] }), {
      n1: closingServer(),
      n2: closingServer(),
    });
    expect(await look({ n1: few, n2: few })).toEqual({ seen: ['read: ; 0 closed'], rings: 0 });
    expect(await look({ n1: few, n2: many })).toEqual({ seen: ['read: n1, n2; 0 closed'], rings: 2 });
  });

  it('is shown to every diagnosis that it may explain something of: rows are read once', async () => {
    const server = closingServer();
    const look = await watching(
      checkOf({
        diagnoses: [
          ofServer,
          {
            ...ofServer,
            id: 'SERVER_902',
            limits: {
              many: atLeast({ warning: 20 }, { unit: 'count', of: 'connections' }),
            },
          },
        ],
      }),
      { n1: server },
    );
    server.close(3);
    expect(await look({ n1: many })).toEqual({ seen: ['read, 3 closed', 'read, 3 closed'], rings: 1 });
    expect(await look({ n1: { connections: 20 } })).toEqual({
      seen: ['read, 3 closed', 'read, 3 closed'],
      rings: 1,
    });
  });

  it('is read in every run of a server of which it decides', async () => {
    const server = closingServer();
    const look = await watching(checkOf({ diagnoses: [ofServer] }), { n1: server });
    const mqtt = { ...few, mqtt: { port: 1_883 } };
    server.close(3);
    expect([await look({ n1: mqtt }), await look({ n1: mqtt }), await look({ n1: few })]).toEqual([
      { seen: ['read, 3 closed'], rings: 1 },
      { seen: ['read, 3 closed'], rings: 1 },
      { seen: ['not read, 3 closed'], rings: 0 },
    ]);
  });

  it('is not asked for of a server that does not answer', async () => {
    const look = await watching(checkOf({ diagnoses: [ofCluster] }), {
      n1: closingServer(),
      n2: closingServer(),
    });
    expect(await look({ n1: many, n2: failing() })).toEqual({
      seen: ['read: n1; 0 closed; n2 could not be read'],
      rings: 1,
    });
  });
});

describe('accounts of closed connections', () => {
  const check = checkOf({
    diagnoses: [{ ...ofServer, reads: { closed: explaining(minutes(10), () => true) } }],
  });
  const asks = async (row: Partial<ClosedConnection>, varz: Answers['varz'] = {}) => {
    const server = closingServer();
    server.close();
    const page: NonNullable<Answers['closed']> = (asked) => {
      const found = server.page(asked);
      return { ...found, connections: found.connections.map((each) => ({ ...each, ...row })) };
    };
    const world = fakeWorld({ n1: { closed: page, varz } });
    await run(check, watchOf(check), world.ports(), firstMinute);
    return world.reads.filter((read) => read.includes('auth=1')).length;
  };

  it.each([
    ['a client that hung up', { name: 'billing', reason: 'Client Closed' }, 0],
    ['a client that a drain sent away', { name: 'billing', reason: 'Server Shutdown' }, 0],
    ['a client that was too slow', { name: 'billing', reason: 'Slow Consumer (Pending Bytes)' }, 1],
    ['an MQTT client that fell silent', { mqtt_client: 'dev1', reason: 'Read Error' }, 1],
    ['one that said nothing', { reason: 'Read Error' }, 0],
    ['a leafnode', { kind: 'Leafnode', name: 'leaf1', reason: 'Client Closed' }, 1],
    ['a health check of the port for leafnodes', { kind: 'Leafnode', reason: 'Client Closed' }, 0],
  ])('are asked for where they matter: %s', async (_, row, times) => {
    expect(await asks(row)).toBe(times);
  });

  it('are asked for of leafnodes without a name where the server dials any', async () => {
    const leaf = { remotes: [{ local_account: 'A', urls: ['10.0.0.1:7422'] }] };
    expect(await asks({ kind: 'Leafnode', reason: 'Client Closed' }, { leaf })).toBe(1);
  });
});
