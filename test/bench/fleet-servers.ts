import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/**
 * A fleet of healthy servers, one at each loopback address, until killed; prints their port. What they say was recorded of
 * one that runs alone, but for its id, its name and the time.
 */
const folder = path.resolve(import.meta.dirname, '../recorded/2.15.1/alone/alone');
const recorded = (name: string) =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Readonly<Record<string, unknown>>;
const replies = new Map(
  ['varz', 'healthz', 'leafz', 'connz', 'closed'].map((name) => [name, recorded(name)] as const),
);
const start = new Date().toISOString();

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fleet');
  const name = searchParams.get('state') === 'closed' ? 'closed' : pathname.slice(1);
  const reply = replies.get(name);
  if (reply === undefined) {
    response.writeHead(404).end();
    return;
  }
  const own = request.socket.localAddress ?? '';
  const said = {
    ...reply,
    ...('server_id' in reply && { server_id: `N${own}`, now: new Date().toISOString() }),
    ...('server_name' in reply && { server_name: own, start }),
  };
  response.end(JSON.stringify(said));
});
server.listen(0, '0.0.0.0', () => {
  process.stdout.write(String((server.address() as AddressInfo).port));
});
