#!/usr/bin/env bash
# @nats-io/transport-node 3.4.0 with nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 show the same): a
# subscription whose messages nobody takes, as that of a `for await` that waits for a database, is no slow consumer. The client
# goes on reading its socket and keeps all messages in memory, so that pending_bytes of /connz stays 0,
# slow_consumers too, and out_msgs says "sent". A process that grows until it is killed is in best health at the server, where
# one that leaves its socket unread is told of and cut off. Only the client's own getPending() knows.
# Seen, 50,000 messages of 1 kB, write_deadline 5 s:
#   client: out_msgs 50000, pending_bytes 0, slow_consumers 0, waiting in the client 50000
#   socket that is not read: slow_consumers 1, Slow Consumer (Write Deadline)
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @nats-io/transport-node@3.4.0 >/dev/null 2>&1
printf 'host: 127.0.0.1\nwrite_deadline: "5s"\n' > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const net = require('node:net');
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('@nats-io/transport-node');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ask = async (path) => (await fetch(http + path)).json();
const slow = async () => `slow_consumers ${(await ask('/varz')).slow_consumers}`;
void (async () => {
  const [publisher, client] = [await connect({ servers }), await connect({ servers, name: 'idle' })];
  const subscription = client.subscribe('orders');
  await client.flush();
  const publish = async (messages) => {
    for (let i = 0; i < messages; i += 1) publisher.publish('orders', new Uint8Array(1000));
    await publisher.flush();
  };
  for (let i = 0; i < 250; i += 1) {
    await publish(200);
    await client.flush();
  }
  const row = (await ask('/connz')).connections.find(({ name }) => name === 'idle');
  console.log(
    `client: out_msgs ${row.out_msgs}, pending_bytes ${row.pending_bytes}, ${await slow()}, ` +
      `waiting in the client ${subscription.getPending()}`,
  );
  await client.close();
  const socket = net.connect(Number(new URL(servers).port), '127.0.0.1');
  socket.on('error', () => {}).write('CONNECT {"name":"unread"}\r\nSUB orders 1\r\nPING\r\n');
  let said = '';
  while (!said.includes('PONG')) said += (await once(socket, 'data'))[0];
  socket.pause();
  const unread = async () => (await ask('/connz?state=closed')).connections.find(({ name }) => name === 'unread');
  for (let i = 0; i < 250; i += 1) await publish(200);
  let closed;
  for (let i = 0; i < 600 && closed === undefined; i += 1) {
    await pause(100);
    closed = await unread();
  }
  console.log(`socket that is not read: ${await slow()}, ${closed?.reason}`);
  socket.destroy();
  await publisher.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'client: out_msgs 50000, pending_bytes 0, slow_consumers 0, waiting in the client 50000
socket that is not read: slow_consumers 1, Slow Consumer (Write Deadline)' ] || { echo 'this has changed' >&2; exit 1; }
