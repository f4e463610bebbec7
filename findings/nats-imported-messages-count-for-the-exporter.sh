#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same), /accstatz: what clients of an account get
# from a stream that it imports counts as `sent` of the account that exports it. The importing account has received and sent
# nothing, however much its clients are sent, which their own rows of /connz do show; and the exporter's figure grows with its
# importers. Who charges accounts for their messages charges the wrong one, and an account that is fed by imports looks
# dead. Services are counted on both sides.
# Seen of 1,000 messages that a client of A publishes and two clients of B import, then of 1,000 requests from B to A:
#   stream: A received 1000 sent 2000, B received 0 sent 0, rows of B's clients 1000 1000
#   service: A received 1000 sent 1000, B received 1000 sent 1000
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
cat > n.conf <<'CONF'
host: 127.0.0.1
accounts {
  A { users [ { user: a, password: a } ], exports [ { stream: orders }, { service: price } ] }
  B {
    users [ { user: b, password: b } ]
    imports [ { stream: { account: A, subject: orders } }, { service: { account: A, subject: price } } ]
  }
}
CONF
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ask = async (path) => (await fetch(`${http}${path}`)).json();
const counts = async () => {
  const [{ account_statz: accounts }, { connections }] = [await ask('/accstatz?unused=1'), await ask('/connz')];
  const of = (name) => accounts.find(({ acc }) => acc === name);
  const rows = connections.filter(({ name }) => name === 'b').map(({ out_msgs: out }) => out);
  return [of('A').received.msgs, of('A').sent.msgs, of('B').received.msgs, of('B').sent.msgs, ...rows];
};
void (async () => {
  const [a, ...b] = await Promise.all(['a', 'b', 'b'].map((name) => connect({ servers, name, user: name, pass: name })));
  const grown = async (work) => {
    const before = await counts();
    await work();
    await pause(500);
    const [received, sent, into, out, ...rows] = (await counts()).map((count, i) => count - before[i]);
    return { text: `A received ${received} sent ${sent}, B received ${into} sent ${out}`, rows };
  };
  let got = 0;
  for (const nc of b) {
    nc.subscribe('orders', { callback: () => (got += 1) });
    await nc.flush();
  }
  const stream = await grown(async () => {
    for (let i = 0; i < 1000; i += 1) a.publish('orders');
    while (got < 2000) await pause(100);
  });
  console.log(`stream: ${stream.text}, rows of B's clients ${stream.rows.join(' ')}`);
  a.subscribe('price', { callback: (_, message) => message.respond() });
  await a.flush();
  const service = await grown(async () => {
    for (let i = 0; i < 1000; i += 1) await b[0].request('price');
  });
  console.log(`service: ${service.text}`);
  await Promise.all([a, ...b].map((nc) => nc.close()));
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = "stream: A received 1000 sent 2000, B received 0 sent 0, rows of B's clients 1000 1000
service: A received 1000 sent 1000, B received 1000 sent 1000" ] || { echo 'this has changed' >&2; exit 1; }
