#!/usr/bin/env bash
# @nats-io/jetstream 3.4.0 with nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; the same with 2.10.27 and 2.15.1): a
# consumer that is deleted while a client waits for its messages ends fetch() with an error. consume(), which is there
# for workers, waits on as if there were nothing to do, and so it does where the whole stream is deleted: no error and no end of
# the `for await`. The worker is alive and connected, and /jsz no longer has the consumer whose messages would pile up. Only
# status() of what consume() returns tells, or `abort_on_missing_resource: true`, which makes an error of it.
# Seen of a loop over messages, within 10 s after the deletion:
#   fetch, consumer deleted: JetStreamStatusError
#   consume, consumer deleted: waits on, status says consumer_deleted
#   consume, stream deleted: waits on, status says consumer_deleted
#   consume with abort_on_missing_resource, stream deleted: JetStreamStatusError
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
const { nats: [servers] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const [js, jsm] = [jetstream(nc), await jetstreamManager(nc)];
  const look = async (title, open, remove) => {
    await jsm.streams.add({ name: 'S', subjects: ['orders'] });
    await jsm.consumers.add('S', { durable_name: 'd', ack_policy: 'explicit' });
    const messages = await open(await js.consumers.get('S', 'd'));
    const told = new Set();
    void (async () => {
      for await (const { type } of messages.status()) told.add(type);
    })();
    const loop = (async () => {
      for await (const message of messages) message.ack();
      return 'ended';
    })().catch(({ name }) => name);
    await pause(1000);
    await remove();
    const end = await Promise.race([loop, pause(10_000, 'waits on')]);
    console.log(`${title}: ${end}${end === 'waits on' && told.has('consumer_deleted') ? ', status says consumer_deleted' : ''}`);
    messages.stop();
    await loop;
  };
  const [consumer, stream] = [() => jsm.consumers.delete('S', 'd'), () => jsm.streams.delete('S')];
  await look('fetch, consumer deleted', (from) => from.fetch({ max_messages: 10, expires: 60_000 }), consumer);
  await look('consume, consumer deleted', (from) => from.consume(), consumer);
  await look('consume, stream deleted', (from) => from.consume(), stream);
  const strict = { abort_on_missing_resource: true };
  await look('consume with abort_on_missing_resource, stream deleted', (from) => from.consume(strict), stream);
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'fetch, consumer deleted: JetStreamStatusError
consume, consumer deleted: waits on, status says consumer_deleted
consume, stream deleted: waits on, status says consumer_deleted
consume with abort_on_missing_resource, stream deleted: JetStreamStatusError' ] || { echo 'this has changed' >&2; exit 1; }
