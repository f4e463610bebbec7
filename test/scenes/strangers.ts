import { connect as dial, type Socket } from 'node:net';
import { connect as dialTls } from 'node:tls';
import { loopback } from '../services/loopback.ts';

/** Resolves when it is gone, with an error or without. */
export const gone = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

/** As a load balancer asks for a page. */
async function askHttp(port: number): Promise<void> {
  const socket = dial({ host: loopback, port });
  socket.on('error', () => undefined).resume();
  socket.write('GET /healthz HTTP/1.1\r\nHost: n1\r\n\r\n');
  await gone(socket);
}
/** As a client that begins with TLS. */
async function sayTlsHello(port: number): Promise<void> {
  const socket = dialTls({ host: loopback, port, rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await gone(socket);
}

/** Who does not speak NATS, and how they begin. */
export const strangers = [
  ['HTTP', askHttp],
  ['TLS', sayTlsHello],
] as const;
