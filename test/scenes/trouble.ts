import { frozenClient } from '../services/client-process.ts';
import type { ClientProcess } from '../services/client-process.ts';
import { refusal } from '../services/nats-client.ts';
import type { NatsServer, NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { populate } from './healthy.ts';
import { startQuickLoop } from './looping-leaf.ts';
import type { LoopingLeaf } from './looping-leaf.ts';
import { closedRows, leafnodesAre, varz } from './observed.ts';
import { beSlow } from './slow-consumer.ts';
import { stoppingOnFailure } from './stopping.ts';
import { startTwoHubs } from './two-hubs.ts';
import type { TwoHubs } from './two-hubs.ts';

export type TroubleOptions = {
  readonly version: NatsVersion;
  /** How often the looping leaf must have been closed before the scene counts as ready, at 2.1 s each. */
  readonly loops?: number;
  /** How many PINGs, 4 s apart, who hangs may leave without an answer: fewer than who is merely slow. */
  readonly pings?: number;
};

export type Trouble = TwoHubs & {
  readonly loop: LoopingLeaf;
  readonly frozen: ClientProcess;
  /** Stops leaf2 and resolves when its hub has seen it go. */
  stopLeaf(): Promise<void>;
};

/** The names of those in trouble, as they stand in `/connz`. */
export const troubled = {
  wrongPassword: 'billing-old',
  slowConsumer: 'report-writer',
  frozen: 'thumbnailer',
  looping: 'edge-loop',
} as const;

const authenticationFailures = 52;
const maxConnections = 20;

/**
 * Two hubs with two leafnodes and everything at once that operators meet:
 * hub1 has a client with a wrong password that does not give up, a slow consumer, a client that hangs and is found stale,
 * and a leaf in a reconnect loop; hub2 is near its `max_connections` and has refused a client for it; some clients are
 * unnamed. Resolves when the hubs' own figures and closed rings show all of that.
 */
export async function startTrouble({ version, loops = 3, pings = 3 }: TroubleOptions): Promise<Trouble> {
  const hubs = await startTwoHubs({
    version,
    hubConfig: {
      hub1: `ping_interval: "4s"\nping_max: ${pings}\nwrite_deadline: "1s"\nmax_pending: 1MB`,
      hub2: `max_connections: ${maxConnections}`,
    },
  });
  const { hub1, hub2, leaf2 } = hubs;
  let loop: LoopingLeaf | undefined;
  let frozen: ClientProcess | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all([frozen?.kill(), loop?.stop()]);
    await hubs.stop();
  };
  return stoppingOnFailure(stop, async () => {
    await populate(hubs);
    const hanging = { name: troubled.frozen, user: 'app', pass: 'app', subject: 'images.*' };
    frozen = await frozenClient({ port: hub1.clientPort, ...hanging, ...fromAddress('127.0.0.8') });
    await Promise.all([
      failAuthentication(hub1),
      haveSlowConsumer(hubs),
      beUnnamed(hubs),
      exceedConnections(hubs),
    ]);
    await Promise.all([
      closedTimes(hub1, authenticationFailures, 'Authentication Failure', troubled.wrongPassword),
      closedTimes(hub1, 1, 'Slow Consumer', troubled.slowConsumer),
      closedTimes(hub1, 1, 'Stale Connection', troubled.frozen),
      closedTimes(hub2, 1, 'Maximum Connections Exceeded'),
    ]);
    // Last, so that how often it goes round does not hang on how long the others take.
    loop = startQuickLoop(hub1, { name: troubled.looping, ...fromAddress('127.0.0.9') });
    await closedTimes(hub1, loops, 'Client Closed', troubled.looping);
    return {
      ...hubs,
      loop,
      frozen,
      stop,
      async stopLeaf() {
        const before = (await varz(hub2)).leafnodes;
        await leaf2.stop();
        await leafnodesAre(hub2, before - 1);
        // "Client Closed", or "Read Error" where the hub had sent what the leaf server did not read any more.
        await closedTimes(hub2, 1, '', leaf2.name);
      },
    };
  });
}

/** Distinct addresses for distinct hosts; only Linux has all of 127.0.0.0/8 without setting it up. */
function fromAddress(localAddress: string): { readonly localAddress?: string } {
  return process.platform === 'linux' ? { localAddress } : {};
}

/** Resolves when the closed ring has this many rows with a reason that begins so, of that name if given. */
async function closedTimes(server: NatsServer, times: number, reason: string, name?: string): Promise<void> {
  await waitUntil(
    `${server.name} to close ${name ?? 'a connection'} with ${reason} ${times} times`,
    async () => {
      const rows = await closedRows(server);
      return rows.filter((row) => row.reason.startsWith(reason) && (name === undefined || row.name === name))
        .length;
    },
    (closes) => closes >= times,
  );
}

async function failAuthentication(hub: NatsServer): Promise<void> {
  for (let attempt = 0; attempt < authenticationFailures; attempt += 1) {
    await refusal({
      port: hub.clientPort,
      name: troubled.wrongPassword,
      user: 'billing',
      pass: 'outdated',
      ...fromAddress('127.0.0.7'),
    });
  }
}

async function haveSlowConsumer({ hub1, client }: TwoHubs): Promise<void> {
  const reader = await client(hub1, { name: troubled.slowConsumer, ...fromAddress('127.0.0.6') });
  await beSlow(hub1, { reader, writer: await client(hub1, { name: 'report-source' }) });
}

async function beUnnamed(hubs: TwoHubs): Promise<void> {
  await Promise.all([1, 2, 3].map(() => hubs.client(hubs.hub1)));
  const leaving = await Promise.all([1, 2].map(() => hubs.client(hubs.hub1)));
  await Promise.all(leaving.map((client) => client.end()));
}

/** Fills hub2 to its limit, is refused once more, and leaves it at 85 % of the limit. */
async function exceedConnections({ hub2, client }: TwoHubs): Promise<void> {
  const room = maxConnections - (await varz(hub2)).connections;
  const burst = await Promise.all(Array.from({ length: room }, () => client(hub2, { name: 'web-burst' })));
  await refusal({ port: hub2.clientPort, name: 'web-burst', user: 'app', pass: 'app' });
  const leaving = Math.round(maxConnections * 0.15);
  await Promise.all(burst.slice(0, leaving).map((one) => one.end()));
  await waitUntil(
    'hub2 to be at 85 % of its connections',
    async () => (await varz(hub2)).connections,
    (connections) => connections === maxConnections - leaving,
  );
}
