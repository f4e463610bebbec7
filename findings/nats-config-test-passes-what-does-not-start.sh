#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 do the same): `-t`, which is there to test a
# configuration, says "is valid" and exits 0 of files with which the server does not start: it reads the file, and what
# belongs together (a remote and its account, JetStream in a cluster and a name, a user who is to be there) is looked at by
# the start alone. A deployment that runs -t before it restarts a server has that server down.
# Seen, exit codes of -t and of the start:
#   leafnode remote of an account that is not there: -t 0, start 1
#   JetStream in a cluster without server_name: -t 0, start 1
#   no_auth_user who is not there: -t 0, start 1
#   unknown field: -t 1, start 1
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
look() { # what is wrong, the configuration
  local code=0 start=0
  printf 'listen: "127.0.0.1:-1"\n%s\n' "$2" > n.conf
  root/usr/sbin/nats-server -t -c n.conf >out.txt 2>&1 || code=$?
  timeout 60 root/usr/sbin/nats-server -c n.conf >>out.txt 2>&1 || start=$?
  echo "$1: -t $code, start $start"
}
seen=$(
  look 'leafnode remote of an account that is not there' \
    'leafnodes { remotes [ { url: "nats://127.0.0.1:7422", account: ORDERS } ] }'
  look 'JetStream in a cluster without server_name' \
    "jetstream { store_dir: \"$folder/js\" }
cluster { name: c, listen: \"127.0.0.1:-1\" }"
  look 'no_auth_user who is not there' 'authorization { users [ { user: a, password: b } ] }
no_auth_user: guest'
  look 'unknown field' 'max_conections: 5'
)
echo "$seen"
[ "$seen" = 'leafnode remote of an account that is not there: -t 0, start 1
JetStream in a cluster without server_name: -t 0, start 1
no_auth_user who is not there: -t 0, start 1
unknown field: -t 1, start 1' ] || { echo 'this has changed' >&2; exit 1; }
