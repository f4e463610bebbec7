import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../lambdas/define.ts';
import { clusterConfig } from '../scenes/configs.ts';
import { allHealthy } from '../scenes/jetstream/health.ts';
import { startNatsServer, type NatsServer, type ServerPorts } from '../services/nats-server.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { waitFor } from '../services/wait.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const started: NatsServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});
async function start(options: Parameters<typeof startNatsServer>[0]): Promise<NatsServer> {
  const server = await startNatsServer(options);
  started.push(server);
  return server;
}

const every = minutes(5);
const versions = ['2.15.1', '2.10.27', '2.9.10'] as const;
const told = (look: LiveLook | undefined, id: string) => look?.found.filter((each) => each.startsWith(id));

describe.each(versions)('a reload of nats-server %s', (version) => {
  it('is told where it works, with whether it changed anything where that shows; one that fails cannot be seen', async () => {
    const server = await start({ version, name: 'n1', config: () => 'max_payload: 2M' });
    const watch = watchingLive('configuration', targetsOf(server));
    await watch.look(every);
    await expect(server.reload(() => 'max_payload: 2M\nnonsense {{{')).rejects.toThrow('Failed to reload');
    expect(told(await watch.look(every), 'CHANGE_001')).toEqual([]);
    await server.reload(() => '# a comment\nmax_payload: 2M');
    const commented = await watch.look(every);
    await server.reload(() => 'max_payload: 4M');
    const changed = await watch.look(every);
    expect([commented, changed].map((look) => told(look, 'CHANGE_001'))).toEqual([
      ['CHANGE_001 info live'],
      ['CHANGE_001 info live'],
    ]);
    const words = [commented, changed].map(
      ({ findings }) => findings.find(({ diagnosis }) => diagnosis === 'CHANGE_001')?.evidence[0],
    );
    const unknown = 'whether it changed anything is not told before nats-server 2.11';
    const expected =
      version === '2.15.1'
        ? ['nothing changed, or certificates alone', 'its content changed']
        : [unknown, unknown];
    expect(words.map((row) => expected.find((each) => row?.includes(each)))).toEqual(expected);
    await server.restart();
    const restarted = await watch.look(hours(2));
    expect(told(restarted, 'CHANGE_001')).toEqual([]);
  });
});

describe.each(versions)('servers of one cluster of nats-server %s', (version) => {
  const member = (name: string, routes: readonly NatsServer[], more = '') =>
    start({ version, name, config: ({ cluster }) => `${clusterConfig('east', cluster, routes)}\n${more}` });
  const options = 'max_payload: 2M';

  it('are alike where only names, ports and folders differ, and told by option where one has others', async () => {
    const n1 = await member('n1', [], options);
    const n2 = await member('n2', [n1], options);
    const alike = await watchingLive('configuration', targetsOf(n1, n2)).look();
    expect(answersOf(alike, 'CLUSTER_121')).toEqual({ cluster: { outcome: 'ok', seen: 'configured alike' } });
    const n3 = await member('n3', [n1], 'max_payload: 8M\nping_max: 5');
    const watch = watchingLive('configuration', targetsOf(n1, n2, n3));
    const first = await watch.look();
    expect(answersOf(first, 'CLUSTER_121')['cluster']?.seen).toContain('a change may be going on');
    const later: LiveLook[] = [];
    for (let i = 0; i < 14; i += 1) later.push(await watch.look(every));
    expect(later.flatMap(({ reported }) => reported)).toEqual(['opened CLUSTER_121 warning east']);
    expect(later.at(-1)?.findings[0]?.evidence.slice(0, 2)).toEqual([
      expect.stringMatching(/^max_payload: n3 .*, the others /),
      'ping_max: n3 5, the others 2',
    ]);
    await n3.reload(({ cluster }) => `${clusterConfig('east', cluster, [n1])}\n${options}`);
    const ended = [await watch.look(every), await watch.look(every)];
    expect(ended.flatMap(({ reported }) => reported)).toEqual(['resolved CLUSTER_121 warning east']);
  });

  it('let everybody in or ask, which is told of those that can be reached', async () => {
    const open = await start({ version, name: 'n1', host: '0.0.0.0' });
    const closed = await start({
      version,
      name: 'n2',
      host: '0.0.0.0',
      config: () => 'authorization { token: s3cr3t }',
    });
    const local = await start({ version, name: 'n3' });
    const watch = watchingLive('configuration', targetsOf(open, closed, local));
    const look = await watch.look();
    expect(told(look, 'SERVER_007')).toEqual(['SERVER_007 warning live']);
    expect(look.findings.find(({ diagnosis }) => diagnosis === 'SERVER_007')?.summary).toBe(
      '1 server lets clients in without credentials: n1.',
    );
  });

  it('show a token on the monitoring port, or do not, as it is told', async () => {
    const server = await start({ version, name: 'n1', config: () => 'authorization { token: s3cr3t }' });
    const client = connect(server.clientPort, new URL(server.monitoringUrl).hostname);
    await once(client, 'data');
    client.write('CONNECT {"auth_token":"s3cr3t","verbose":false,"pedantic":false}\r\nPING\r\n');
    await once(client, 'data');
    const shown = JSON.stringify(await server.get('/connz?auth=1')).includes('s3cr3t');
    client.destroy();
    const look = await watchingLive('configuration', targetsOf(server)).look();
    expect(told(look, 'SERVER_155')).toEqual(shown ? ['SERVER_155 info live'] : []);
    expect(shown).toBe(version !== '2.15.1');
  });
});

/** What checks do not know of servers that are healthy. */
async function unknownOf(servers: readonly NatsServer[], ids: readonly string[]): Promise<readonly string[]> {
  await allHealthy(() => servers);
  const watched = ids.map((id) => watchingLive(id, targetsOf(...servers), { serversAge: true }));
  const looks = await Promise.all(watched.map((each) => each.looks(2)));
  return looks.flatMap((each) =>
    (each.at(-1)?.report.entries ?? []).flatMap(({ diagnoses }) =>
      diagnoses.flatMap(({ id, outcome, seen }) => (outcome === 'unknown' ? [`${id}: ${seen}`] : [])),
    ),
  );
}

describe('a rolling upgrade from nats-server 2.10.27 to 2.15.1 in a cluster of three', () => {
  const jetStream = 'jetstream { store_dir: data, max_memory_store: 64M, max_file_store: 64M }';

  it('is critical while entries are written that the old servers do not know, no mismatch, and silent in the end', async () => {
    const dir = temporaryFolder('upgrade');
    const first: NatsServer[] = [];
    // JetStream wants all routes from the start, so the servers start once without it to learn their ports.
    let known: readonly NatsServer[] = [];
    const config = ({ cluster }: ServerPorts) =>
      `${clusterConfig('east', cluster, known)}\n${known.length > 0 ? jetStream : ''}`;
    for (const name of ['n1', 'n2', 'n3']) first.push(await start({ version: '2.10.27', name, dir, config }));
    known = first;
    await Promise.all(first.map((server) => server.restart()));
    // Each serves on the same monitoring port all the time, as a host does whose binary is replaced.
    const watch = watchingLive('configuration', targetsOf(...first));
    const looks = [await watch.look(every)];
    const running = [...first];
    const unknown: string[] = [];
    for (const [i, old] of first.entries()) {
      await old.stop();
      const upgraded = await start({
        version: '2.15.1',
        name: old.name,
        dir,
        monitoringPort: old.ports.monitoring,
        config: () => `${clusterConfig('east', old.clusterPort, running)}\n${jetStream}`,
      });
      running[i] = upgraded;
      await waitFor('its routes', async () => {
        const { remotes } = (await upgraded.get('/varz')) as { readonly remotes: number };
        return remotes === 2 ? true : undefined;
      });
      looks.push(await watch.look(every), await watch.look(every));
      if (i === 0) unknown.push(...(await unknownOf(running, ['jetstream-meta', 'jetstream-consumers'])));
    }
    expect(unknown).toEqual([]);
    for (let i = 0; i < 3; i += 1) looks.push(await watch.look(every));
    expect(looks.flatMap(({ reported }) => reported)).toEqual([
      'opened CLUSTER_122 critical east',
      'resolved CLUSTER_122 critical east',
    ]);
    const mixed = looks.map((look) => told(look, 'CLUSTER_122')?.length);
    expect(mixed).toEqual([0, 0, 1, 1, 1, 0, 0, 0, 0, 0]);
  });
});
