#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a message with a Nats-Msg-Id that was seen
# within the duplicate window (two minutes unless set) is acknowledged and not stored, also where the first one is no longer
# there: a stream that was purged and filled again, as after a mistake or between two tests, stays empty, and each publish is
# answered with the sequence of a message that does not exist. No error and no counter moves; `duplicate` of the
# acknowledgement alone tells. A stream that was deleted and made anew has forgotten the ids.
# Seen of three messages, sent again with their ids; what the second three were answered, and messages in the stream:
#   after a purge: seq 1 2 3, duplicates 3, messages 0
#   after each was deleted: seq 1 2 3, duplicates 3, messages 0
#   stream made anew: seq 1 2 3, duplicates 0, messages 3
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
  const config = { name: 'S', subjects: ['orders'] };
  const send = async () => {
    const acks = [];
    for (const msgID of ['a', 'b', 'c']) acks.push(await js.publish('orders', 'order', { msgID }));
    return acks;
  };
  const look = async (title, remove) => {
    await jsm.streams.add(config);
    await send();
    await remove();
    const acks = await send();
    const { state } = await jsm.streams.info('S');
    const duplicates = acks.filter(({ duplicate }) => duplicate).length;
    console.log(`${title}: seq ${acks.map(({ seq }) => seq).join(' ')}, duplicates ${duplicates}, messages ${state.messages}`);
    await jsm.streams.delete('S');
  };
  await look('after a purge', () => jsm.streams.purge('S'));
  await look('after each was deleted', async () => {
    for (const seq of [1, 2, 3]) await jsm.streams.deleteMessage('S', seq);
  });
  await look('stream made anew', async () => {
    await jsm.streams.delete('S');
    await jsm.streams.add(config);
  });
  await nc.close();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'after a purge: seq 1 2 3, duplicates 3, messages 0
after each was deleted: seq 1 2 3, duplicates 3, messages 0
stream made anew: seq 1 2 3, duplicates 0, messages 3' ] || { echo 'this has changed' >&2; exit 1; }
