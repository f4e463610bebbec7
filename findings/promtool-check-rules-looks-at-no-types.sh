#!/usr/bin/env bash
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5; 3.5.3 does the same): `check rules` says SUCCESS of rules that
# can never be evaluated or told. An alert's expression may be a range vector, which no rule can evaluate: it never fires. A
# template may compare $value, a float, with the integer 1, which no template can execute: the error takes the place of the
# whole annotation, also of what stood before it. Both come to light when the rule runs, or in `test rules`.
# Seen, the check of both rules, and what a test of each says:
#   check: exit 0, SUCCESS: 2 rules found
#   Range: rule result is not a vector or scalar
#   Template: summary="<error expanding template: error executing template
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
range="{ alert: Range, expr: 'up[5m]' }"
template="{ alert: Template, expr: up, annotations: { summary: 'of {{ \$labels.job }}: {{ if gt \$value 1 }}many{{ end }}' } }"
group() { printf 'groups: [ { name: nats, rules: [ %s ] } ]\n' "$1"; }
group "$range, $template" > both.yaml
group "$range" > range.yaml
group "$template" > template.yaml
run() { # an alert, its file of rules: what a test says that wants it not to fire
  cat > test.yaml <<YAML
rule_files: [$2]
tests:
  - input_series: [ { series: 'up{job="nats"}', values: '2 2 2' } ]
    alert_rule_test: [ { eval_time: 1m, alertname: $1, exp_alerts: [] } ]
YAML
  root/usr/bin/promtool test rules test.yaml 2>&1 || true
}
code=0
root/usr/bin/promtool check rules both.yaml >out.txt 2>&1 || code=$?
seen="check: exit $code, $(grep -o 'SUCCESS.*' out.txt)
Range: $(run Range range.yaml | grep -o 'rule result is not a vector or scalar')
Template: $(run Template template.yaml | grep -oE 'summary="<error expanding template: error executing template' || true)"
echo "$seen"
[ "$seen" = 'check: exit 0, SUCCESS: 2 rules found
Range: rule result is not a vector or scalar
Template: summary="<error expanding template: error executing template' ] || { echo 'this has changed' >&2; exit 1; }
