import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** What a name server says of a name: its addresses, that there is no such name, that it failed, or nothing at all. */
export type Said = readonly string[] | 'no such name' | 'failure' | 'silence';

export type NameServer = {
  /** `NAME A`, `NAME AAAA`, in the order they were asked. */
  readonly asked: string[];
  /** `127.0.0.1:PORT` */
  readonly at: string;
  readonly stop: () => void;
};

/** A name server on loopback, by UDP. */
export async function startNameServer(
  say: (name: string, record: 'A' | 'AAAA') => Said,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12);
    const labels: string[] = [];
    for (let at = 12; at < end; at += (query[at] ?? 0) + 1)
      labels.push(query.toString('ascii', at + 1, at + 1 + (query[at] ?? 0)));
    const isFour = query.readUInt16BE(end + 1) === 1;
    const name = labels.join('.');
    const record = isFour ? 'A' : 'AAAA';
    asked.push(`${name} ${record}`);
    const said = say(name, record);
    if (said === 'silence') return;
    const addresses = typeof said === 'string' ? [] : said.filter((each) => isIPv4(each) === isFour);
    const reply = Buffer.from(query.subarray(0, end + 5));
    reply.writeUInt16BE(said === 'no such name' ? 0x8183 : said === 'failure' ? 0x8182 : 0x8180, 2);
    reply.writeUInt16BE(addresses.length, 6);
    reply.writeUInt32BE(0, 8);
    const answers = addresses.map((each) =>
      isFour
        ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...each.split('.').map(Number)])
        : Buffer.from([0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 9, 0, 16, ...bytesOfSix(each)]),
    );
    socket.send(Buffer.concat([reply, ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { asked, at: `127.0.0.1:${socket.address().port}`, stop: () => void socket.close() };
}

/** Of an address with one `::`. */
function bytesOfSix(address: string): Buffer {
  const [left = '', right = ''] = address
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')).map((group) => group.padStart(4, '0')).join(''));
  return Buffer.from(left + right.padStart(32 - left.length, '0'), 'hex');
}
