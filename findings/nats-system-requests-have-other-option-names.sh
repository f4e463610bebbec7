#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): what the monitoring port tells can be
# asked for by requests of the system account as well, of all servers at once, with the options as JSON. They are the same but
# for their names: `consumers` of /jsz is `consumer` there, `subs` is `subscriptions`, `acc` of /jsz and /subsz is `account`,
# but /connz has `acc` in both. A name that is not known is no error: the reply is a good one with less in it than was asked
# for, or with other accounts' rows. `state` takes no words: the closed connections are 1.
# Seen of two accounts with a client each, of which A has a consumer and a subscription to "orders":
#   /jsz?consumers=1: 1 consumers; JSZ consumers: 0; JSZ consumer: 1
#   /connz?subs=1: 2 lists; CONNZ subs: 0; CONNZ subscriptions: 2
#   /connz?acc=A: 1 clients; CONNZ account: 2; CONNZ acc: 1
#   /subsz?acc=B&test=orders&subs=1: 0 found; SUBSZ acc: 1; SUBSZ account: 0
#   /connz?state=closed: 1 clients; CONNZ closed: error 400; CONNZ 1: 1
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
cat > n.conf <<CONF
host: 127.0.0.1
jetstream { store_dir: "$folder/store" }
accounts {
  A { jetstream: enabled, users [ { user: a, password: a } ] }
  SYS { users [ { user: sys, password: sys } ] }
  B { users [ { user: b, password: b } ] }
}
system_account: SYS
CONF
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect } = require('nats');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const open = (user) => connect({ servers, user, pass: user });
void (async () => {
  const [a, b] = [await open('a'), await open('b')];
  const jsm = await a.jetstreamManager();
  await jsm.streams.add({ name: 'S', subjects: ['s'] });
  await jsm.consumers.add('S', { durable_name: 'd', ack_policy: 'explicit' });
  a.subscribe('orders');
  b.subscribe('others');
  await Promise.all([a.flush(), b.flush()]);
  const ask = async (kind, options) => {
    const sys = await open('sys');
    const reply = (await sys.request(`$SYS.REQ.SERVER.PING.${kind}`, JSON.stringify(options), { timeout: 5000 })).json();
    await sys.close();
    return reply;
  };
  const consumers = ({ account_details: accounts = [] }) =>
    accounts.flatMap(({ stream_detail: streams = [] }) => streams).flatMap((row) => row.consumer_detail ?? []).length;
  const own = ({ connections }) => connections.filter(({ cid }) => [a, b].some((nc) => nc.info.client_id === cid));
  const lists = (reply) => own(reply).filter((row) => row.subscriptions_list).length;
  const compare = async (path, what, count, kind, requests) => {
    const seen = [`${path}: ${count(await (await fetch(`${http}${path}`)).json())} ${what}`];
    for (const [name, options] of requests) {
      const { data, error } = await ask(kind, options);
      seen.push(`${kind} ${name}: ${error ? `error ${error.code}` : count(data)}`);
    }
    console.log(seen.join('; '));
  };
  const found = ({ subscriptions_list: rows = [] }) => rows.length;
  await compare('/jsz?consumers=1', 'consumers', consumers, 'JSZ', [
    ['consumers', { consumers: true }],
    ['consumer', { consumer: true }],
  ]);
  await compare('/connz?subs=1', 'lists', lists, 'CONNZ', [
    ['subs', { subs: true }],
    ['subscriptions', { subscriptions: true }],
  ]);
  await compare('/connz?acc=A', 'clients', (reply) => own(reply).length, 'CONNZ', [
    ['account', { account: 'A' }],
    ['acc', { acc: 'A' }],
  ]);
  const test = { subscriptions: true, test: 'orders' };
  await compare('/subsz?acc=B&test=orders&subs=1', 'found', found, 'SUBSZ', [
    ['acc', { acc: 'B', ...test }],
    ['account', { account: 'B', ...test }],
  ]);
  const gone = await connect({ servers, user: 'a', pass: 'a', name: 'gone' });
  await gone.close();
  const closed = ({ connections }) => connections.filter(({ name }) => name === 'gone').length;
  while (closed(await (await fetch(`${http}/connz?state=closed`)).json()) === 0);
  await compare('/connz?state=closed', 'clients', closed, 'CONNZ', [
    ['closed', { state: 'closed' }],
    ['1', { state: 1 }],
  ]);
  await Promise.all([a.close(), b.close()]);
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = '/jsz?consumers=1: 1 consumers; JSZ consumers: 0; JSZ consumer: 1
/connz?subs=1: 2 lists; CONNZ subs: 0; CONNZ subscriptions: 2
/connz?acc=A: 1 clients; CONNZ account: 2; CONNZ acc: 1
/subsz?acc=B&test=orders&subs=1: 0 found; SUBSZ acc: 1; SUBSZ account: 0
/connz?state=closed: 1 clients; CONNZ closed: error 400; CONNZ 1: 1' ] || { echo 'this has changed' >&2; exit 1; }
