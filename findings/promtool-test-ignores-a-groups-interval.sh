#!/usr/bin/env bash
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5; 3.5.3 does the same), `test rules`: the `interval` of a group of
# rules does not count. Every group is evaluated each evaluation_interval of the test, one minute unless given, also one that
# Prometheus evaluates every ten minutes. There a recorded series has a value each ten minutes and, as a query looks back
# five, none in between; in the test it is always there, and an alert with `for` fires long before it could.
# Seen of a group with interval 10m, whose rules record a counter that grows by one a minute, and alert above 3 for 10m:
#   recorded at 7m: 7, at 19m: 19
#   alert at 13m: nothing, at 14m: fires
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
cat > rules.yaml <<'YAML'
groups:
  - name: slow
    interval: 10m
    rules:
      - { record: recorded, expr: messages }
      - { alert: Many, expr: messages > 3, for: 10m }
YAML
test_of() { # rows of a test that are wrong on purpose: what promtool gets in their place
  cat > test.yaml <<YAML
rule_files: [rules.yaml]
tests:
  - interval: 1m
    input_series: [ { series: messages, values: '0+1x30' } ]
    $1
YAML
  root/usr/bin/promtool test rules test.yaml 2>&1 || true
}
recorded() {
  test_of "promql_expr_test: [ { expr: recorded, eval_time: $1, exp_samples: [ { labels: recorded, value: -1 } ] } ]" |
    sed -n 's/.*got: {__name__="recorded"} //p' | xargs printf '%.0f'
}
alert() {
  if test_of "alert_rule_test: [ { eval_time: $1, alertname: Many, exp_alerts: [] } ]" | grep -q 'alertname="Many"'; then
    echo fires
  else
    echo nothing
  fi
}
seen="recorded at 7m: $(recorded 7m), at 19m: $(recorded 19m)
alert at 13m: $(alert 13m), at 14m: $(alert 14m)"
echo "$seen"
[ "$seen" = 'recorded at 7m: 7, at 19m: 19
alert at 13m: nothing, at 14m: fires' ] || { echo 'this has changed' >&2; exit 1; }
