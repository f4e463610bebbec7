import { connect as dial } from 'node:net';

export type ClientOptions = {
  readonly port: number;
  readonly host?: string;
  /** Absent: an unnamed client. */
  readonly name?: string;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Of a user with a bearer token: nothing is signed. */
  readonly jwt?: string;
  readonly lang?: string;
  readonly version?: string;
  readonly echo?: boolean;
  readonly verbose?: boolean;
  readonly pedantic?: boolean;
  /** `false` leaves the server's PINGs unanswered, as a hung process does. */
  readonly answersPings?: boolean;
  /** The address to connect from: on Linux all of 127.0.0.0/8 is loopback. */
  readonly localAddress?: string;
};

export type NatsClient = {
  /** The server's id of this connection, its `cid` in `/connz`. */
  readonly cid: number;
  readonly serverName: string;
  /** Resolves when the connection is gone, with the text of the server's last -ERR, or '' if it gave none. */
  readonly closed: Promise<string>;
  messagesReceived(): number;
  subscribe(subject: string, queue?: string): number;
  unsubscribe(sid: number): void;
  publish(subject: string, payload: string | Uint8Array): void;
  /** Resolves when the server has taken all that was sent. */
  flush(): Promise<void>;
  /**
   * Reads nothing more: what the server sends piles up, until it finds a slow consumer. `closed` then waits for
   * `end` or `destroy`, for the end of the connection is not read either.
   */
  stopReading(): void;
  /** Says farewell (FIN) and resolves when the connection is gone. */
  end(): Promise<void>;
  /** Drops the connection with a reset. */
  destroy(): void;
};

/** The server refused or dropped the connection; `serverError` is its -ERR text without quotes, or ''. */
export class NatsConnectionError extends Error {
  override readonly name = 'NatsConnectionError';
  readonly serverError: string;
  constructor(serverError: string, options?: ErrorOptions) {
    super(`the server closed the connection: ${serverError || 'without a word'}`, options);
    this.serverError = serverError;
  }
}

/**
 * A NATS client of the barest kind, able to misbehave and cheap enough for thousands. Resolves once the server answered
 * CONNECT and PING. Throws a `NatsConnectionError` when the server does not let it in.
 */
export async function connect(options: ClientOptions): Promise<NatsClient> {
  const socket = dial({
    host: options.host ?? '127.0.0.1',
    port: options.port,
    noDelay: true,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  });
  let lastError = '';
  let failure: Error | undefined;
  let messages = 0;
  let nextSid = 0;
  const pongs: (() => void)[] = [];
  let greet: (info: ServerInfo) => void = () => undefined;
  const greeting = new Promise<ServerInfo>((resolve) => (greet = resolve));

  socket.on(
    'data',
    protocolReader({
      info: (info) => greet(info),
      ping: () => {
        if (options.answersPings !== false) socket.write('PONG\r\n');
      },
      pong: () => pongs.shift()?.(),
      error: (text) => (lastError = text),
      message: () => (messages += 1),
    }),
  );
  socket.on('error', (error) => (failure = error));
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(lastError)));
  const lost = closed.then((text) => {
    throw new NatsConnectionError(text, { cause: failure });
  });
  lost.catch(() => undefined);

  const flush = (): Promise<void> => {
    const answered = new Promise<void>((resolve) => pongs.push(resolve));
    socket.write('PING\r\n');
    return Promise.race([answered, lost]);
  };
  const info = await Promise.race([greeting, lost]);
  socket.cork();
  socket.write(`CONNECT ${JSON.stringify(connectOptions(options))}\r\n`);
  const letIn = flush();
  socket.uncork();
  await letIn;

  return {
    cid: info.client_id,
    serverName: info.server_name,
    closed,
    messagesReceived: () => messages,
    subscribe(subject, queue) {
      nextSid += 1;
      socket.write(`SUB ${subject}${queue === undefined ? '' : ` ${queue}`} ${nextSid}\r\n`);
      return nextSid;
    },
    unsubscribe: (sid) => void socket.write(`UNSUB ${sid}\r\n`),
    publish(subject, payload) {
      const bytes = Buffer.from(payload);
      socket.cork();
      socket.write(`PUB ${subject} ${bytes.length}\r\n`);
      socket.write(bytes);
      socket.write('\r\n');
      socket.uncork();
    },
    flush,
    stopReading: () => void socket.pause(),
    async end() {
      socket.resume().end();
      await closed;
    },
    destroy: () => void socket.resetAndDestroy(),
  };
}

/** Connects where it must not succeed, and gives the server's -ERR text. Throws if the server lets it in. */
export async function refusal(options: ClientOptions): Promise<string> {
  let client: NatsClient;
  try {
    client = await connect(options);
  } catch (error) {
    if (error instanceof NatsConnectionError && error.serverError !== '') return error.serverError;
    throw error;
  }
  client.destroy();
  throw new Error(`${client.serverName} let ${options.name ?? 'an unnamed client'} in`);
}

function connectOptions(options: ClientOptions): Readonly<Record<string, unknown>> {
  return {
    verbose: options.verbose ?? false,
    pedantic: options.pedantic ?? false,
    echo: options.echo ?? true,
    lang: options.lang ?? 'node',
    version: options.version ?? '1.0.0',
    protocol: 1,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.user === undefined ? {} : { user: options.user, pass: options.pass ?? '' }),
    ...(options.token === undefined ? {} : { auth_token: options.token }),
    ...(options.jwt === undefined ? {} : { jwt: options.jwt }),
  };
}

export type ServerInfo = { readonly client_id: number; readonly server_name: string };

export type ProtocolEvents = {
  info(info: ServerInfo): void;
  ping(): void;
  pong(): void;
  error(text: string): void;
  message(): void;
};

/**
 * Takes the server's bytes as they come and calls back by line: `INFO {…}`, `PING`, `PONG`, `+OK`, `-ERR '…'`,
 * `MSG <subject> <sid> [reply] <bytes>` with a payload that is skipped.
 */
export function protocolReader(events: ProtocolEvents): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let payloadLeft = 0;
  return (chunk) => {
    let from = Math.min(payloadLeft, chunk.length);
    payloadLeft -= from;
    let bytes = chunk;
    if (rest.length > 0) {
      bytes = Buffer.concat([rest, chunk]);
      from = 0;
    }
    for (;;) {
      const end = bytes.indexOf('\r\n', from);
      if (end < 0) break;
      const line = bytes.toString('latin1', from, end);
      from = end + 2;
      if (line.startsWith('MSG ')) {
        events.message();
        const size = Number(line.slice(line.lastIndexOf(' ') + 1)) + 2;
        const here = Math.min(size, bytes.length - from);
        from += here;
        payloadLeft = size - here;
      } else if (line === 'PING') events.ping();
      else if (line === 'PONG') events.pong();
      else if (line.startsWith('INFO ')) events.info(JSON.parse(line.slice(5)) as ServerInfo);
      else if (line.startsWith('-ERR')) events.error(line.slice(5).replaceAll("'", ''));
    }
    rest = bytes.subarray(from);
  };
}
