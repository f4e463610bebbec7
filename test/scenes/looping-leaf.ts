import { setTimeout as pause } from 'node:timers/promises';
import { startNatsServer } from '../services/nats-server.ts';
import type { NatsServer, NatsVersion, ServerPorts } from '../services/nats-server.ts';
import { openWire } from '../services/wire.ts';
import { clusterConfig, hubCluster, leafConfig, leafConnect } from './configs.ts';
import { stoppingOnFailure } from './stopping.ts';

export type LoopingLeaf = {
  readonly name: string;
  /** The real leaf server behind it; a quick loop has none. */
  readonly server?: NatsServer;
  readonly stop: () => Promise<void>;
};

/**
 * Why a real leaf server's connection does not last, and what its hub closes it with:
 * - `bad-credentials`: `Authentication Failure`, again every second, on each hub of the cluster in turn;
 * - `loop`: connected to the hub directly and over a relay leaf: `Protocol Violation`, again every 30 s;
 *   from 2.10 on it tears down the links of innocent leafnodes as well;
 * - `same-cluster-name`: `Cluster Names Identical`, again every 30 s.
 */
export type LeafFault = 'bad-credentials' | 'loop' | 'same-cluster-name';

/** Starts a real leaf server that its hub closes again and again. */
export async function startFaultyLeaf(
  hub: NatsServer,
  fault: LeafFault,
  version: NatsVersion,
  name = 'leaf3',
): Promise<LoopingLeaf> {
  const started: NatsServer[] = [];
  const start = async (serverName: string, config: (ports: ServerPorts) => string): Promise<NatsServer> => {
    const server = await startNatsServer({ version, name: serverName, config });
    started.push(server);
    return server;
  };
  const starting: Record<LeafFault, () => Promise<NatsServer>> = {
    'bad-credentials': () => start(name, () => leafConfig({ remotes: [[hub]], user: 'nobody' })),
    loop: async () => {
      const relay = await start(`${name}-relay`, ({ leaf }) =>
        leafConfig({ remotes: [[hub]], listenPort: leaf }),
      );
      return start(name, () => leafConfig({ remotes: [[hub], [relay]] }));
    },
    'same-cluster-name': () =>
      start(name, ({ cluster }) =>
        leafConfig({
          remotes: [[hub]],
          more: clusterConfig(hubCluster, cluster, []),
        }),
      ),
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
  };
  return stoppingOnFailure(stop, async () => ({ name, server: await starting[fault](), stop }));
}

export type QuickLoopOptions = {
  readonly name?: string;
  /** How long each connection lasts after CONNECT: 2 s is where a leaf server gives up on its hub. */
  readonly lifetimeMs?: number;
  readonly pauseMs?: number;
  /** The address to connect from: on Linux all of 127.0.0.0/8 is loopback. */
  readonly localAddress?: string;
};

/**
 * A leaf that is accepted by the hub and drops its connection after `lifetimeMs`, for ever: no server, only its wire.
 * The hub sees what it sees of a leaf that gives up after 2 s: `Client Closed` of a leafnode.
 */
export function startQuickLoop(hub: NatsServer, options: QuickLoopOptions = {}): LoopingLeaf {
  const { name = 'edge-loop', lifetimeMs = 2000, pauseMs = 100, localAddress } = options;
  const ending = new AbortController();
  const looping = (async () => {
    while (!ending.signal.aborted) {
      await leafConnection(hub, name, lifetimeMs, localAddress, ending.signal);
      await pause(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    name,
    async stop() {
      ending.abort();
      await looping;
    },
  };
}

async function leafConnection(
  hub: NatsServer,
  name: string,
  lifetimeMs: number,
  localAddress: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const wire = openWire({ port: hub.leafPort, ...(localAddress === undefined ? {} : { localAddress }) });
  await Promise.race([wire.greeted, wire.closed]);
  wire.send(leafConnect(name));
  await Promise.race([pause(lifetimeMs, undefined, { signal }).catch(() => undefined), wire.closed]);
  await wire.end();
}
