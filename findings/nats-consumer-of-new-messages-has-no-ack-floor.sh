#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same), /jsz?consumers=1: a consumer that is
# made with deliver_policy "new" on a stream with messages says at once that all of them were delivered
# (delivered.stream_seq is the stream's last), and that none was acknowledged (ack_floor.stream_seq 0). It stays so for as
# long as no new message is acknowledged, however old the stream: delivered less ack floor, read as messages that wait for
# an acknowledgement, is the stream's whole length, while num_ack_pending and num_pending are 0. The first acknowledgement
# makes up for all at once.
# Seen, on a stream of 1,000 messages, and after one more that was acknowledged:
#   new: delivered 1000, ack floor 0, unacknowledged 0, pending 0
#   after one: delivered 1001, ack floor 1001, unacknowledged 0, pending 0
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
const { connect } = require('nats');
const { nats: [url], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
(async () => {
  const nc = await connect({ servers: url });
  const [js, jsm] = [nc.jetstream(), await nc.jetstreamManager()];
  await jsm.streams.add({ name: 'ORDERS', subjects: ['orders'] });
  for (let i = 0; i < 1000; i += 1) await js.publish('orders');
  await jsm.consumers.add('ORDERS', { durable_name: 'shipping', ack_policy: 'explicit', deliver_policy: 'new' });
  const look = async (when) => {
    const { account_details: [account] } = await (await fetch(`${http}/jsz?consumers=true`)).json();
    const [row] = account.stream_detail[0].consumer_detail;
    return `${when}: delivered ${row.delivered.stream_seq}, ack floor ${row.ack_floor.stream_seq}, ` +
      `unacknowledged ${row.num_ack_pending}, pending ${row.num_pending}`;
  };
  console.log(await look('new'));
  await js.publish('orders');
  const message = await js.pull('ORDERS', 'shipping');
  await message.ackAck();
  console.log(await look('after one'));
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'new: delivered 1000, ack floor 0, unacknowledged 0, pending 0
after one: delivered 1001, ack floor 1001, unacknowledged 0, pending 0' ] || { echo 'this has changed' >&2; exit 1; }
