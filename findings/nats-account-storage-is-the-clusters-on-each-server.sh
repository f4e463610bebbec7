#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): `storage` of /jsz is what this server
# keeps. `storage` in its account_details, which looks like the part of one account in it, is what the account has in the
# whole cluster, all replicas together, and each server says the same, one that keeps nothing of it too: an account has
# more than its server, and a sum over the servers counts it once for each, nine times for a stream of three replicas.
# `bytes` of the streams beside it are this server's again.
# Seen of a cluster of three, a stream with one replica of 1,000,000 bytes, then one with three, to the next 100 kB:
#   one replica: servers 1000000 0 0, account on each 1000000 1000000 1000000
#   and three: servers 2000000 1000000 1000000, account on each 4000000 4000000 4000000
set -euo pipefail
folder=$(mktemp -d); pids=(); trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
for i in 1 2 3; do
  own=127.9.11.$i
  printf 'server_name: n%s\nlisten: "%s:4222"\nhttp: "%s:8222"\njetstream { store_dir: "%s/%s", max_file: 100MB, max_mem: 10MB }
cluster { name: c, listen: "%s:6222", advertise: "%s", routes: ["nats://127.9.11.1:6222", "nats://127.9.11.2:6222"] }\n' \
    "$i" "$own" "$own" "$folder" "$i" "$own" "$own" > "n$i.conf"
  root/usr/sbin/nats-server -c "n$i.conf" > "n$i.log" 2>&1 & pids+=($!)
done
for i in 1 2 3; do until curl -sf "http://127.9.11.$i:8222/healthz" >/dev/null; do sleep 0.1; done; done
cat > look.cjs <<'JS'
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const hosts = [1, 2, 3].map((i) => `127.9.11.${i}`);
const rounded = (bytes) => Math.round(bytes / 100_000) * 100_000;
const look = async () => {
  const rows = await Promise.all(hosts.map(async (host) => (await fetch(`http://${host}:8222/jsz?accounts=1`)).json()));
  const servers = rows.map(({ storage }) => rounded(storage)).sort((a, b) => b - a);
  const account = rows.map(({ account_details: [row] }) => rounded(row?.storage ?? 0));
  return `servers ${servers.join(' ')}, account on each ${account.join(' ')}`;
};
const settled = async (wanted) => {
  let seen = '';
  for (let i = 0; i < 300 && seen !== wanted; i += 1) {
    await pause(100);
    seen = await look();
  }
  return seen;
};
void (async () => {
  const nc = await connect({ servers: hosts[0], ignoreClusterUpdates: true });
  const [js, jsm] = [nc.jetstream(), await nc.jetstreamManager()];
  const fill = async (name, replicas) => {
    const config = { name, subjects: [name], num_replicas: replicas };
    while (!(await jsm.streams.add(config).catch(() => undefined))) await pause(200);
    for (let i = 0; i < 100; i += 1) await js.publish(name, new Uint8Array(10_000));
  };
  await fill('one', 1);
  const [one, both] = process.argv.slice(2);
  console.log(`one replica: ${await settled(one)}`);
  await fill('three', 3);
  console.log(`and three: ${await settled(both)}`);
  await nc.close();
})();
JS
one='servers 1000000 0 0, account on each 1000000 1000000 1000000'
both='servers 2000000 1000000 1000000, account on each 4000000 4000000 4000000'
seen=$(node look.cjs "$one" "$both")
echo "$seen"
[ "$seen" = "one replica: $one
and three: $both" ] || { echo 'this has changed' >&2; exit 1; }
