#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3): a client that is refused because the server is full counts in
# /varz total_connections, though it was never connected; /varz connections, and the gauge's maximum, never show it. So
# the growth of total_connections, read as "connections opened", rises with every retry of those who stay outside.
# Seen, with max_connections 2, two clients that stay and five that are refused:
#   connections 2, total_connections 7, closed rows: 5 x Maximum Connections Exceeded
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
printf 'host: 127.0.0.1\nmax_connections: 2\n' > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');
const { nats: [client], monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const open = () =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(client).port), '127.0.0.1');
    let said = '';
    socket.on('error', () => resolve()).on('close', () => resolve());
    socket.on('data', (data) => {
      said += data;
      if (said.startsWith('INFO') && !socket.asked) {
        socket.asked = true;
        socket.write('CONNECT {"verbose":false}\r\nPING\r\n');
      }
      if (said.includes('PONG')) resolve();
    });
  });
const ask = async (path) => (await fetch(http + path)).json();
void (async () => {
  for (let i = 0; i < 7; i += 1) await open();
  const { connections, total_connections: total } = await ask('/varz');
  const { connections: rows } = await ask('/connz?state=closed');
  const reasons = [...new Set(rows.map(({ reason }) => reason))];
  console.log(`connections ${connections}, total_connections ${total}, closed rows: ${rows.length} x ${reasons}`);
  process.exit();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'connections 2, total_connections 7, closed rows: 5 x Maximum Connections Exceeded' ] || { echo 'this has changed' >&2; exit 1; }
