import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressLookup } from '../../../lambdas/adapters/http/addresses.ts';

/** A name server that has 127.0.0.9 for `live*` names, says that there are no `gone*` names, and is silent on others. */
async function startNameServer() {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12);
    const labels: string[] = [];
    for (let at = 12; at < end; at += (query[at] ?? 0) + 1)
      labels.push(query.toString('ascii', at + 1, at + 1 + (query[at] ?? 0)));
    const isFour = query.readUInt16BE(end + 1) === 1;
    const name = labels.join('.');
    asked.push(`${name} ${isFour ? 'A' : 'AAAA'}`);
    const isLive = name.startsWith('live');
    if (!isLive && !name.startsWith('gone')) return;
    const reply = Buffer.from(query.subarray(0, end + 5));
    reply.writeUInt16BE(isLive ? 0x8180 : 0x8183, 2);
    reply.writeUInt16BE(isLive && isFour ? 1 : 0, 6);
    reply.writeUInt32BE(0, 8);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 9]);
    socket.send(isLive && isFour ? Buffer.concat([reply, answer]) : reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { asked, at: `127.0.0.1:${socket.address().port}`, stop: () => void socket.close() };
}

let names: Awaited<ReturnType<typeof startNameServer>>;
beforeAll(async () => {
  names = await startNameServer();
});
afterAll(() => names.stop());

const found = (lookup: ReturnType<typeof addressLookup>, host: string) =>
  new Promise<unknown>((resolve) =>
    lookup(host, { all: true }, (error, addresses) => resolve(error === null ? addresses : error.message)),
  );
const nine = [{ address: '127.0.0.9', family: 4 }];

describe('the addresses of hosts', () => {
  it('are asked of DNS, once for each host', async () => {
    const lookup = addressLookup(60_000, [names.at]);
    const both = await Promise.all([found(lookup, 'live.example'), found(lookup, 'live.example')]);
    expect([...both, await found(lookup, 'live.example')]).toEqual([nine, nine, nine]);
    expect(names.asked.filter((each) => each.startsWith('live.example')).sort()).toEqual([
      'live.example A',
      'live.example AAAA',
    ]);
  });

  it('of names of one label are those that the system knows, search domains included', async () => {
    const lookup = addressLookup(60_000, [names.at]);
    expect(await found(lookup, 'localhost')).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect(names.asked.filter((each) => each.startsWith('localhost'))).toEqual([]);
  });

  it('that are addresses are asked of nobody', async () => {
    expect(await found(addressLookup(60_000, [names.at]), '127.0.0.3')).toEqual([
      { address: '127.0.0.3', family: 4 },
    ]);
  });

  it('of names that nobody answers for are given up, while those of others are found at once', async () => {
    const lookup = addressLookup(1_500, [names.at]);
    const ended: string[] = [];
    const dead = Array.from({ length: 20 }, (_, i) => `dead${i}.example`).map(async (host) => {
      const said = await found(lookup, host);
      ended.push(host);
      return said;
    });
    expect(await found(lookup, 'live2.example')).toEqual(nine);
    expect(ended).toEqual([]);
    expect(new Set(await Promise.all(dead))).toEqual(
      new Set(dead.map((_, i) => `no address for dead${i}.example: ETIMEOUT`)),
    );
  });

  it('of a name that there is not have the code of DNS', async () => {
    const lookup = addressLookup(60_000, [names.at]);
    expect(await found(lookup, 'gone.invalid')).toMatch(
      /^no address for gone\.invalid: (ENOTFOUND|EAI_AGAIN)$/,
    );
  });
});
