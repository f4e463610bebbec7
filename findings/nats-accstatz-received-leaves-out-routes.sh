#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 does the same), /accstatz: an account's `sent` counts what a server
# passes on over routes and gateways as well as what clients get, its `received` only what comes from clients and
# leafnodes. A server whose clients listen to what is published elsewhere has sent 1,000 messages and received none, and the
# sums over a cluster never meet. 2.15.1 counts what comes over routes and gateways, so that `received` of the same traffic
# jumps at an upgrade, and shows them apart besides. in_msgs and out_msgs of /varz count all in all three.
# Seen of 1,000 messages that a client of n1 publishes and a client of its peer n2, or of n3 in another cluster, gets, to the
# next hundred:
#   to n2: account n1 received 1000 sent 1000, n2 received 0 sent 1000; varz n1 in 1000 out 1000, n2 in 1000 out 1000
#   to n3: account n1 received 1000 sent 1000, n3 received 0 sent 1000; varz n1 in 1000 out 1000, n3 in 1000 out 1000
set -euo pipefail
folder=$(mktemp -d); pids=(); trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
for i in 1 2 3; do
  own=127.9.12.$i; cluster=near; seed=1
  if [ "$i" = 3 ]; then cluster=far; seed=3; fi
  printf 'server_name: n%s\nlisten: "%s:4222"\nhttp: "%s:8222"
accounts { A { users [ { user: a, password: a } ] }, SYS { users [ { user: sys, password: sys } ] } }\nsystem_account: SYS
cluster { name: %s, listen: "%s:6222", advertise: "%s", routes: ["nats://127.9.12.%s:6222"] }
gateway { name: %s, listen: "%s:7222", gateways [ { name: near, urls: ["nats://127.9.12.1:7222"] }
{ name: far, urls: ["nats://127.9.12.3:7222"] } ] }\n' \
    "$i" "$own" "$own" "$cluster" "$own" "$own" "$seed" "$cluster" "$own" > "n$i.conf"
  root/usr/sbin/nats-server -c "n$i.conf" > "n$i.log" 2>&1 & pids+=($!)
  until curl -sf "http://$own:8222/healthz" >/dev/null; do sleep 0.1; done
done
cat > look.cjs <<'JS'
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const host = (i) => `127.9.12.${i}`;
const ask = async (i, path) => (await fetch(`http://${host(i)}:8222${path}`)).json();
const counts = async (i) => {
  const [{ in_msgs: into, out_msgs: out }, { account_statz: accounts }] = [await ask(i, '/varz'), await ask(i, '/accstatz')];
  const { received, sent } = accounts.find(({ acc }) => acc === 'A');
  return [received.msgs, sent.msgs, into, out];
};
const open = (i) => connect({ servers: host(i), user: 'a', pass: 'a', ignoreClusterUpdates: true });
void (async () => {
  const publisher = await open(1);
  for (const other of [2, 3]) {
    const subscriber = await open(other);
    let got = 0;
    let ready = false;
    subscriber.subscribe(`orders.${other}`, { callback: () => (got += 1) });
    subscriber.subscribe(`ready.${other}`, { callback: () => (ready = true) });
    while (!ready) {
      publisher.publish(`ready.${other}`);
      await pause(100);
    }
    await pause(500);
    const before = [await counts(1), await counts(other)];
    for (let i = 0; i < 1000; i += 1) publisher.publish(`orders.${other}`);
    while (got < 1000) await pause(100);
    await pause(500);
    const after = [await counts(1), await counts(other)];
    const grown = after.map((row, s) => row.map((count, i) => Math.round((count - before[s][i]) / 100) * 100));
    const rows = (text) => grown.map((row, s) => `n${s === 0 ? 1 : other} ${text(row)}`).join(', ');
    const account = rows(([received, sent]) => `received ${received} sent ${sent}`);
    console.log(`to n${other}: account ${account}; varz ${rows((row) => `in ${row[2]} out ${row[3]}`)}`);
    await subscriber.close();
  }
  await publisher.close();
})();
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = 'to n2: account n1 received 1000 sent 1000, n2 received 0 sent 1000; varz n1 in 1000 out 1000, n2 in 1000 out 1000
to n3: account n1 received 1000 sent 1000, n3 received 0 sent 1000; varz n1 in 1000 out 1000, n3 in 1000 out 1000' ] ||
  { echo 'this has changed' >&2; exit 1; }
