import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** `I` of `INFO`, which no TLS record begins with. */
const greets = 0x49;
const longestGreeting = 64 * 1024;

/**
 * A connection to nats-server on which TLS can begin at once. Its client and leafnode ports say INFO in clear before, unless
 * `handshake_first` is set; that line is left out. The other ports begin with TLS.
 */
export function withoutGreeting(socket: Socket): Duplex {
  let greeting: Buffer | null = Buffer.alloc(0);
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  const pass = (bytes: Buffer): void => {
    if (bytes.length > 0 && !stream.push(bytes)) socket.pause();
  };
  socket.on('data', (chunk: Buffer) => {
    if (greeting === null) {
      pass(chunk);
      return;
    }
    greeting = Buffer.concat([greeting, chunk]);
    const end = greeting[0] === greets ? greeting.indexOf('\n') + 1 : 0;
    if (greeting[0] === greets && end === 0) {
      if (greeting.length > longestGreeting) stream.destroy(new Error('a line that does not end'));
      return;
    }
    const rest = greeting.subarray(end);
    greeting = null;
    pass(rest);
  });
  socket.on('end', () => void stream.push(null));
  socket.on('error', (error) => void stream.destroy(error));
  return stream;
}
