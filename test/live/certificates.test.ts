import { afterEach, describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../lambdas/define.ts';
import { alike, startTlsServer, type Ends, type TlsServer } from '../scenes/certificates.ts';
import { ringReaches } from '../scenes/observed.ts';
import { startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const started: NatsServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});
const tlsServer = async (...given: Parameters<typeof startTlsServer>): Promise<TlsServer> => {
  const made = await startTlsServer(...given);
  started.push(made.server);
  return made;
};

const every = minutes(5);
const from = (): number => Date.now();
const told = (look: LiveLook) => look.found.filter((each) => each.startsWith('SERVER_151'));
const rows = (look: LiveLook) =>
  look.findings
    .filter(({ diagnosis }) => diagnosis === 'SERVER_151')
    .flatMap(({ evidence }) =>
      evidence.map((row) => row.replace(/ \(port.*?, (by \S+).*$/, ' $1').replace(/ a$/, ' handshake')),
    );

describe.each([
  ['2.15.1', '/varz'],
  ['2.10.27', 'handshake'],
  ['2.9.10', 'handshake'],
] as const)('certificates of nats-server %s, seen by %s,', (version, by) => {
  const ends = (): Ends => ({
    client: from() + days(40),
    cluster: from() + days(6),
    gateway: from() + days(29),
    leafnodes: from() + days(31),
    websocket: from() + days(60),
    mqtt: from() + days(50),
  });

  it.each([false, true])(
    'are told of every listener, the first to expire first; asked for one: %s',
    async (verifies) => {
      const { server } = await tlsServer(version, ends(), { verifies });
      const look = await watchingLive('configuration', targetsOf(server)).look();
      expect(told(look)).toEqual(['SERVER_151 critical n1']);
      expect(look.findings.find(({ diagnosis }) => diagnosis === 'SERVER_151')?.summary).toMatch(
        /^The certificate of n1 \(cluster\) expires in 5 d 23 h, on /,
      );
      expect(rows(look)).toEqual(
        ['cluster', 'gateway', 'leafnode', 'client', 'MQTT', 'websocket'].map((name) => `${name} by ${by}`),
      );
    },
  );

  it('are told where those of MQTT and websocket alone are about to expire', async () => {
    const later = alike(from() + days(200));
    const { server } = await tlsServer(version, {
      ...later,
      mqtt: from() + days(5),
      websocket: from() + days(6),
    });
    const look = await watchingLive('configuration', targetsOf(server)).look();
    expect(told(look)).toEqual(['SERVER_151 critical n1']);
    expect(rows(look).slice(0, 2)).toEqual([`MQTT by ${by}`, `websocket by ${by}`]);
  });

  it('that are renewed on disk are told until the server is reloaded', async () => {
    const { server, renew, reload } = await tlsServer(version, alike(from() + days(20)));
    const watch = watchingLive('configuration', targetsOf(server));
    expect(told(await watch.look(every))).toEqual(['SERVER_151 warning n1']);
    renew(alike(from() + days(300)));
    expect(told(await watch.look(hours(1)))).toEqual(['SERVER_151 warning n1']);
    await reload();
    const after = [await watch.look(hours(1)), await watch.look(every)];
    expect(after.flatMap(({ reported }) => reported).filter((each) => each.includes('SERVER_151'))).toEqual([
      'resolved SERVER_151 warning n1',
    ]);
  });

  it('that are valid for long are no finding, nor is a server without TLS', async () => {
    const { server } = await tlsServer(version, alike(from() + days(200)));
    const plain = await startNatsServer({ version, name: 'n2' });
    started.push(plain);
    const look = await watchingLive('configuration', targetsOf(server, plain)).look();
    expect([told(look), answersOf(look, 'SERVER_151')]).toMatchObject([
      [],
      { n1: { outcome: 'ok' }, n2: { outcome: 'not-applicable', seen: 'no listener has TLS' } },
    ]);
  });
});

describe.each(['2.10.27', '2.9.10'] as const)('handshakes with nats-server %s', (version) => {
  it('that clients need a certificate for are few, and nothing that its closed connections are told for', async () => {
    const { server } = await tlsServer(version, alike(from() + days(200)), { verifies: true });
    const watch = watchingLive('configuration', targetsOf(server));
    for (let i = 0; i < 12; i += 1) await watch.look(every);
    const closed = (await server.get('/connz?state=closed')) as {
      readonly connections: readonly { readonly reason: string }[];
    };
    expect(closed.connections.map(({ reason }) => reason)).toEqual(Array(3).fill('TLS Handshake Failure'));
    const stopped = await watchingLive('connection-stopped', targetsOf(server)).look();
    expect(
      stopped.findings.map(({ severity }) => severity).filter((severity) => severity !== 'info'),
    ).toEqual([]);
  });

  it('leave closed connections that are counted as planned', async () => {
    const { server } = await tlsServer(version, alike(from() + days(200)));
    await watchingLive('configuration', targetsOf(server)).look();
    await ringReaches(server, 3);
    const { datapoints } = await watchingLive('connection-stopped', targetsOf(server)).look();
    const counted = datapoints.filter(
      ({ series, value }) => series === 'nats_connections_closed' && value > 0,
    );
    expect(counted.map(({ labels, value }) => [labels['reason_class'], value])).toEqual([['planned', 3]]);
  });
});
