#!/usr/bin/env bash
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5; 3.5.3 does the same), `test rules`: groups of one file are
# evaluated in an order that is drawn anew in each run, unless the test has group_eval_order. Where a rule reads what a rule
# of another group records, it gets the value of this minute or of the last one by luck: one and the same test, of files that
# nobody has touched, passes in about half of its runs, and a repetition in CI "mends" it.
# Seen of five groups, each of which records what the one before it records, of forty runs:
#   without group_eval_order: some pass, some fail
#   with group_eval_order: all pass
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
cat > rules.yaml <<'YAML'
groups:
  - { name: one, rules: [ { record: a, expr: messages } ] }
  - { name: two, rules: [ { record: b, expr: a } ] }
  - { name: three, rules: [ { record: c, expr: b } ] }
  - { name: four, rules: [ { record: d, expr: c } ] }
  - { name: five, rules: [ { record: e, expr: d } ] }
YAML
look() { # a line of the test file
  cat > test.yaml <<YAML
rule_files: [rules.yaml]
$1
tests:
  - interval: 1m
    input_series: [ { series: messages, values: '0+1x30' } ]
    promql_expr_test: [ { expr: e, eval_time: 7m, exp_samples: [ { labels: e, value: 7 } ] } ]
YAML
  local passed=0
  for _ in $(seq 40); do
    if root/usr/bin/promtool test rules test.yaml >out.txt 2>&1; then passed=$((passed + 1)); fi
  done
  case $passed in 0) echo 'all fail' ;; 40) echo 'all pass' ;; *) echo 'some pass, some fail' ;; esac
}
seen="without group_eval_order: $(look '')
with group_eval_order: $(look 'group_eval_order: [one, two, three, four, five]')"
echo "$seen"
[ "$seen" = 'without group_eval_order: some pass, some fail
with group_eval_order: all pass' ] || { cat out.txt >&2; echo 'this has changed' >&2; exit 1; }
