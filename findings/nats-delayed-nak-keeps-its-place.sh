#!/usr/bin/env bash
# @nats-io/jetstream 3.4.0 with nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a message
# that is put off, by nak(milliseconds), counts against max_ack_pending for all of that time as one that a client works on.
# Where each failed message is put off for an hour, the first max_ack_pending failures (1,000 unless set) stop the consumer: all
# others wait behind them, though clients ask for messages and do nothing. In /jsz it looks like clients that hang:
# num_ack_pending at its limit, num_pending grows, num_waiting above 0, num_redelivered 0. A nak without a time frees its place.
# Seen of ten messages, of which the first three are refused once, and the rest acknowledged, max_ack_pending 3:
#   nak(): got 13, num_ack_pending 0, num_pending 0
#   nak(3600000): got 3, num_ack_pending 3, num_pending 7, num_redelivered 0, asked for: yes
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0 >/dev/null 2>&1
printf 'host: 127.0.0.1\njetstream { store_dir: "%s/store" }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { jetstream, jetstreamManager } = require('@nats-io/jetstream');
const { connect } = require('@nats-io/transport-node');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const [js, jsm] = [jetstream(nc), await jetstreamManager(nc)];
  const look = async (stream, delay) => {
    await jsm.streams.add({ name: stream, subjects: [stream] });
    const limits = { max_ack_pending: 3, ack_wait: 600e9 };
    await jsm.consumers.add(stream, { durable_name: 'd', ack_policy: 'explicit', ...limits });
    for (let i = 0; i < 10; i += 1) await js.publish(stream);
    const messages = await (await js.consumers.get(stream, 'd')).consume();
    let got = 0;
    const work = (async () => {
      for await (const message of messages) {
        got += 1;
        if (message.seq <= 3 && !message.redelivered) message.nak(delay);
        else message.ack();
      }
    })();
    await pause(3000);
    const { account_details: [{ stream_detail: streams }] } = await (await fetch(`${http}/jsz?consumers=1`)).json();
    const { consumer_detail: [row] } = streams.find(({ name }) => name === stream);
    messages.stop();
    await work;
    return { got, ...row };
  };
  const free = await look('free', undefined);
  console.log(`nak(): got ${free.got}, num_ack_pending ${free.num_ack_pending}, num_pending ${free.num_pending}`);
  const late = await look('late', 3_600_000);
  const counts = `num_ack_pending ${late.num_ack_pending}, num_pending ${late.num_pending}`;
  const rest = `num_redelivered ${late.num_redelivered}, asked for: ${late.num_waiting > 0 ? 'yes' : 'no'}`;
  console.log(`nak(3600000): got ${late.got}, ${counts}, ${rest}`);
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'nak(): got 13, num_ack_pending 0, num_pending 0
nak(3600000): got 3, num_ack_pending 3, num_pending 7, num_redelivered 0, asked for: yes' ] ||
  { echo 'this has changed' >&2; exit 1; }
