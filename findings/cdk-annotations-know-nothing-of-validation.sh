#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: what a stack warns of is read in tests by `Annotations.fromStack` of aws-cdk-lib/assertions. What the
# rules find that CDK brings along, since it validates templates itself, is printed by the very same synth as WARNING, and is
# no annotation: "no warning, no error" passes for an alarm that CloudFormation will refuse, with two WARNINGs in the
# test's own output. They are in validation-report.json of the output folder alone, which says "success" of them.
# Seen of an alarm with a name of 256 characters and an unknown TreatMissingData, to which the app adds a warning of its own:
#   printed: 2 WARNING
#   annotations: own words
#   report: success, AlarmName, TreatMissingData
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > app.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { Annotations, App, Stack, aws_cloudwatch: cloudwatch } = require('aws-cdk-lib');
const { Annotations: Warnings, Match } = require('aws-cdk-lib/assertions');
const stack = new Stack(new App({ outdir: 'out' }), 'S');
const alarm = new cloudwatch.CfnAlarm(stack, 'A', {
  ...{ alarmName: 'x'.repeat(256), treatMissingData: 'perhaps', comparisonOperator: 'GreaterThanThreshold', threshold: 1 },
  ...{ namespace: 'nats', metricName: 'up', statistic: 'Sum', period: 60, evaluationPeriods: 1 },
});
Annotations.of(alarm).addWarning('own words');
const warnings = Warnings.fromStack(stack);
const seen = [...warnings.findWarning('*', Match.anyValue()), ...warnings.findError('*', Match.anyValue())];
console.log(`annotations: ${seen.map(({ entry }) => entry.data).join(', ')}`);
const [{ conclusion, violations }] = JSON.parse(readFileSync('out/validation-report.json', 'utf8')).pluginReports;
console.log(`report: ${[conclusion, ...violations.map(({ description }) => description.split(':')[0])].join(', ')}`);
JS
seen=$(node app.cjs 2>err.txt)
seen="printed: $(grep -c '^WARNING' err.txt) WARNING
$seen"
echo "$seen"
[ "$seen" = 'printed: 2 WARNING
annotations: own words
report: success, AlarmName, TreatMissingData' ] || { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
