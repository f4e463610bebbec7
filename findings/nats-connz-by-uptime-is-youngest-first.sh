#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3): /connz?sort= puts first what has most of what it is sorted by, so that
# `limit` keeps what matters: `sort=subs` the most subscriptions, `sort=bytes_to` the most bytes. `sort=uptime` puts those
# first that have least (2.10.27 and 2.15.1 do the same): with a limit, who looks for the oldest connections is shown the ones that
# have just come, and the oldest are had by `sort=start`. `sort=idle` is in no order on 2.9.10, neither way, and no error:
# with a limit it leaves out the most idle or not, by chance (2.10.27 and 2.15.1 show it first).
# Seen of six clients that came one after the other, each with as many subscriptions as its number, and then said something,
# in another order:
#   first by subs: 6, by start: 1, by uptime: 6
#   by idle, of 20 requests with the most idle first and the others in order: not all
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
printf 'host: 127.0.0.1\n' > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ask = async (query) => (await (await fetch(`${http}/connz?${query}`)).json()).connections;
void (async () => {
  const clients = [];
  for (const name of ['1', '2', '3', '4', '5', '6']) {
    const nc = await connect({ servers, name });
    for (let i = 0; i < Number(name); i += 1) nc.subscribe('orders');
    await nc.flush();
    clients.push(nc);
    await pause(300);
  }
  for (const i of [3, 0, 5, 1, 4, 2]) {
    clients[i].publish('nobody');
    await clients[i].flush();
    await pause(300);
  }
  const first = async (order) => (await ask(`sort=${order}&limit=1`))[0].name;
  console.log(`first by subs: ${await first('subs')}, by start: ${await first('start')}, by uptime: ${await first('uptime')}`);
  let right = 0;
  for (let i = 0; i < 20; i += 1) {
    const names = (await ask('sort=idle')).map(({ name }) => name);
    if (names.join(' ') === '4 1 6 2 5 3') right += 1;
  }
  console.log(`by idle, of 20 requests with the most idle first and the others in order: ${right === 20 ? 'all' : 'not all'}`);
  await Promise.all(clients.map((nc) => nc.close()));
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'first by subs: 6, by start: 1, by uptime: 6
by idle, of 20 requests with the most idle first and the others in order: not all' ] ||
  { echo 'this has changed' >&2; exit 1; }
