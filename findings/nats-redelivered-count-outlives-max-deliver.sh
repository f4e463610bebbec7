#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3), /jsz?consumers=1: num_redelivered counts messages that were delivered
# more than once and not acknowledged. Messages that reached max_deliver are never delivered again and no longer wait
# for an acknowledgement (num_ack_pending 0), yet stay in num_redelivered for good: acknowledging later messages does not
# lower it, and on this version neither does purging the stream. `num_redelivered > 0` never ends on such a consumer.
# Seen, 3 messages, max_deliver 2, then one more message acknowledged, then a purge:
#   after max_deliver: num_redelivered 3, num_ack_pending 0
#   after another message was acknowledged: num_redelivered 3, num_ack_pending 0
#   after a purge: num_redelivered 3, num_ack_pending 0
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
const { connect, nanos } = require('nats');
const { nats: [client], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const consumer = async () => {
  const { account_details: [account] } = await (await fetch(`${http}/jsz?consumers=1`)).json();
  return account.stream_detail[0].consumer_detail[0];
};
const tell = async (when) => {
  const { num_redelivered: redelivered, num_ack_pending: waiting } = await consumer();
  console.log(`${when}: num_redelivered ${redelivered}, num_ack_pending ${waiting}`);
};
void (async () => {
  const nc = await connect({ servers: client });
  const jsm = await nc.jetstreamManager();
  const js = nc.jetstream();
  await jsm.streams.add({ name: 'S', subjects: ['s'] });
  await jsm.consumers.add('S', { durable_name: 'C', ack_policy: 'explicit', ack_wait: nanos(200), max_deliver: 2 });
  for (let i = 0; i < 3; i += 1) await js.publish('s');
  const pull = await js.consumers.get('S', 'C');
  let deliveries = 0;
  while (deliveries < 6) if ((await pull.next({ expires: 1000 })) !== null) deliveries += 1;
  while ((await consumer()).num_ack_pending > 0) await pull.next({ expires: 1000 });
  await tell('after max_deliver');
  await js.publish('s');
  const fourth = await pull.next({ expires: 5000 });
  await fourth.ackAck();
  await tell('after another message was acknowledged');
  await jsm.streams.purge('S');
  await tell('after a purge');
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'after max_deliver: num_redelivered 3, num_ack_pending 0
after another message was acknowledged: num_redelivered 3, num_ack_pending 0
after a purge: num_redelivered 3, num_ack_pending 0' ] || { echo 'this has changed' >&2; exit 1; }
