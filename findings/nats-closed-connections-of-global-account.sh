#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): /connz?acc= takes the name of the
# account that every client is in where none is configured, $G, as any other, and lists its open connections. With
# state=closed the same name lists nothing, with 200 and no error, though a closed connection of $G is there, and other
# accounts' are found by name: on a server without accounts, "closed connections of this account" is always empty.
# Seen of two clients, one in $G and one in A, before and after they leave; rows by acc=$G, by acc=A and without acc:
#   open: 1 1 2
#   closed: 0 1 2
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
url=http://127.9.8.4:8222
cat > n.conf <<'CONF'
listen: "127.9.8.4:4222"
http: "127.9.8.4:8222"
authorization { users [ { user: global, password: secret } ] }
accounts { A { users [ { user: other, password: secret } ] } }
CONF
root/usr/sbin/nats-server -c n.conf > n.log 2>&1 & server=$!
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
rows() { curl -s "$url/connz?state=$1&acc=$2" | grep -c '"cid"' || true; }
look() { echo "$(rows "$1" '$G') $(rows "$1" A) $(rows "$1" '')"; }
exec 3<>/dev/tcp/127.9.8.4/4222 4<>/dev/tcp/127.9.8.4/4222
printf 'CONNECT {"user":"global","pass":"secret"}\r\nPING\r\n' >&3
printf 'CONNECT {"user":"other","pass":"secret"}\r\nPING\r\n' >&4
until read -r line <&3 && [[ $line == PONG* ]]; do :; done
until read -r line <&4 && [[ $line == PONG* ]]; do :; done
open=$(look open)
exec 3>&- 4>&-
until [ "$(rows closed '')" = 2 ]; do sleep 0.1; done
seen="open: $open
closed: $(look closed)"
echo "$seen"
[ "$seen" = 'open: 1 1 2
closed: 0 1 2' ] || { echo 'this has changed' >&2; exit 1; }
