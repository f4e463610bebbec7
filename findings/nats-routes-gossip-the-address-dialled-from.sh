#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3): two servers whose routes lead to a third are told of each other by
# the address that each has dialled from, with the port that each listens on: `cluster { listen }` does not count. Where a
# host has several addresses and a server listens on one that the system would not dial from, the two never have a route
# to each other, though the third has one to both; nothing but failed dials in the log says so. `cluster { advertise }`,
# with the very address of `listen`, mends it; clients are told the right addresses all the time (connect_urls).
# Seen, each server on an address of its own of 127.0.0.0/8, which Linux dials from 127.0.0.1; routes to other servers:
#   listen alone: n1 2, n2 1, n3 1; n2 dials 127.0.0.1
#   with advertise: n1 2, n2 2, n3 2
set -euo pipefail
folder=$(mktemp -d); pids=(); trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
routes() { # a port of monitoring: how many servers it has routes to
  curl -s "http://$1/routez" | grep -o '"remote_id": "[A-Z0-9]*"' | sort -u | wc -l
}
start() { # name, advertise or nothing, routes
  local own="127.9.9.${1#n}"
  printf 'server_name: %s\nlisten: "%s:-1"\nhttp: "%s:8222"\ncluster { name: c, listen: "%s:6222", %s routes: [%s] }\n' \
    "$1" "$own" "$own" "$own" "${2:+advertise: \"$own\",}" "$3" > "$1.conf"
  root/usr/sbin/nats-server -c "$1.conf" > "$1.log" 2>&1 & pids+=($!)
  until curl -s "http://$own:8222/varz" >/dev/null; do sleep 0.1; done
}
try() { # advertise or nothing
  pids=()
  start n1 "$1" ''; start n2 "$1" '"nats://127.9.9.1:6222"'; start n3 "$1" '"nats://127.9.9.1:6222"'
  for _ in $(seq 100); do
    counts="n1 $(routes 127.9.9.1:8222), n2 $(routes 127.9.9.2:8222), n3 $(routes 127.9.9.3:8222)"
    [ "$counts" = 'n1 2, n2 2, n3 2' ] && break
    # Failed dials go on each second: two of them end the wait.
    [ "$(cat n2.log n3.log | grep -c 'Error trying to connect to route')" -ge 2 ] && break
    sleep 0.2
  done
  echo "$counts"
  grep -ho 'dial tcp 127[0-9.]*' n2.log n3.log | sort -u || true
  kill "${pids[@]}"; wait "${pids[@]}" 2>/dev/null || true
}
seen="listen alone: $(try '')
with advertise: $(try yes)"
echo "$seen"
[ "$seen" = 'listen alone: n1 2, n2 1, n3 1
dial tcp 127.0.0.1
with advertise: n1 2, n2 2, n3 2' ] || { echo 'this has changed' >&2; exit 1; }
