#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a reload that takes `jetstream` out of
# the configuration turns JetStream off at once, and /jsz says `disabled: true`. /varz goes on showing `jetstream` with the
# configuration and statistics of before, and /healthz?js-enabled-only=true answers ok, as nothing is configured: who asks
# these two whether JetStream runs is told yes.
# Seen before and after the reload: whether /jsz is disabled, whether /varz has jetstream.stats, the health:
#   before: disabled no, stats yes, 200
#   after: disabled yes, stats yes, 200
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${pid:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
base='server_name: n1
listen: "127.0.0.1:-1"
http: "127.9.8.1:8222"'
url=http://127.9.8.1:8222
printf '%s\njetstream { store_dir: "data", max_mem: 1MB, max_file: 1MB }\n' "$base" > n1.conf
root/usr/sbin/nats-server -c n1.conf > n1.log 2>&1 & pid=$!
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
has() { if curl -s "$url/$1" | tr -d ' \n' | grep -q "$2"; then echo yes; else echo no; fi; }
look() {
  echo "disabled $(has jsz '"disabled":true'), stats $(has varz '"stats":{"memory"'), $(curl -s -o /dev/null -w '%{http_code}' "$url/healthz?js-enabled-only=true")"
}
before=$(look)
printf '%s\n' "$base" > n1.conf
kill -HUP "$pid"
until grep -q 'Reloaded server configuration' n1.log; do sleep 0.1; done
seen="before: $before
after: $(look)"
echo "$seen"
[ "$seen" = 'before: disabled no, stats yes, 200
after: disabled yes, stats yes, 200' ] || { echo 'this has changed' >&2; exit 1; }
