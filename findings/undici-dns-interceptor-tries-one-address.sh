#!/usr/bin/env bash
# undici 7.30.2 (8.12.4 on Node 24 does the same): of a name with two IPv4 addresses, one of a server that is down, an Agent
# connects to the other, since Node tries all addresses that a lookup gives. With `interceptors.dns` before it, which is there
# to spare lookups, and whose documentation says that it attempts the available addresses where a connection fails, each
# request goes to one address, in turn, and every other one fails for as long as the server is down: what is attempted is the
# other family alone. So a cache of names turns one dead server of two into a failure of half of all requests.
# Seen of ten requests after one another:
#   agent: failed 0
#   agent with the interceptor: failed 5, ECONNREFUSED
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund undici@7.30.2 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { createServer } = require('node:http');
const { Agent, interceptors, request } = require('undici');
const records = ['127.9.8.7', '127.9.8.8'].map((address) => ({ address, family: 4, ttl: 60_000 }));
const lookup = (_name, _options, done) => done(null, records);
const server = createServer((_request, response) => response.end('ok'));
const failures = async (dispatcher) => {
  const codes = [];
  for (let i = 0; i < 10; i += 1) {
    await request(`http://nats.test:${server.address().port}/`, { dispatcher })
      .then(({ body }) => body.text())
      .catch(({ code }) => codes.push(code));
  }
  await dispatcher.close();
  return [`failed ${codes.length}`, ...new Set(codes)].join(', ');
};
server.listen(0, '127.9.8.8', async () => {
  console.log(`agent: ${await failures(new Agent({ connect: { lookup } }))}`);
  const intercepted = new Agent().compose(interceptors.dns({ lookup }));
  console.log(`agent with the interceptor: ${await failures(intercepted)}`);
  server.close();
});
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = 'agent: failed 0
agent with the interceptor: failed 5, ECONNREFUSED' ] || { echo 'this has changed' >&2; exit 1; }
