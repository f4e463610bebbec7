#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.15.1 does the same): `last_activity` and `idle` of /routez move with
# what is sent as well as with what comes. Of a peer that is frozen they stay fresh for as long as the route is open (60 to
# 90 s, and longer with a `ping_max` above 2), since the server sends it its statistics every 10 s. Who looks for a dead route by them finds
# none: `in_msgs` alone stands still.
# Seen 25 s after the peer was frozen (SIGSTOP):
#   in_msgs stands still, idle for less than 12 s
set -euo pipefail
folder=$(mktemp -d); cd "$folder"
trap 'kill -CONT ${peer:-} 2>/dev/null || true; kill ${peer:-} ${own:-} 2>/dev/null || true; rm -rf "$folder"' EXIT
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
start() {
  printf 'server_name: n%s\nlisten: "127.0.0.1:-1"\nhttp: "127.9.8.%s:8222"\ncluster { name: c, listen: "127.9.8.%s:6222", routes: ["nats://127.9.8.1:6222"] }\n' \
    "$1" "$1" "$1" > "n$1.conf"
  root/usr/sbin/nats-server -c "n$1.conf" > "n$1.log" 2>&1 &
}
start 1; own=$!
start 2; peer=$!
routez() { curl -s http://127.9.8.1:8222/routez; }
until routez | grep -q '"remote_id"'; do sleep 0.1; done
sleep 15
kill -STOP "$peer"
sleep 1
received() { routez | grep '"in_msgs"'; }
before=$(received)
sleep 24
stands=$([ "$(received)" = "$before" ] && echo 'stands still' || echo 'goes on')
idle=$(routez | sed -n 's/.*"idle": "\(.*\)s".*/\1/p')
seen="in_msgs $stands, idle for $([[ "$idle" =~ ^[0-9]+$ && "$idle" -lt 12 ]] && echo 'less than 12 s' || echo "$idle s")"
echo "$seen"
[ "$seen" = 'in_msgs stands still, idle for less than 12 s' ] || { echo 'this has changed' >&2; exit 1; }
