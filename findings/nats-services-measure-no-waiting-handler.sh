#!/usr/bin/env bash
# @nats-io/services 3.0.0-25 with nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; the client alone decides it): statistics
# of a service's endpoint, which $SRV.STATS replies with, end where a handler first waits. processing_time of an `async`
# handler that takes a second is about nothing. And num_errors counts a handler that throws, but none that answers with
# respondError(), though the requester gets the same headers from both.
# Seen of one request to each endpoint: the error that the requester gets, what is counted, processing time above 0.5 s:
#   throws: error 500 broken, num_errors 1, long no
#   responds: error 500 broken, num_errors 0, long no
#   waits a second: no error, num_errors 0, long no
#   works a second: no error, num_errors 0, long yes
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @nats-io/services@3.0.0-25 @nats-io/transport-node@3.4.0 >/dev/null 2>&1
printf 'host: 127.0.0.1\n' > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { Svcm } = require('@nats-io/services');
const { connect } = require('@nats-io/transport-node');
const { nats: [servers] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const handlers = {
  throws: () => {
    throw new Error('broken');
  },
  responds: (_error, message) => void message.respondError(500, 'broken'),
  'waits a second': async (_error, message) => {
    await pause(1000);
    message.respond();
  },
  'works a second': (_error, message) => {
    const end = performance.now() + 1000;
    while (performance.now() < end);
    message.respond();
  },
};
void (async () => {
  const nc = await connect({ servers });
  const service = await new Svcm(nc).add({ name: 'orders', version: '1.0.0' });
  for (const [name, handler] of Object.entries(handlers)) {
    const subject = name.replaceAll(' ', '-');
    service.addEndpoint(subject, { handler });
    const { headers } = await nc.request(subject, '', { timeout: 60_000 });
    const told = ['Nats-Service-Error-Code', 'Nats-Service-Error'].map((key) => headers?.get(key) ?? '');
    const row = (await service.stats()).endpoints.find((endpoint) => endpoint.name === subject);
    const error = told[0] === '' ? 'no error' : `error ${told.join(' ')}`;
    console.log(`${name}: ${error}, num_errors ${row.num_errors}, long ${row.processing_time > 0.5e9 ? 'yes' : 'no'}`);
  }
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'throws: error 500 broken, num_errors 1, long no
responds: error 500 broken, num_errors 0, long no
waits a second: no error, num_errors 0, long no
works a second: no error, num_errors 0, long yes' ] || { echo 'this has changed' >&2; exit 1; }
