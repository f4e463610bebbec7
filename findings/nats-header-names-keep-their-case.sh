#!/usr/bin/env bash
# @nats-io/jetstream 3.4.0 with nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): headers of
# NATS look like HTTP's, but their names' case counts. What comes through a Headers object, as in a bridge from HTTP, has its
# names in small letters, and JetStream does not know nats-msg-id for Nats-Msg-Id: a message that is sent three times is
# stored three times, and a wrong expected sequence is not refused. No reply says that a header was not known.
# Seen of names as they were written, and after a Headers object:
#   as written: stored 1 of 3, wrong sequence refused: wrong last sequence: 1
#   by way of Headers: stored 3 of 3, wrong sequence taken
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @nats-io/jetstream@3.4.0 @nats-io/transport-node@3.4.0 >/dev/null 2>&1
printf 'host: 127.0.0.1\njetstream { store_dir: "%s/js" }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { jetstream, jetstreamManager } = require('@nats-io/jetstream');
const { connect, headers } = require('@nats-io/transport-node');
const { nats: [servers] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const [js, jsm] = [jetstream(nc), await jetstreamManager(nc)];
  const look = async (stream, names) => {
    await jsm.streams.add({ name: stream, subjects: [stream] });
    const publish = async (given) => {
      const own = headers();
      for (const [name, value] of names(given)) own.set(name, value);
      await js.publish(stream, 'order 7', { headers: own });
    };
    for (let i = 0; i < 3; i += 1) await publish({ 'Nats-Msg-Id': 'order-7' });
    const { state } = await jsm.streams.info(stream);
    const end = await publish({ 'Nats-Expected-Last-Sequence': '99' }).then(
      () => 'taken',
      ({ message }) => `refused: ${message}`,
    );
    return `stored ${state.messages} of 3, wrong sequence ${end}`;
  };
  console.log(`as written: ${await look('WRITTEN', Object.entries)}`);
  console.log(`by way of Headers: ${await look('FETCHED', (given) => new Headers(given))}`);
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'as written: stored 1 of 3, wrong sequence refused: wrong last sequence: 1
by way of Headers: stored 3 of 3, wrong sequence taken' ] || { echo 'this has changed' >&2; exit 1; }
