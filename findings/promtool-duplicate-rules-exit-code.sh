#!/usr/bin/env bash
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5): `check rules` on a file with two equal rules prints
# "FAILED: lint error 1 duplicate rule(s) found", no SUCCESS, and exits 0. A pipeline that goes by the exit code takes the
# file, one that goes by the words stops. Only `--lint-fatal` makes it exit 3.
# Seen:
#   exit 0, words FAILED
#   with --lint-fatal: exit 3, words FAILED
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
cat > rules.yaml <<'YAML'
groups:
  - name: nats
    rules:
      - { alert: Down, expr: up == 0, labels: { severity: critical } }
      - { alert: Down, expr: up == 0, labels: { severity: critical } }
YAML
look() {
  local code=0
  root/usr/bin/promtool check rules "$@" rules.yaml >out.txt 2>&1 || code=$?
  echo "exit $code, words $(grep -oE 'FAILED|SUCCESS' out.txt | sort -u | paste -sd' ')"
}
seen="$(look)
with --lint-fatal: $(look --lint-fatal)"
echo "$seen"
[ "$seen" = 'exit 0, words FAILED
with --lint-fatal: exit 3, words FAILED' ] || { cat out.txt >&2; echo 'this has changed' >&2; exit 1; }
