#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 does the same, 2.15.1 does not): /jsz?accounts=1 is read in
# pages by `limit` and `offset`. All pages but the first are cut from the accounts sorted by name; the first, offset 0, from
# the same accounts in an order that is another at each request. So who reads page by page is told of one account twice,
# and of the first by name never, unless by luck, while each page looks complete.
# Seen of eight accounts, A0 to A7, in pages of one; the first page asked for forty times:
#   offset 0: several accounts
#   offset 1 to 7: A1 A2 A3 A4 A5 A6 A7
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
url=http://127.9.8.5:8222
{
  printf 'listen: "127.9.8.5:4222"\nhttp: "127.9.8.5:8222"\njetstream { store_dir: "%s/js" }\naccounts {\n' "$folder"
  for i in 0 1 2 3 4 5 6 7; do echo "A$i { jetstream: enabled, users [ { user: u$i, password: secret } ] }"; done
  echo '}'
} > n.conf
root/usr/sbin/nats-server -c n.conf > n.log 2>&1 & server=$!
until curl -sf "$url/healthz" >/dev/null; do sleep 0.1; done
page() { curl -s "$url/jsz?accounts=1&limit=1&offset=$1" | sed -n 's/^ *"name": "\(A[0-9]\)".*/\1/p'; }
first=$(for _ in $(seq 40); do page 0; done | sort -u | wc -l)
seen="offset 0: $([ "$first" -gt 1 ] && echo 'several accounts' || echo 'always the same')
offset 1 to 7: $(for i in 1 2 3 4 5 6 7; do page "$i"; done | paste -sd' ')"
echo "$seen"
[ "$seen" = 'offset 0: several accounts
offset 1 to 7: A1 A2 A3 A4 A5 A6 A7' ] || { echo 'this has changed' >&2; exit 1; }
