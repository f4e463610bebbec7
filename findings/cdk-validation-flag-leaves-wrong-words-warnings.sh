#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: with the flag @aws-cdk/core:validateAgainstDefaultRules set to true, what the built-in rules find is
# to be an error that fails synth, where it is a warning otherwise. It holds for an alarm's name that is too long. A word that
# CloudFormation does not know, in TreatMissingData, ComparisonOperator, Statistic or Unit, stays a warning with the flag as
# well: synth exits 0, and the deployment is the first to refuse the alarm.
# Seen with the flag:
#   alarmName of 256 characters: synth fails, ERROR
#   treatMissingData notBreeching: synth passes, WARNING
#   comparisonOperator Bigger: synth passes, WARNING
#   statistic Averge: synth passes, WARNING
#   unit Parsecs: synth passes, WARNING
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > app.cjs <<'JS'
const { App, Stack, aws_cloudwatch: cloudwatch } = require('aws-cdk-lib');
const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
const app = new App({ outdir: process.argv[2], context });
const sound = { comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, period: 60 };
const metric = { namespace: 'nats', metricName: 'connections', statistic: 'Sum' };
new cloudwatch.CfnAlarm(new Stack(app, 'S'), 'A', { ...sound, ...metric, ...JSON.parse(process.argv[3]) });
app.synth();
JS
look() { # what is wrong, as told and as properties
  local code=0
  node app.cjs "$folder/out-$RANDOM" "$2" >out.txt 2>&1 || code=$?
  echo "$1: synth $([ "$code" = 0 ] && echo passes || echo fails), $(grep -oE '^(ERROR|WARNING)' out.txt | sort -u | paste -sd' ')"
}
seen=$(
  look 'alarmName of 256 characters' "{\"alarmName\":\"$(printf 'x%.0s' $(seq 256))\"}"
  look 'treatMissingData notBreeching' '{"treatMissingData":"notBreeching"}'
  look 'comparisonOperator Bigger' '{"comparisonOperator":"Bigger"}'
  look 'statistic Averge' '{"statistic":"Averge"}'
  look 'unit Parsecs' '{"unit":"Parsecs"}'
)
echo "$seen"
[ "$seen" = 'alarmName of 256 characters: synth fails, ERROR
treatMissingData notBreeching: synth passes, WARNING
comparisonOperator Bigger: synth passes, WARNING
statistic Averge: synth passes, WARNING
unit Parsecs: synth passes, WARNING' ] || { cat out.txt >&2; echo 'this has changed' >&2; exit 1; }
