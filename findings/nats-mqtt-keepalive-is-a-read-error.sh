#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3) as MQTT 3.1.1 server: a client that misses its keepalive is closed
# with "Read Error", the reason of a connection that was reset, never "Stale Connection", the reason of a NATS client that
# does not answer PINGs: dead devices and broken links look the same in /connz?state=closed. And the time is one and a half
# keepalives in whole seconds, cut off: after a keepalive of 1 s the server waits 1 s, where MQTT wants 1.5.
# Seen, nothing sent after CONNECT:
#   keepalive 1 s: Read Error, lived 1 s
#   keepalive 2 s: Read Error, lived 3 s
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
printf 'host: 127.0.0.1\nserver_name: n1\njetstream { store_dir: "%s/js" }\nmqtt { host: 127.0.0.1, port: -1 }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until grep -q 'Listening for MQTT clients on' log.txt && ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
mqtt=$(grep -oE 'MQTT clients on [a-z]+://127.0.0.1:[0-9]+' log.txt | grep -oE '[0-9]+$')
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');
const { monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const text = (value) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
const stay = (name, keepalive) =>
  new Promise((resolve) => {
    const body = Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, keepalive]), text(name)]);
    const socket = connect(Number(process.argv[3]), '127.0.0.1').on('error', () => {});
    socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
    socket.resume().on('close', resolve);
  });
void (async () => {
  for (const keepalive of [1, 2]) {
    await stay(`device-${keepalive}`, keepalive);
    const { connections } = await (await fetch(`${http}/connz?state=closed`)).json();
    const row = connections.find(({ mqtt_client: name }) => name === `device-${keepalive}`);
    const lived = Math.round((Date.parse(row.stop) - Date.parse(row.start)) / 500) / 2;
    console.log(`keepalive ${keepalive} s: ${row.reason}, lived ${lived} s`);
  }
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)" "$mqtt")
echo "$seen"
[ "$seen" = 'keepalive 1 s: Read Error, lived 1 s
keepalive 2 s: Read Error, lived 3 s' ] || { echo 'this has changed' >&2; exit 1; }
