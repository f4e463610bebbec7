#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 does the same, 2.15.1 does not): /subsz?subs=1 answers with
# server_id, now and subscriptions_list, but for a subject that nobody listens to with counters alone. The reply that says
# that a service is down does not say which server says so, and a reader that wants server_id takes it for no reply.
# Seen of a subject that is listened to, and of one that is not: whether server_id is there:
#   heard: yes
#   not heard: no
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${pid:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
url=http://127.9.8.2:8222
printf 'listen: "127.9.8.2:4222"\nhttp: "127.9.8.2:8222"\n' > n1.conf
root/usr/sbin/nats-server -c n1.conf > n1.log 2>&1 & pid=$!
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
exec 3<>/dev/tcp/127.9.8.2/4222
printf 'CONNECT {}\r\nSUB heard 1\r\nPING\r\n' >&3
until read -r line <&3 && [[ $line == PONG* ]]; do :; done
named() { if curl -s "$url/subsz?subs=1&test=$1" | grep -q '"server_id"'; then echo yes; else echo no; fi; }
seen="heard: $(named heard)
not heard: $(named nobody)"
echo "$seen"
[ "$seen" = 'heard: yes
not heard: no' ] || { echo 'this has changed' >&2; exit 1; }
