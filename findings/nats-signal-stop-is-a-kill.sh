#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3): of the words of `--signal`, `stop` is SIGKILL: the server
# says no farewell to clients or peers and writes nothing to its log, as in a crash; the word for an end in good order is
# `quit`. And `term`, SIGTERM, with which systemd, Docker and Kubernetes end a process, ends in good order with exit code 1,
# the one of a failure: a planned restart looks like a crash by its code (2.10.27 does both, 2.15.1 exits 0 after `term`).
# Seen, exit code and whether the log has the end:
#   ldm: exit 0, log yes
#   quit: exit 0, log yes
#   term: exit 1, log yes
#   stop: exit 137, log no
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
printf 'listen: "127.9.8.11:-1"\nhttp: "127.9.8.11:8222"\n' > n.conf
look() { # a word of --signal
  local code=0
  root/usr/sbin/nats-server -c n.conf > n.log 2>&1 & server=$!
  until curl -sf http://127.9.8.11:8222/healthz >/dev/null; do sleep 0.1; done
  root/usr/sbin/nats-server --signal "$1=$server"
  wait "$server" 2>/dev/null || code=$?
  echo "$1: exit $code, log $(grep -q 'Server Exiting' n.log && echo yes || echo no)"
}
seen=$(for word in ldm quit term stop; do look "$word"; done)
echo "$seen"
[ "$seen" = 'ldm: exit 0, log yes
quit: exit 0, log yes
term: exit 1, log yes
stop: exit 137, log no' ] || { echo 'this has changed' >&2; exit 1; }
