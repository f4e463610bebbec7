import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { loopback } from './loopback.ts';

export type MqttOptions = {
  readonly port: number;
  /** Its client id. */
  readonly id: string;
  readonly user?: string;
  readonly pass?: string;
  /** Seconds; 60 unless given. */
  readonly keepAlive?: number;
};

export type MqttClient = {
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Resolves when the server has taken the subscription. */
  subscribe(topic: string): Promise<void>;
  /** Ends it with FIN, without a DISCONNECT. */
  end(): Promise<void>;
  /** Drops it with a reset. */
  destroy(): Promise<void>;
};

const accepted = 0;

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};
const packet = (type: number, body: Buffer): Buffer => {
  if (body.length > 127) throw new Error(`${body.length} bytes are more than this client can send`);
  return Buffer.concat([Buffer.from([type, body.length]), body]);
};

function connectPacket({ id, user, pass = '', keepAlive = 60 }: MqttOptions): Buffer {
  const cleanSession = 0x02;
  const flags = user === undefined ? cleanSession : cleanSession | 0xc0;
  const header = Buffer.from([4, flags, keepAlive >> 8, keepAlive & 255]);
  const login = user === undefined ? [] : [text(user), text(pass)];
  return packet(0x10, Buffer.concat([text('MQTT'), header, text(id), ...login]));
}

/**
 * An MQTT 3.1.1 client of the barest kind, which sends no PINGREQ: after 1.5 times its keepalive the server drops it.
 * Resolves once the server has let it in; `null` where the server refuses it.
 */
export async function connectMqtt(options: MqttOptions): Promise<MqttClient | null> {
  const socket = dial({ host: loopback, port: options.port, noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  const answer = async (sent: Buffer): Promise<Buffer> => {
    socket.write(sent);
    const [reply] = (await Promise.race([
      once(socket, 'data'),
      closed.then(() => {
        throw new Error(`the server closed MQTT client ${options.id} without an answer`);
      }),
    ])) as [Buffer];
    return reply;
  };
  const answered = await answer(connectPacket(options));
  if (answered[3] !== accepted) {
    socket.resume();
    await closed;
    return null;
  }
  return {
    closed,
    async subscribe(topic) {
      await answer(packet(0x82, Buffer.concat([Buffer.from([0, 1]), text(topic), Buffer.from([0])])));
      socket.resume();
    },
    async end() {
      socket.resume().end();
      await closed;
    },
    async destroy() {
      socket.resetAndDestroy();
      await closed;
    },
  };
}
