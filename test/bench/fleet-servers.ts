import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Serves a fleet of healthy servers, one at each loopback address, and prints their port: the recorded replies of one server
 * that runs alone, with the server's own id and name and the present time. */
const folder = path.resolve(import.meta.dirname, '../recorded/2.15.1/alone/alone');
const recorded = (name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Readonly<Record<string, unknown>>;
const replies = { varz: recorded('varz'), leafz: recorded('leafz'), connz: recorded('connz') };
const [closed, healthz] = [recorded('closed'), JSON.stringify(recorded('healthz'))];

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fleet');
  const endpoint = pathname.slice(1);
  if (endpoint === 'healthz') {
    response.end(healthz);
    return;
  }
  const isClosed = searchParams.get('state') === 'closed';
  const reply = isClosed ? closed : replies[endpoint as keyof typeof replies];
  if (reply === undefined) {
    response.writeHead(404).end();
    return;
  }
  const name = request.socket.localAddress ?? '';
  const now = new Date().toISOString();
  const own = endpoint === 'varz' ? { server_name: name, start: new Date(started).toISOString() } : {};
  response.end(JSON.stringify({ ...reply, server_id: `N${name}`, now, ...own }));
});
const started = Date.now();
server.listen(0, '0.0.0.0', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
