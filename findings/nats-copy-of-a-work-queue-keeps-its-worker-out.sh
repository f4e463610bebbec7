#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 does the same): a mirror of a work queue, or a stream that has it as
# source, made as a backup, is one more reader of it. Where a worker's consumer was there first, both get all messages.
# Where the copy comes first, it takes the messages out of the queue, and the worker's consumer is refused, since a work
# queue has one reader: one of which /jsz has no word, it lists no consumer at all. So a set-up that is right in one order of
# its deployment has lost its queue in the other. 2.15.1 takes the worker in the second case as well; the messages from
# before are gone from the queue there too.
# Seen of a queue with five messages, by what was made first:
#   worker: consumer made, queue 5, copy 5, worker got 5
#   mirror: multiple non-filtered consumers not allowed on workqueue stream, queue 0, copy 5, consumers listed 0
#   stream with it as source: multiple non-filtered consumers not allowed on workqueue stream, queue 0, copy 5, consumers listed 0
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
const { setTimeout: pause } = require('node:timers/promises');
const { connect } = require('nats');
const { nats: [servers], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const [js, jsm] = [nc.jetstream(), await nc.jetstreamManager()];
  const messages = async (stream) => (await jsm.streams.info(stream)).state.messages;
  const look = async (title, queue, copy) => {
    await jsm.streams.add({ name: queue, subjects: [queue], retention: 'workqueue' });
    const worker = () =>
      jsm.consumers.add(queue, { durable_name: 'd', ack_policy: 'explicit' }).then(
        () => 'consumer made',
        ({ message }) => message,
      );
    const early = title === 'worker' ? await worker() : undefined;
    for (let i = 0; i < 5; i += 1) await js.publish(queue);
    await jsm.streams.add({ name: `copy-${queue}`, ...copy });
    for (let i = 0; i < 300 && (await messages(`copy-${queue}`)) < 5; i += 1) await pause(100);
    await pause(1000);
    const made = early ?? (await worker());
    const counts = `${made}, queue ${await messages(queue)}, copy ${await messages(`copy-${queue}`)}`;
    if (made !== 'consumer made') {
      const { account_details: [{ stream_detail: streams }] } = await (await fetch(`${http}/jsz?consumers=1`)).json();
      const { consumer_detail: listed = [] } = streams.find(({ name }) => name === queue);
      console.log(`${title}: ${counts}, consumers listed ${listed.length}`);
      return;
    }
    let got = 0;
    for await (const message of await (await js.consumers.get(queue, 'd')).fetch({ max_messages: 5, expires: 2000 })) {
      got += 1;
      message.ack();
    }
    console.log(`${title}: ${counts}, worker got ${got}`);
  };
  await look('worker', 'first', { mirror: { name: 'first' } });
  await look('mirror', 'second', { mirror: { name: 'second' } });
  await look('stream with it as source', 'third', { sources: [{ name: 'third' }] });
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'worker: consumer made, queue 5, copy 5, worker got 5
mirror: multiple non-filtered consumers not allowed on workqueue stream, queue 0, copy 5, consumers listed 0
stream with it as source: multiple non-filtered consumers not allowed on workqueue stream, queue 0, copy 5, consumers listed 0' ] ||
  { echo 'this has changed' >&2; exit 1; }
