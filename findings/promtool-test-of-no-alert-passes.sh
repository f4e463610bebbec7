#!/usr/bin/env bash
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5; 3.5.3 does the same), `test rules`: a test that an alert does not
# fire, exp_alerts [], passes as well where no rule has that alert's name, and where the pattern of rule_files meets no
# file, of which there is a WARNING and SUCCESS. So a renamed alert or a moved file leaves all of its "does not fire" tests
# green, testing nothing, while the real alert fires at that very time.
# Seen of one alert that fires at 5m and a test that it does not:
#   its name: exit 1
#   another name: exit 0, SUCCESS
#   no file: exit 0, WARNING SUCCESS
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
echo "groups: [ { name: nats, rules: [ { alert: ServerDown, expr: up == 0 } ] } ]" > rules.yaml
look() { # files of rules, name of an alert
  local code=0
  cat > test.yaml <<YAML
rule_files: ['$1']
tests:
  - input_series: [ { series: up, values: '0x10' } ]
    alert_rule_test: [ { eval_time: 5m, alertname: $2, exp_alerts: [] } ]
YAML
  root/usr/bin/promtool test rules test.yaml >out.txt 2>&1 || code=$?
  echo "exit $code$(grep -oE 'WARNING|SUCCESS' out.txt | sort -ru | paste -sd' ' | sed 's/^./, &/')"
}
seen="its name: $(look rules.yaml ServerDown)
another name: $(look rules.yaml ServerIsDown)
no file: $(look 'rules/*.yaml' ServerDown)"
echo "$seen"
[ "$seen" = 'its name: exit 1
another name: exit 0, SUCCESS
no file: exit 0, WARNING SUCCESS' ] || { cat out.txt >&2; echo 'this has changed' >&2; exit 1; }
