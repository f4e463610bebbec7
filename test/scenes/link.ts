import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { loopback } from '../services/loopback.ts';

/** A way to a server at another address, as a load balancer is, or a link that breaks without a word. */
export type Link = {
  readonly port: number;
  /** From now on what it carries is lost, and neither end hears of it; whoever connects anew gets through. */
  loseAll(): void;
  readonly stop: () => Promise<void>;
};

/** What comes out for what goes in, of one direction of a connection. */
export type Passing = (data: Buffer) => Buffer;

/**
 * Carries connections to a port of loopback.
 * @param passing made for each direction of each connection
 */
export async function startLink(
  toPort: number,
  passing: () => Passing = () => (data) => data,
): Promise<Link> {
  const ways = new Set<Way>();
  const server = createServer((near) => {
    const way = carry(near, connect(toPort, loopback), passing);
    ways.add(way);
  }).listen(0, loopback);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    loseAll: () => {
      for (const way of ways) way.lose();
    },
    async stop() {
      for (const way of ways) way.end();
      server.close();
      await once(server, 'close');
    },
  };
}

type Way = { readonly lose: () => void; readonly end: () => void };

function carry(near: Socket, far: Socket, passing: () => Passing): Way {
  let isLost = false;
  const sockets = [near, far];
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    const pass = passing();
    from.on('data', (data) => {
      const passed = pass(data);
      if (passed.length > 0 && !isLost && !to.destroyed) to.write(passed);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (!isLost) to.destroy();
    });
  }
  return {
    lose: () => {
      isLost = true;
    },
    end: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
