#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a reload that removes a user cuts that
# user's connections, and /connz?state=closed gives "Client Closed" as the reason, the one of a client that left by itself:
# an application that the administrator has cut off looks like one that was ended in good order. A user whose password the
# same reload changed is "Authentication Failure".
# Seen:
#   removed: Client Closed
#   repassworded: Authentication Failure
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
url=http://127.9.8.6:8222
configure() { printf 'listen: "127.9.8.6:4222"\nhttp: "127.9.8.6:8222"\nauthorization { users [ %s ] }\n' "$1" > n.conf; }
configure '{ user: removed, password: old }, { user: repassworded, password: old }'
root/usr/sbin/nats-server -c n.conf > n.log 2>&1 & server=$!
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
exec 3<>/dev/tcp/127.9.8.6/4222 4<>/dev/tcp/127.9.8.6/4222
printf 'CONNECT {"user":"removed","pass":"old","name":"removed"}\r\nPING\r\n' >&3
printf 'CONNECT {"user":"repassworded","pass":"old","name":"repassworded"}\r\nPING\r\n' >&4
until read -r line <&3 && [[ $line == PONG* ]]; do :; done
until read -r line <&4 && [[ $line == PONG* ]]; do :; done
configure '{ user: repassworded, password: new }'
kill -HUP "$server"
closed() { curl -s "$url/connz?state=closed"; }
until [ "$(closed | grep -c '"reason"')" = 2 ]; do sleep 0.1; done
reason() { closed | tr -d '\n' | grep -oE "\"reason\": \"[^\"]*\"[^{}]*\"name\": \"$1\"" | cut -d'"' -f4; }
seen="removed: $(reason removed)
repassworded: $(reason repassworded)"
echo "$seen"
[ "$seen" = 'removed: Client Closed
repassworded: Authentication Failure' ] || { echo 'this has changed' >&2; exit 1; }
