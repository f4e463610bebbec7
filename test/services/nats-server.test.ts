import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startChild } from './child.ts';
import { loopback } from './loopback.ts';
import { connect } from './nats-client.ts';
import { natsVersions, startNatsServer } from './nats-server.ts';
import type { NatsServer, NatsServerOptions } from './nats-server.ts';
import { isAlive, temporaryFolder } from './temporary-folder.ts';
import { waitFor } from './wait.ts';

const started: NatsServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function start(options: NatsServerOptions): Promise<NatsServer> {
  const server = await startNatsServer(options);
  started.push(server);
  return server;
}

describe.each(natsVersions)('nats-server %s', (version) => {
  it('starts on ports the system chose and says which', async () => {
    const server = await start({
      version,
      name: 'n1',
      config: (ports) => `cluster { name: c, listen: "${loopback}:${ports.cluster}" }
leafnodes { listen: "${loopback}:${ports.leaf}" }`,
    });
    expect(await server.get('/varz')).toMatchObject({
      server_name: 'n1',
      version: server.version,
      port: server.clientPort,
      cluster: { cluster_port: server.clusterPort },
      leaf: { port: server.leafPort },
    });
    expect(Object.values(server.ports).every((port) => port > 0)).toBe(true);
  });

  it('keeps its ports over a restart, and nothing else', async () => {
    const server = await start({ version, name: 'n1' });
    const before = server.pid;
    await (await connect({ port: server.clientPort })).end();
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await server.get('/varz')).toMatchObject({ port: server.clientPort, total_connections: 0 });
  });

  it('waits for a port that the system has lent to somebody else meanwhile', async () => {
    const server = await start({ version, name: 'n1' });
    await server.stop();
    const other = createServer().listen(server.clientPort, loopback);
    await once(other, 'listening');
    const restarted = server.restart();
    await waitFor('the port to be found taken', async () =>
      /address already in use/.test(await server.log()),
    );
    other.close();
    await restarted;
    expect(await server.get('/varz')).toMatchObject({ port: server.clientPort });
  });

  it('takes a new configuration, and says what is wrong with one it refuses', async () => {
    const server = await start({ version, name: 'n1', config: () => 'max_connections: 10' });
    await server.reload(() => 'max_connections: 20');
    await expect(server.reload(() => 'max_connections: [')).rejects.toThrow(
      'Failed to reload server configuration',
    );
    expect(await server.get('/varz')).toMatchObject({ max_connections: 20 });
  });

  it('drains in lame-duck mode and ends by itself', async () => {
    const server = await start({
      version,
      name: 'n1',
      config: () => 'lame_duck_duration: "30s"\nlame_duck_grace_period: "10ms"',
    });
    await server.lameDuck();
    expect(await server.exited).toBe(0);
  });

  it('can be frozen, and stopped while it is', async () => {
    const server = await start({ version, name: 'n1' });
    await server.pause();
    await expect(
      fetch(`${server.monitoringUrl}/varz`, { signal: AbortSignal.timeout(300) }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    await server.stop();
    expect(server.isRunning()).toBe(false);
  });
});

it('says what the server said when it cannot start', async () => {
  await expect(start({ version: '2.15.1', name: 'n1', config: () => 'nonsense: [' })).rejects.toThrow(
    /n1 did not start: nats-server: Parse error/,
  );
});

it('does not outlive the process that started it, even when that is killed', async () => {
  const logFile = path.join(temporaryFolder('orphan'), 'parent.log');
  const parent = await startChild({
    command: process.execPath,
    args: [
      '--input-type=module',
      '--eval',
      `import { startNatsServer } from ${JSON.stringify(path.join(import.meta.dirname, 'nats-server.ts'))};
       console.log('pid', (await startNatsServer({ version: '2.15.1', name: 'orphan' })).pid);
       setInterval(() => {}, 1000);`,
    ],
    logFile,
  });
  const pid = await waitFor('the other process to start a server', async () => {
    const said = /pid (\d+)/.exec(await readFile(logFile, 'utf8'));
    return said === null ? undefined : Number(said[1]);
  });
  parent.signal('SIGKILL');
  await waitFor('the server to end', () => !isAlive(pid));
});
