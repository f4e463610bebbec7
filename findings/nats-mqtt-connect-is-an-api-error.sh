#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same) as MQTT server: an MQTT client that connects
# has its session looked up in JetStream, and that there is none counts as an error of JetStream's API: one for each client
# with a clean session whenever it connects, and one for a new client that keeps its session. api.errors of /varz and /jsz
# rises with the devices that come and go, in good order, and an alarm on its growth is about them: no client asked the API
# for anything, and none was refused.
# Seen of twenty clients that connect and leave, growth of api.total and api.errors:
#   clean sessions: 40, 20; again: 40, 20
#   kept sessions: 20, 20; again: 0, 0
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mqtt@5.16.0 >/dev/null 2>&1
printf 'host: 127.0.0.1\nserver_name: n1\njetstream { store_dir: "%s/js" }\nmqtt { host: 127.0.0.1, port: -1 }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until grep -q 'Listening for MQTT clients on' log.txt && ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
mqtt=$(grep -oE 'MQTT clients on [a-z]+://127.0.0.1:[0-9]+' log.txt | grep -oE '[0-9]+$')
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { connectAsync } = require('mqtt');
const { monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const api = async () => (await (await fetch(`${http}/jsz`)).json()).api;
const open = (clientId, clean) =>
  connectAsync(`mqtt://127.0.0.1:${process.argv[3]}`, { clientId, clean, reconnectPeriod: 0, protocolVersion: 4 });
const grown = async (clean) => {
  const before = await api();
  for (let i = 0; i < 20; i += 1) await (await open(`${clean ? 'clean' : 'kept'}-${i}`, clean)).endAsync();
  await pause(500);
  const after = await api();
  return `${after.total - before.total}, ${after.errors - before.errors}`;
};
void (async () => {
  const first = await open('first', true);
  console.log(`clean sessions: ${await grown(true)}; again: ${await grown(true)}`);
  console.log(`kept sessions: ${await grown(false)}; again: ${await grown(false)}`);
  await first.endAsync();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)" "$mqtt")
echo "$seen"
[ "$seen" = 'clean sessions: 40, 20; again: 40, 20
kept sessions: 20, 20; again: 0, 0' ] || { cat log.txt >&2; echo 'this has changed' >&2; exit 1; }
