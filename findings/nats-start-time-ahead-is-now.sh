#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a consumer with deliver_policy
# "by_start_time" and a time that is still to come is taken without a complaint, its configuration shows the time, and it begins
# at once: what is published before that time is delivered, as with "new". A worker that is to take over at midnight does so
# when it is deployed, and messages are worked on twice or too early.
# Seen of a stream with five messages, a consumer whose time is in an hour, then five more messages; and one of an hour ago:
#   in an hour: num_pending 0, then 5, delivered 5, the first 60 minutes too early
#   an hour ago: num_pending 5, then 10, delivered 10
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
const { nats: [servers] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const [js, jsm] = [nc.jetstream(), await nc.jetstreamManager()];
  const look = async (title, stream, minutes) => {
    await jsm.streams.add({ name: stream, subjects: [stream] });
    const publish = async () => {
      for (let i = 0; i < 5; i += 1) await js.publish(stream);
    };
    await publish();
    const start = new Date(Date.now() + minutes * 60_000).toISOString();
    const policy = { deliver_policy: 'by_start_time', opt_start_time: start };
    await jsm.consumers.add(stream, { durable_name: 'd', ack_policy: 'explicit', ...policy });
    const pending = async () => (await jsm.consumers.info(stream, 'd')).num_pending;
    const before = await pending();
    await publish();
    const after = await pending();
    const early = [];
    for await (const { info } of await (await js.consumers.get(stream, 'd')).fetch({ max_messages: 20, expires: 2000 })) {
      const published = info.timestampNanos / 1e6;
      const { config } = await jsm.consumers.info(stream, 'd');
      early.push(Math.round((Date.parse(config.opt_start_time) - published) / 60_000));
    }
    const tooEarly = early[0] > 0 ? `, the first ${early[0]} minutes too early` : '';
    console.log(`${title}: num_pending ${before}, then ${after}, delivered ${early.length}${tooEarly}`);
  };
  await look('in an hour', 'ahead', 60);
  await look('an hour ago', 'past', -60);
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'in an hour: num_pending 0, then 5, delivered 5, the first 60 minutes too early
an hour ago: num_pending 5, then 10, delivered 10' ] || { echo 'this has changed' >&2; exit 1; }
