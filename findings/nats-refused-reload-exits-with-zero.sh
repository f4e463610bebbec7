#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a reload that the server refuses looks
# like one that went well everywhere but in the server's log. `--signal reload` exits 0 and prints nothing, -t finds the
# file valid, /healthz stays 200 and /varz shows no error. One option that cannot be reloaded (here `listen`) holds back all
# others of the file: max_connections keeps its old value, and only config_load_time, which does not move, tells.
# Seen, with max_connections changed from 100 to 50, first together with `listen`, then alone:
#   with listen: -t 0, signal 0 "", health 200, max_connections 100, config_load_time stands
#   alone: -t 0, signal 0 "", health 200, max_connections 50, config_load_time moves
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
url=http://127.9.8.3:8222
configure() { # port of clients, max_connections
  printf 'listen: "127.9.8.3:%s"\nhttp: "127.9.8.3:8222"\nmax_connections: %s\n' "$1" "$2" > n.conf
}
varz() { curl -s "$url/varz" | sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p"; }
configure 4222 100
root/usr/sbin/nats-server -c n.conf > n.log 2>&1 & server=$!
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
reload() { # words of the log that end it
  local before tested=0 code=0 said
  before=$(varz config_load_time)
  root/usr/sbin/nats-server -t -c n.conf >/dev/null 2>&1 || tested=$?
  said=$(root/usr/sbin/nats-server --signal "reload=$server" 2>&1) || code=$?
  until grep -q "$1" n.log; do sleep 0.1; done
  echo "-t $tested, signal $code \"$said\", health $(curl -s -o /dev/null -w '%{http_code}' "$url/healthz")," \
    "max_connections $(varz max_connections)," \
    "config_load_time $([ "$(varz config_load_time)" = "$before" ] && echo stands || echo moves)"
}
configure 4223 50
first=$(reload 'Failed to reload')
configure 4222 50
seen="with listen: $first
alone: $(reload 'Reloaded server configuration')"
echo "$seen"
[ "$seen" = 'with listen: -t 0, signal 0 "", health 200, max_connections 100, config_load_time stands
alone: -t 0, signal 0 "", health 200, max_connections 50, config_load_time moves' ] || { echo 'this has changed' >&2; exit 1; }
