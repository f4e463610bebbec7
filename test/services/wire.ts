import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { loopback } from './loopback.ts';
import { protocolReader, type ServerInfo } from './protocol-reader.ts';

export type WireOptions = {
  readonly port: number;
  readonly host?: string;
  /** The address to connect from: on Linux all of 127.0.0.0/8 is loopback. */
  readonly localAddress?: string;
  /** `false` leaves the server's PINGs unanswered, as a hung process does. */
  readonly answersPings?: boolean;
};

type Parts = readonly (string | Uint8Array)[];

/**
 * A connection to a port of nats-server that speaks its protocol by line. It may end at any time and from either side:
 * nothing but `connected` fails for that, and what is sent from then on is lost, as on any network.
 */
export type Wire = {
  /** Rejects when nobody takes it. */
  readonly connected: Promise<unknown>;
  /** The server's first INFO. */
  readonly greeted: Promise<ServerInfo>;
  /** Resolves when the connection is gone, with the text of the server's last -ERR, or '' if it gave none. */
  readonly closed: Promise<string>;
  /** Why the system dropped the connection, if it did. */
  readonly failure: () => Error | undefined;
  readonly messagesReceived: () => number;
  /** The payload of the last message; empty where there was none, or a large one. */
  readonly lastMessage: () => string;
  readonly send: (...parts: Parts) => void;
  /**
   * Sends these with a PING, in one piece, and resolves when the server has taken all that was sent; never once the
   * connection is gone.
   */
  readonly ping: (...before: Parts) => Promise<void>;
  /**
   * Reads nothing more: what the server sends piles up. `closed` then waits for `end` or `destroy`, for the end of the
   * connection is not read either.
   */
  readonly stopReading: () => void;
  /** Says farewell (FIN) and resolves when the connection is gone. */
  readonly end: () => Promise<void>;
  /** Drops the connection with a reset. */
  readonly destroy: () => void;
};

/** Dials at once. */
export function openWire(options: WireOptions): Wire {
  const { port, host = loopback, localAddress, answersPings = true } = options;
  const socket = dial({ port, host, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
  const connected = once(socket, 'connect');
  connected.catch(() => undefined);
  const greeted = Promise.withResolvers<ServerInfo>();
  const closed = Promise.withResolvers<string>();
  const pongs: (() => void)[] = [];
  let lastError = '';
  let failure: Error | undefined;
  let messages = 0;
  let lastMessage = '';

  const send: Wire['send'] = (...parts) => {
    if (!socket.writable) return;
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
  };
  socket.on(
    'data',
    protocolReader({
      info: greeted.resolve,
      ping: () => {
        if (answersPings) send('PONG\r\n');
      },
      pong: () => pongs.shift()?.(),
      error: (text) => (lastError = text),
      message: (payload) => {
        messages += 1;
        lastMessage = payload;
      },
    }),
  );
  socket.on('error', (error) => (failure = error));
  socket.once('close', () => closed.resolve(lastError));

  return {
    connected,
    greeted: greeted.promise,
    closed: closed.promise,
    failure: () => failure,
    messagesReceived: () => messages,
    lastMessage: () => lastMessage,
    send,
    ping(...before) {
      const answered = new Promise<void>((resolve) => pongs.push(resolve));
      send(...before, 'PING\r\n');
      return answered;
    },
    stopReading: () => void socket.pause(),
    async end() {
      socket.resume().end();
      await closed.promise;
    },
    destroy: () => void socket.resetAndDestroy(),
  };
}
