#!/usr/bin/env bash
# promtool 2.42.0 (Debian bookworm's prometheus 2.42.0+ds-5; 3.5.3 does the same), `test rules`: input_series are read up to
# the last evaluation of rules that the test needs, not up to the time that is asked for. A promql_expr_test between two of
# them, as at 2m30s with samples each 30 s, is answered with the sample of 2m. A second row in the same test that asks for
# a later time changes the first one's answer, since more samples are read for it: rows of a test are not independent.
# Seen of a series with the values 0, 1, 2 and so on each 30 s, by the times that one test asks for:
#   2m30s: 4
#   2m30s and 3m: 5
#   2m30s with evaluation_interval 30s: 5
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
look() { # evaluation_interval, another row: the value at 2m30s, got in place of a wrong one
  cat > test.yaml <<YAML
evaluation_interval: $1
tests:
  - interval: 30s
    input_series: [ { series: messages, values: '0+1x30' } ]
    promql_expr_test:
      - { expr: messages, eval_time: 2m30s, exp_samples: [ { labels: messages, value: -1 } ] }
      $2
YAML
  { root/usr/bin/promtool test rules test.yaml 2>&1 || true; } | sed -n 's/.*got: {__name__="messages"} //p' | xargs printf '%.0f'
}
seen="2m30s: $(look 1m '')
2m30s and 3m: $(look 1m '- { expr: messages, eval_time: 3m, exp_samples: [ { labels: messages, value: 6 } ] }')
2m30s with evaluation_interval 30s: $(look 30s '')"
echo "$seen"
[ "$seen" = '2m30s: 4
2m30s and 3m: 5
2m30s with evaluation_interval 30s: 5' ] || { cat test.yaml >&2; echo 'this has changed' >&2; exit 1; }
