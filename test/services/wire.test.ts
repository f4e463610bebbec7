import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { loopback } from './loopback.ts';
import { openWire, type Wire } from './wire.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

type Greeting = {
  readonly wire: Wire;
  readonly server: Socket;
  readonly port: number;
  /** All that the client has sent. */
  readonly heard: () => string;
};

/** A server that greets, and gives its side of the connection once the client is known to it. */
async function greeting(): Promise<Greeting> {
  let said = '';
  const accepted = Promise.withResolvers<Socket>();
  const listener = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined).on('data', (bytes) => (said += bytes.toString()));
    socket.write('INFO {"client_id":7,"server_name":"n1"}\r\n');
    accepted.resolve(socket);
  });
  await once(listener.listen(0, loopback), 'listening');
  const { port } = listener.address() as AddressInfo;
  const wire = openWire({ port });
  const server = await accepted.promise;
  stop = () => {
    server.destroy();
    listener.close();
  };
  await wire.greeted;
  return { wire, server, port, heard: () => said };
}

const received = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('data', () => resolve()));
const farewell = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('end', () => resolve()));

describe('a wire', () => {
  it('answers PING', async () => {
    const { server, heard } = await greeting();
    server.write('PING\r\n');
    await received(server);
    expect(heard()).toBe('PONG\r\n');
  });

  it('that has said farewell leaves the PINGs after it unanswered, and ends as it would have', async () => {
    const { wire, server, heard } = await greeting();
    const ended = wire.end();
    await farewell(server);
    server.end("PING\r\n-ERR 'Stale Connection'\r\n");
    await ended;
    expect([heard(), await wire.closed, wire.failure()]).toEqual(['', 'Stale Connection', undefined]);
  });

  it.each([
    ['ends', (server: Socket) => server.end()],
    ['resets', (server: Socket) => server.resetAndDestroy()],
  ])('that the server %s loses what is sent afterwards, without a word', async (_, leave) => {
    const { wire, server } = await greeting();
    leave(server);
    await wire.closed;
    wire.send('SUB orders 1\r\n');
    void wire.ping('PUB orders 2\r\n', '{}', '\r\n');
    await wire.end();
    wire.destroy();
    expect(await wire.closed).toBe('');
  });

  it('to a port where nobody listens is closed, with the reason', async () => {
    const { wire: before, port } = await greeting();
    stop();
    await before.closed;
    const wire = openWire({ port });
    expect([await wire.closed, wire.failure()]).toMatchObject(['', { code: 'ECONNREFUSED' }]);
  });
});
