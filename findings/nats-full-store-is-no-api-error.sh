#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a server whose file store is full
# refuses each message ("insufficient resources", code 503), and nothing that it counts moves: api.errors of /varz and /jsz
# is 0, since a publish is no API request, /healthz says ok and JetStream is not disabled. A rule on the growth of API errors
# never fires. `storage` even stands above max_storage, since the message that crosses the limit is still taken.
# Seen of 30 messages of 100 kB and max_file 1 MB:
#   refused 19 of 30: insufficient resources
#   storage above max_storage, api.errors 0, disabled no, health 200
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
printf 'host: 127.0.0.1\njetstream { store_dir: "%s/js", max_mem: 1MB, max_file: 1MB }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect } = require('nats');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  await (await nc.jetstreamManager()).streams.add({ name: 'ORDERS', subjects: ['orders'] });
  const js = nc.jetstream();
  const refusals = [];
  for (let i = 0; i < 30; i += 1) {
    await js.publish('orders', new Uint8Array(100_000)).catch(({ api_error: error }) => refusals.push(error.description));
  }
  await nc.close();
  console.log(`refused ${refusals.length} of 30: ${[...new Set(refusals)]}`);
  const { storage, config, api, disabled } = await (await fetch(`${http}/jsz`)).json();
  const { status } = await fetch(`${http}/healthz`);
  const level = storage > config.max_storage ? 'above' : 'within';
  console.log(`storage ${level} max_storage, api.errors ${api.errors}, disabled ${disabled ? 'yes' : 'no'}, health ${status}`);
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'refused 19 of 30: insufficient resources
storage above max_storage, api.errors 0, disabled no, health 200' ] || { echo 'this has changed' >&2; exit 1; }
