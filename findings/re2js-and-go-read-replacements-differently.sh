#!/usr/bin/env bash
# re2js 2.10.0 matches as Go's regexp does, but reads a replacement as JavaScript does, or, where it is told to, as Java.
# `$1_total` is group 1 and "_total" in both, and to Go a group that is named 1_total, which there is not, so nothing:
# Prometheus' label_replace then takes the label away without a word. `${1}_total`, which is how Go is told what was meant,
# stays as written in the first and is an error in the second. A rule that is tried out with re2js gives another label in
# Prometheus (promtool 2.42.0, Debian bookworm's prometheus 2.42.0+ds-5, stands for it); only `$1` before anything but a
# letter, a digit or "_" is one and the same, and `${name}` of a named group in Java's mode.
# Seen of "orders", matched by (?P<name>.+), by replacement, re2js, re2js in Java's mode and label_replace:
#   $1-total: orders-total, orders-total, orders-total
#   $1_total: orders_total, orders_total, no label
#   ${1}_total: ${1}_total, error, orders_total
#   $name: $name, error, orders
#   ${name}_total: ${name}_total, orders_total, orders_total
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
apt-get download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund re2js@2.10.0 >/dev/null 2>&1
cat > replace.cjs <<'JS'
const { RE2JS } = require('re2js');
const replace = (replacement, java) => {
  try {
    return RE2JS.compile('(?P<name>.+)').matcher('orders').replaceFirst(replacement, java);
  } catch {
    return 'error';
  }
};
const [replacement] = process.argv.slice(2);
console.log(`${replace(replacement, false)}, ${replace(replacement, true)}`);
JS
label() { # replacement
  cat > test.yaml <<YAML
tests:
  - interval: 1m
    input_series: [ { series: 'm{stream="orders"}', values: '1' } ]
    promql_expr_test:
      - { expr: 'label_replace(m, "to", "$1", "stream", "(?P<name>.+)")', eval_time: 0m, exp_samples: [] }
YAML
  root/usr/bin/promtool test rules test.yaml >out.txt 2>&1 || true
  grep -q 'got: {.*stream="orders"' out.txt
  sed -n 's/.*got: .* to="\([^"]*\)".*/\1/p' out.txt | grep . || echo 'no label'
}
seen=$(for replacement in '$1-total' '$1_total' '${1}_total' '$name' '${name}_total'; do
  echo "$replacement: $(node replace.cjs "$replacement"), $(label "$replacement")"
done)
echo "$seen"
[ "$seen" = '$1-total: orders-total, orders-total, orders-total
$1_total: orders_total, orders_total, no label
${1}_total: ${1}_total, error, orders_total
$name: $name, error, orders
${name}_total: ${name}_total, orders_total, orders_total' ] || { cat out.txt >&2; echo 'this has changed' >&2; exit 1; }
