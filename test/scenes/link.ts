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

/** Carries connections to a port of loopback. */
export async function startLink(toPort: number): Promise<Link> {
  const ways = new Set<Way>();
  const server = createServer((near) => {
    const way = carry(near, connect(toPort, loopback));
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

function carry(near: Socket, far: Socket): Way {
  let isLost = false;
  const sockets = [near, far];
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('data', (data) => {
      if (!isLost && !to.destroyed) to.write(data);
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
