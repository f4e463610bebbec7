#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do not): a purge of one subject of a stream, of one key
# of a KV bucket, or of a subject that has no messages, takes a consumer of more subjects than that to the stream's end. All
# that it has yet to deliver, of other subjects, is still in the stream and is never delivered, and messages that wait for an
# acknowledgement are forgotten. Every figure says that it is well: num_pending 0, num_ack_pending 0, ack_floor at the last
# message. A consumer that filters another subject goes on as it should.
# Seen of six messages on a and b in turn, of which each consumer has taken the first two unacknowledged, after a purge:
#   of a, consumer of all: 3 messages, num_pending 0, num_ack_pending 0, delivered by and by: none
#   of a, consumer of b: 3 messages, num_pending 1, num_ack_pending 2, delivered by and by: b
#   of what nobody publishes, consumer of all: 6 messages, num_pending 0, num_ack_pending 0, delivered by and by: none
#   bucket of six keys, one is purged: 6 messages, num_pending 1, num_ack_pending 0, delivered by and by: key0
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
printf 'host: 127.0.0.1\njetstream { store_dir: "%s/store" }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect } = require('nats');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const [js, jsm] = [nc.jetstream(), await nc.jetstreamManager()];
  const take = async (stream, max) => {
    const consumer = await js.consumers.get(stream, 'd');
    const seen = [];
    for await (const { subject } of await consumer.fetch({ max_messages: max, expires: 1000 })) {
      seen.push(subject.split('.').at(-1));
    }
    return seen.join(' ') || 'none';
  };
  const look = async (title, stream, filter, purge) => {
    const config = { durable_name: 'd', ack_policy: 'explicit', ack_wait: 600e9 };
    await jsm.consumers.add(stream, filter ? { ...config, filter_subject: filter } : config);
    await take(stream, 2);
    await purge();
    const { account_details: [{ stream_detail: streams }] } = await (await fetch(`${http}/jsz?consumers=1`)).json();
    const { state, consumer_detail: [consumer] } = streams.find(({ name }) => name === stream);
    const waits = `num_pending ${consumer.num_pending}, num_ack_pending ${consumer.num_ack_pending}`;
    console.log(`${title}: ${state.messages} messages, ${waits}, delivered by and by: ${await take(stream, 10)}`);
  };
  const six = async (stream) => {
    await jsm.streams.add({ name: stream, subjects: [`${stream}.>`] });
    for (let i = 0; i < 6; i += 1) await js.publish(`${stream}.${i % 2 ? 'b' : 'a'}`);
  };
  const purge = (stream, subject) => () => jsm.streams.purge(stream, { filter: `${stream}.${subject}` });
  await six('s1');
  await look('of a, consumer of all', 's1', undefined, purge('s1', 'a'));
  await six('s2');
  await look('of a, consumer of b', 's2', 's2.b', purge('s2', 'a'));
  await six('s3');
  await look('of what nobody publishes, consumer of all', 's3', undefined, purge('s3', 'nobody'));
  const bucket = await js.views.kv('config');
  for (let i = 0; i < 6; i += 1) await bucket.put(`key${i}`, 'value');
  await look('bucket of six keys, one is purged', 'KV_config', undefined, () => bucket.purge('key0'));
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'of a, consumer of all: 3 messages, num_pending 0, num_ack_pending 0, delivered by and by: none
of a, consumer of b: 3 messages, num_pending 1, num_ack_pending 2, delivered by and by: b
of what nobody publishes, consumer of all: 6 messages, num_pending 0, num_ack_pending 0, delivered by and by: none
bucket of six keys, one is purged: 6 messages, num_pending 1, num_ack_pending 0, delivered by and by: key0' ] ||
  { echo 'this has changed' >&2; exit 1; }
