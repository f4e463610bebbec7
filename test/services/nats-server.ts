import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { loopback } from './loopback.ts';
import { natsServer } from './nats-binary.ts';
import type { NatsVersion } from './nats-binary.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { Hopeless, waitFor, waitUntil } from './wait.ts';

export { natsServer, natsVersions, newestNatsVersion } from './nats-binary.ts';
export type { NatsBinary, NatsVersion } from './nats-binary.ts';

/** Ports of one server; -1 lets the system choose, 0 is none. */
export type ServerPorts = {
  readonly client: number;
  readonly monitoring: number;
  readonly cluster: number;
  readonly leaf: number;
};

export type NatsServerOptions = {
  readonly version: NatsVersion;
  /** `server_name` of the server. */
  readonly name: string;
  /**
   * Configuration beyond `server_name`, `listen` and `http`. A cluster or leafnode listener takes its port from `ports`,
   * which are -1 at first and the ports once learned when the server is restarted.
   */
  readonly config?: (ports: ServerPorts) => string;
  /**
   * Its configuration and log go to a folder of its name in here: a fresh temporary folder unless given. It works there,
   * so that a relative `store_dir` lies there and tells nothing of the machine.
   */
  readonly dir?: string;
  /** The loopback address where it listens; that of all tests' servers unless given. */
  readonly host?: string;
  /** Where it is to be the one of another server, at another address. */
  readonly monitoringPort?: number;
};

export type NatsServer = {
  readonly name: string;
  /** The version the server says it has. */
  readonly version: string;
  readonly pid: number;
  readonly monitoringUrl: string;
  readonly ports: ServerPorts;
  readonly clientPort: number;
  readonly leafPort: number;
  readonly clusterPort: number;
  readonly logFile: string;
  /** Resolves when the running process ends. */
  readonly exited: Promise<number | NodeJS.Signals>;
  isRunning(): boolean;
  log(): Promise<string>;
  /** GET of a monitoring path: `/varz`. */
  get(path: string): Promise<unknown>;
  /** Takes another configuration and waits until the server has it. Throws what the server says against it. */
  reload(config: (ports: ServerPorts) => string): Promise<void>;
  /** Begins to drain, and waits until the server says so. */
  lameDuck(): Promise<void>;
  readonly stop: () => Promise<void>;
  /** SIGKILL: no farewell to anyone. */
  kill(): Promise<void>;
  /** Ends it if it runs, and starts it again on the same ports with a memory of nothing, as another version if one is given. */
  restart(as?: NatsVersion): Promise<void>;
  /** SIGSTOP: sockets stay open, nothing answers. */
  pause(): Promise<void>;
  resume(): void;
};

const anyPorts: ServerPorts = { client: -1, monitoring: -1, cluster: -1, leaf: -1 };

/** Starts a nats-server on loopback and waits until its monitoring answers. Stop it in `afterAll`. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  let binary = await natsServer(options.version);
  const dir = path.resolve(options.dir ?? temporaryFolder('nats'), options.name);
  await mkdir(dir, { recursive: true });
  const logFile = path.join(dir, 'nats-server.log');
  const configFile = path.join(dir, 'nats-server.conf');
  let config = options.config;
  let child: Child;
  let isDraining = false;
  // A reload must repeat the ports of the start word by word, -1 included.
  let configured: ServerPorts = { ...anyPorts, monitoring: options.monitoringPort ?? -1 };
  const host = options.host ?? loopback;

  const log = (): Promise<string> => readFile(logFile, 'utf8');
  const writeConfig = (): Promise<void> =>
    writeFile(
      configFile,
      [
        `server_name: ${JSON.stringify(options.name)}`,
        `listen: "${host}:${configured.client}"`,
        `http: "${host}:${configured.monitoring}"`,
        config?.(configured) ?? '',
        '',
      ].join('\n'),
    );
  const said = (what: RegExp, from: number): Promise<string> =>
    waitFor(`${options.name} to log ${what}`, async () => what.exec((await log()).slice(from))?.[0]);

  async function start(): Promise<ServerPorts> {
    await removePortsFiles(dir);
    await writeConfig();
    isDraining = false;
    child = await startChild({
      command: binary.path,
      args: ['--config', configFile, '--ports_file_dir', dir],
      logFile,
      cwd: dir,
    });
    try {
      return await learnPorts(dir, child);
    } catch (cause) {
      await child.stop();
      const end = (await log()).trim().split('\n').slice(-5).join('\n');
      throw new Error(`nats-server ${binary.version} ${options.name} did not start: ${end}`, { cause });
    }
  }

  /** The system may have lent a port meanwhile, to a connection or to another server. */
  const startUnlessTaken = (): Promise<boolean> =>
    start().then(
      () => true,
      (cause: unknown) => {
        if (/address already in use/.test(String(cause))) return false;
        throw new Hopeless(String(cause), { cause });
      },
    );

  async function kill(): Promise<void> {
    child.signal('SIGKILL');
    await child.exited;
  }

  // While it drains, nats-server heeds no signal: its one reader of signals is busy draining.
  const stop = (): Promise<void> => (isDraining ? kill() : child.stop());

  const ports = await start();
  return {
    name: options.name,
    get version() {
      return binary.version;
    },
    get pid() {
      return child.pid;
    },
    get exited() {
      return child.exited;
    },
    ports,
    monitoringUrl: `http://${host}:${ports.monitoring}`,
    clientPort: ports.client,
    leafPort: ports.leaf,
    clusterPort: ports.cluster,
    logFile,
    isRunning: () => child.isRunning(),
    log,
    get: (request) => getJson(`http://${host}:${ports.monitoring}${request}`),
    async reload(next) {
      const before = config;
      const from = (await log()).length;
      config = next;
      await writeConfig();
      child.signal('SIGHUP');
      const line = await said(/Reloaded server configuration|Failed to reload server configuration.*/, from);
      if (line.startsWith('Failed')) {
        config = before;
        throw new Error(`${options.name}: ${line}`);
      }
    },
    async lameDuck() {
      const from = (await log()).length;
      isDraining = true;
      child.signal('SIGUSR2');
      await said(/Entering lame duck mode/, from);
    },
    stop,
    kill,
    async restart(as) {
      if (as !== undefined) binary = await natsServer(as);
      await stop();
      configured = ports;
      await waitUntil(`the ports of ${options.name} to be free`, startUnlessTaken, (isStarted) => isStarted);
    },
    pause: () => child.freeze(),
    resume: () => child.signal('SIGCONT'),
  };
}

/** The ports file has client and monitoring ports; the cluster's and the leafnodes' are in `/varz`, by the same start. */
async function learnPorts(dir: string, child: Child): Promise<ServerPorts> {
  return waitFor('its ports', async () => {
    if (!child.isRunning()) throw new Hopeless('it ended');
    const file = (await readdir(dir)).find((name) => name.endsWith(portsSuffix));
    if (file === undefined) return undefined;
    const written = JSON.parse(await readFile(path.join(dir, file), 'utf8')) as {
      readonly nats: readonly string[];
      readonly monitoring: readonly string[];
    };
    const monitoring = new URL(written.monitoring[0] ?? '');
    const varz = (await getJson(`${monitoring.origin}/varz`)) as {
      readonly port: number;
      readonly cluster?: { readonly cluster_port?: number };
      readonly leaf?: { readonly port?: number };
    };
    return {
      client: varz.port,
      monitoring: Number(monitoring.port),
      cluster: varz.cluster?.cluster_port ?? 0,
      leaf: varz.leaf?.port ?? 0,
    };
  });
}

const portsSuffix = '.ports';

async function removePortsFiles(dir: string): Promise<void> {
  const left = await readdir(dir);
  await Promise.all(
    left.filter((name) => name.endsWith(portsSuffix)).map((name) => rm(path.join(dir, name))),
  );
}

async function getJson(url: string): Promise<unknown> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  return reply.json();
}
