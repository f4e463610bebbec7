#!/usr/bin/env bash
# fast-check 4.11.0 marks `unbiased: true` deprecated in favour of `plugins: [fc.unbiased()]`. In `fc.check` and `fc.assert`
# both draw the same values. `fc.sample` takes the plugin without a word and draws as without it, so whoever follows the
# deprecation and compares a sample with what `assert` draws from the same seed has two different sets of cases.
# Seen, whether the same 50 values are drawn by the option and by the plugin; by the plugin and by neither:
#   check true false; sample false true
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund fast-check@4.11.0 >/dev/null 2>&1
cat > look.mjs <<'JS'
import fc from 'fast-check';
const arbitrary = fc.array(fc.integer());
const settings = { seed: 5, numRuns: 50 };
const drawnBy = {
  check(more) {
    const values = [];
    fc.check(fc.property(arbitrary, (value) => void values.push(value)), { ...settings, ...more });
    return JSON.stringify(values);
  },
  sample: (more) => JSON.stringify(fc.sample(arbitrary, { ...settings, ...more })),
};
const rows = Object.entries(drawnBy).map(([name, draw]) => {
  const [option, plugin, neither] = [{ unbiased: true }, { plugins: [fc.unbiased()] }, {}].map(draw);
  return `${name} ${option === plugin} ${plugin === neither}`;
});
console.log(rows.join('; '));
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = 'check true false; sample false true' ] || { echo 'this has changed' >&2; exit 1; }
