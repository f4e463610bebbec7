#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3), /jsz?streams=1: a stream that mirrors one of a JetStream domain that
# nobody has, as by a slip in its name, is created without a complaint and shows `lag: 0` and no error, for good, beside one
# that has all that its origin has. The only sign is `active`, nanoseconds since the origin was heard of: it is -1, which
# "more than a minute" never matches. The copy stays empty and every figure of delay says that it is up to date.
# Seen, a mirror of a stream with 10 messages, and the same with the domain "nowhere", 15 s later:
#   COPY: messages 10, lag 0, active under a minute, error no
#   LOST: messages 0, lag 0, active -1, error no
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
printf 'host: 127.0.0.1\njetstream { store_dir: "%s/js" }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const { nats: [url], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
(async () => {
  const nc = await connect({ servers: url });
  const [js, jsm] = [nc.jetstream(), await nc.jetstreamManager()];
  await jsm.streams.add({ name: 'ORDERS', subjects: ['orders'] });
  for (let i = 0; i < 10; i += 1) await js.publish('orders');
  await jsm.streams.add({ name: 'COPY', mirror: { name: 'ORDERS' } });
  await jsm.streams.add({ name: 'LOST', mirror: { name: 'ORDERS', external: { api: '$JS.nowhere.API' } } });
  const rows = async () => {
    const { account_details: [account] } = await (await fetch(`${http}/jsz?streams=true`)).json();
    return new Map(account.stream_detail.map((row) => [row.name, row]));
  };
  while ((await rows()).get('COPY').state.messages < 10) await pause(100);
  await pause(15_000);
  const all = await rows();
  for (const name of ['COPY', 'LOST']) {
    const { state, mirror: { lag, active, error } } = all.get(name);
    const since = active >= 0 && active < 60e9 ? 'under a minute' : active;
    console.log(`${name}: messages ${state.messages}, lag ${lag}, active ${since}, error ${error ? 'yes' : 'no'}`);
  }
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'COPY: messages 10, lag 0, active under a minute, error no
LOST: messages 0, lag 0, active -1, error no' ] || { echo 'this has changed' >&2; exit 1; }
