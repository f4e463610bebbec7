#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): /varz total_connections is what was
# ever opened. /accstatz total_conns, which reads like the same of one account, and which the Prometheus exporter names
# accstatz_total_connections, is clients and leafnodes that are connected now: it falls when they leave, and an increase()
# over it takes each fall for a restart of the server and counts those who stayed as new.
# Seen of one account with a leafnode and three clients, before and after two of the clients leave:
#   before: varz total_connections 3, accstatz conns 3, leafnodes 1, total_conns 4
#   after: varz total_connections 3, accstatz conns 1, leafnodes 1, total_conns 2
set -euo pipefail
folder=$(mktemp -d); pids=(); trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
url=http://127.9.8.9:8222
printf 'listen: "127.9.8.9:4222"\nhttp: "127.9.8.9:8222"\nleafnodes { listen: "127.9.8.9:7422" }
accounts { A { users [ { user: a, password: secret } ] } }\n' > hub.conf
printf 'listen: "127.9.8.9:-1"\nleafnodes { remotes [ { url: "nats://a:secret@127.9.8.9:7422" } ] }\n' > leaf.conf
root/usr/sbin/nats-server -c hub.conf > hub.log 2>&1 & pids+=($!)
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
root/usr/sbin/nats-server -c leaf.conf > leaf.log 2>&1 & pids+=($!)
of_account() { # a field of account A
  curl -s "$url/accstatz?unused=1" | tr -d ' \n\t' | grep -oE '"acc":"A"[^}]*' | grep -oE "\"$1\":[0-9]+" | cut -d: -f2
}
until [ "$(of_account leafnodes)" = 1 ]; do sleep 0.1; done
for fd in 3 4 5; do
  eval "exec $fd<>/dev/tcp/127.9.8.9/4222"
  printf 'CONNECT {"user":"a","pass":"secret"}\r\nPING\r\n' >&$fd
  until read -r line <&$fd && [[ $line == PONG* ]]; do :; done
done
look() {
  echo "varz total_connections $(curl -s "$url/varz" | sed -n 's/^ *"total_connections": \([0-9]*\).*/\1/p')," \
    "accstatz conns $(of_account conns), leafnodes $(of_account leafnodes), total_conns $(of_account total_conns)"
}
before=$(look)
exec 3>&- 4>&-
until [ "$(of_account conns)" = 1 ]; do sleep 0.1; done
seen="before: $before
after: $(look)"
echo "$seen"
[ "$seen" = 'before: varz total_connections 3, accstatz conns 3, leafnodes 1, total_conns 4
after: varz total_connections 3, accstatz conns 1, leafnodes 1, total_conns 2' ] || { echo 'this has changed' >&2; exit 1; }
