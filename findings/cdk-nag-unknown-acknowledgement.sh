#!/usr/bin/env bash
# cdk-nag 3.0.2 on aws-cdk-lib 2.276.0: an acknowledgement of a rule that no pack has (a typing error, or a rule that a
# new version dropped) is taken in silence: synth exits 0 and prints no word of it, so that a list of acknowledgements
# can be dead for years. One letter of an existing id changed brings the finding back, again without saying that the
# acknowledgement next to it names nothing.
# Seen:
#   right id: synth passes, told of the id: no
#   id of no rule beside it: synth passes, told of the id: no
#   id of no rule alone: synth fails, told of the id: no
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 cdk-nag@3.0.2 >/dev/null 2>&1
cat > app.cjs <<'JS'
const { App, Stack, Validations, aws_s3: s3 } = require('aws-cdk-lib');
const { AwsSolutionsChecks } = require('cdk-nag');
const app = new App({ outdir: process.argv[2] });
const stack = new Stack(app, 'S');
const bucket = new s3.Bucket(stack, 'B', { enforceSSL: true });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
for (const id of process.argv.slice(3)) Validations.of(bucket).acknowledge({ id, reason: 'a reason of some length' });
app.synth();
JS
look() {
  local label=$1; shift
  local code=0
  node app.cjs "$folder/out-$RANDOM" "$@" >out.txt 2>&1 || code=$?
  local told=no; grep -q 'NOPE99' out.txt && told=yes
  echo "$label: synth $([ "$code" = 0 ] && echo passes || echo fails), told of the id: $told"
}
seen=$(
  look 'right id' AwsSolutions-S1
  look 'id of no rule beside it' AwsSolutions-S1 AwsSolutions-NOPE99
  look 'id of no rule alone' AwsSolutions-NOPE99
)
echo "$seen"
[ "$seen" = 'right id: synth passes, told of the id: no
id of no rule beside it: synth passes, told of the id: no
id of no rule alone: synth fails, told of the id: no' ] || { cat out.txt >&2; echo 'this has changed' >&2; exit 1; }
