#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): `storage` of /jsz, `bytes` of a stream and
# the limit max_file are about messages that are there. What was overwritten stays in the stream's files: those of a KV bucket
# with one key grow to 4 MB, however small the value, before they begin anew, and nothing else takes it away, not time
# either. Buckets whose keys are few and change often say some hundred bytes and have megabytes on the disk, each of
# them, so that a server far below max_file has filled several times that much. Only the disk itself tells.
# Seen of twenty buckets, one key of 1 kB each, put 1,500 times, max_file 10 MB:
#   storage 20 kB of 10 MB, disk above 30 MB; after 10 s: storage 20 kB, disk above 30 MB
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nats@2.29.3 >/dev/null 2>&1
printf 'host: 127.0.0.1\njetstream { store_dir: "%s/store", max_file: 10MB, max_mem: 1MB }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > write.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect } = require('nats');
const { nats: [servers] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
void (async () => {
  const nc = await connect({ servers });
  const js = nc.jetstream();
  for (let i = 0; i < 20; i += 1) {
    const bucket = await js.views.kv(`state${i}`);
    for (let put = 0; put < 1500; put += 50) {
      await Promise.all(Array.from({ length: 50 }, () => bucket.put('last', new Uint8Array(1000))));
    }
  }
  await nc.close();
})();
JS
node write.cjs "$(ls "$folder"/*.ports)"
http=$(grep -oE 'http://127.0.0.1:[0-9]+' "$folder"/*.ports | head -1)
look() {
  local storage disk
  storage=$(curl -sf "$http/jsz" | grep -oE '"storage": *[0-9]+' | grep -oE '[0-9]+$')
  disk=$(du -s -B1 "$folder/store" | cut -f 1)
  echo "storage $((storage / 10000 * 10)) kB"
  [ "$disk" -gt 30000000 ] && echo 'disk above 30 MB' || echo "disk $disk"
}
first=$(look | paste -sd , | sed 's/,/ of 10 MB, /')
sleep 10
seen="$first; after 10 s: $(look | paste -sd , | sed 's/,/, /')"
echo "$seen"
[ "$seen" = 'storage 20 kB of 10 MB, disk above 30 MB; after 10 s: storage 20 kB, disk above 30 MB' ] ||
  { echo 'this has changed' >&2; exit 1; }
