#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): in_msgs and out_msgs of /varz count what
# comes from and goes to other servers as well as clients. A message is "in" once on each server of the cluster where anyone
# listens, and "out" once a route besides: their sum over the servers, the usual "messages of the cluster", grows with the
# number of servers, at the same traffic. No other field of /varz tells clients' messages apart before 2.12 or so; 2.15.1 has
# in_client_msgs and out_client_msgs.
# Seen of 10,000 messages that a client of n1 publishes and one client each of n2 and n3 gets, to the next thousand:
#   in_msgs 10000 10000 10000, out_msgs 20000 10000 10000
set -euo pipefail
folder=$(mktemp -d); pids=(); trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
for i in 1 2 3; do
  own=127.9.10.$i
  printf 'server_name: n%s\nlisten: "%s:4222"\nhttp: "%s:8222"
cluster { name: c, listen: "%s:6222", advertise: "%s", routes: ["nats://127.9.10.1:6222"] }\n' \
    "$i" "$own" "$own" "$own" "$own" > "n$i.conf"
  root/usr/sbin/nats-server -c "n$i.conf" > "n$i.log" 2>&1 & pids+=($!)
  until curl -sf "http://$own:8222/healthz" >/dev/null; do sleep 0.1; done
done
cat > look.cjs <<'JS'
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const hosts = [1, 2, 3].map((i) => `127.9.10.${i}`);
const counts = async () => {
  const rows = await Promise.all(hosts.map(async (host) => (await fetch(`http://${host}:8222/varz`)).json()));
  return rows.flatMap(({ in_msgs: received, out_msgs: sent }) => [received, sent]);
};
void (async () => {
  const options = { ignoreClusterUpdates: true };
  const [publisher, ...others] = await Promise.all(hosts.map((servers) => connect({ servers, ...options })));
  const got = [0, 0];
  const ready = [false, false];
  others.forEach((nc, i) => {
    nc.subscribe('orders', { callback: () => (got[i] += 1) });
    nc.subscribe('ready', { callback: () => (ready[i] = true) });
  });
  while (ready.includes(false)) {
    publisher.publish('ready');
    await pause(100);
  }
  const before = await counts();
  for (let i = 0; i < 10_000; i += 1) publisher.publish('orders');
  while (got.some((count) => count < 10_000)) await pause(100);
  let grown = [];
  for (let i = 0; i < 100 && grown.reduce((sum, count) => sum + count, 0) < 70_000; i += 1) {
    grown = (await counts()).map((count, i) => Math.round((count - before[i]) / 1000) * 1000);
    await pause(100);
  }
  const of = (kind) => grown.filter((_, i) => i % 2 === kind).join(' ');
  console.log(`in_msgs ${of(0)}, out_msgs ${of(1)}`);
  await Promise.all([publisher, ...others].map((nc) => nc.close()));
})();
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = 'in_msgs 10000 10000 10000, out_msgs 20000 10000 10000' ] || { echo 'this has changed' >&2; exit 1; }
