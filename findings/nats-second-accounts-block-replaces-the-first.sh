#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): a key that a configuration has twice
# counts as it stands last, whole, and the server says nothing of it. `accounts` in two files that a third includes, one a
# team, are not the accounts of both: those of the first file are gone and their users are refused, while -t, which does
# refuse a word that it does not know, finds the file valid. Files are to be included inside of one `accounts`.
# Seen, -t and the accounts of /accountz besides the server's own:
#   accounts in each file: -t 0, accounts BILLING
#   one accounts with both files inside: -t 0, accounts BILLING ORDERS
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
orders='ORDERS { users [ { user: orders, password: secret } ] }'
billing='BILLING { users [ { user: billing, password: secret } ] }'
url=http://127.9.8.10:8222
look() { # the configuration less its addresses
  local code=0
  printf 'listen: "127.9.8.10:-1"\nhttp: "127.9.8.10:8222"\n%s\n' "$1" > n.conf
  root/usr/sbin/nats-server -t -c n.conf >out.txt 2>&1 || code=$?
  root/usr/sbin/nats-server -c n.conf >n.log 2>&1 & server=$!
  until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
  echo "-t $code, accounts $(curl -s "$url/accountz" | grep -oE '"(ORDERS|BILLING)"' | tr -d '"' | sort | paste -sd' ')"
  kill "$server"
  wait "$server" 2>/dev/null || true
}
echo "accounts { $orders }" > orders.conf
echo "accounts { $billing }" > billing.conf
each=$(look 'include ./orders.conf
include ./billing.conf')
echo "$orders" > orders.conf
echo "$billing" > billing.conf
seen="accounts in each file: $each
one accounts with both files inside: $(look 'accounts {
  include ./orders.conf
  include ./billing.conf
}')"
echo "$seen"
[ "$seen" = 'accounts in each file: -t 0, accounts BILLING
one accounts with both files inside: -t 0, accounts BILLING ORDERS' ] ||
  { cat out.txt n.log >&2; echo 'this has changed' >&2; exit 1; }
