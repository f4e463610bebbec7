import { openWire, type WireOptions } from './wire.ts';

export type ClientOptions = WireOptions & {
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
};

export type NatsClient = {
  /** The server's id of this connection, its `cid` in `/connz`. */
  readonly cid: number;
  readonly serverName: string;
  /** Resolves when the connection is gone, with the text of the server's last -ERR, or '' if it gave none. */
  readonly closed: Promise<string>;
  readonly messagesReceived: () => number;
  /** The payload of the last message; empty where there was none, or a large one. */
  readonly lastMessage: () => string;
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
  const wire = openWire(options);
  let nextSid = 0;
  const lost = wire.closed.then((text) => {
    throw new NatsConnectionError(text, { cause: wire.failure() });
  });
  lost.catch(() => undefined);

  const info = await Promise.race([wire.greeted, lost]);
  await Promise.race([wire.ping(`CONNECT ${JSON.stringify(connectOptions(options))}\r\n`), lost]);

  return {
    cid: info.client_id,
    serverName: info.server_name,
    closed: wire.closed,
    messagesReceived: wire.messagesReceived,
    lastMessage: wire.lastMessage,
    subscribe(subject, queue) {
      nextSid += 1;
      wire.send(`SUB ${subject}${queue === undefined ? '' : ` ${queue}`} ${nextSid}\r\n`);
      return nextSid;
    },
    unsubscribe: (sid) => wire.send(`UNSUB ${sid}\r\n`),
    publish(subject, payload) {
      const bytes = Buffer.from(payload);
      wire.send(`PUB ${subject} ${bytes.length}\r\n`, bytes, '\r\n');
    },
    flush: () => Promise.race([wire.ping(), lost]),
    stopReading: wire.stopReading,
    end: wire.end,
    destroy: wire.destroy,
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
    lang: options.lang ?? 'nats.js',
    version: options.version ?? '3.4.0',
    protocol: 1,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.user === undefined ? {} : { user: options.user, pass: options.pass ?? '' }),
    ...(options.token === undefined ? {} : { auth_token: options.token }),
    ...(options.jwt === undefined ? {} : { jwt: options.jwt }),
  };
}
