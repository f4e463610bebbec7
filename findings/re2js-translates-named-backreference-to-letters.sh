#!/usr/bin/env bash
# re2js 2.10.0: RE2 has no backreferences, and `RE2JS.compile` refuses one by number or by name with "invalid escape
# sequence". `RE2JS.translateRegExp`, which makes a JavaScript pattern one of re2js, leaves the number, so that compile still
# refuses it, but takes the backslash from the name: `\k<c>` becomes the letters k<c>. The pattern then compiles without a
# word and matches those letters in place of what the group caught.
# Seen:
#   compile by number: invalid escape sequence: `\1`
#   compile by name: invalid escape sequence: `\k`
#   translate by number, compile: invalid escape sequence: `\1`
#   translate by name, compile: ^(?P<c>[ab]).*k<c>$, matches a-a no, matches a-k<c> yes
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund re2js@2.10.0 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { RE2JS } = require('re2js');
const [number, name] = [/^([ab]).*\1$/, /^(?<c>[ab]).*\k<c>$/];
const look = (pattern) => {
  try {
    const compiled = RE2JS.compile(pattern);
    const tried = ['a-a', 'a-k<c>'].map((text) => `matches ${text} ${compiled.test(text) ? 'yes' : 'no'}`);
    return [pattern, ...tried].join(', ');
  } catch (error) {
    return error.message.replace('error parsing regexp: ', '');
  }
};
console.log(`compile by number: ${look(number.source)}`);
console.log(`compile by name: ${look(name.source)}`);
console.log(`translate by number, compile: ${look(RE2JS.translateRegExp(number))}`);
console.log(`translate by name, compile: ${look(RE2JS.translateRegExp(name))}`);
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = 'compile by number: invalid escape sequence: `\1`
compile by name: invalid escape sequence: `\k`
translate by number, compile: invalid escape sequence: `\1`
translate by name, compile: ^(?P<c>[ab]).*k<c>$, matches a-a no, matches a-k<c> yes' ] || { echo 'this has changed' >&2; exit 1; }
