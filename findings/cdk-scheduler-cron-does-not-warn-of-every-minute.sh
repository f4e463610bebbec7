#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: `cron({ hour: '3' })` without `minute` is each minute of that hour, sixty runs, and not one. Of a Rule's
# Schedule of aws-events synth warns of it and says what to write. `ScheduleExpression.cron` of aws-scheduler, which takes the
# same options, writes the same text and is what rules are moved to, has no word for it: a schedule copied over without its
# minute loses the warning on the way, and starts sixty times a night what was to start once.
# Seen of hour 3 alone, and with minute 0:
#   aws-events: cron(* 3 * * ? *), 1 warning; cron(0 3 * * ? *), 0 warnings
#   aws-scheduler: cron(* 3 * * ? *), 0 warnings; cron(0 3 * * ? *), 0 warnings
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > app.cjs <<'JS'
const { App, Stack, aws_events: events, aws_scheduler: scheduler, aws_sns: sns } = require('aws-cdk-lib');
const { SnsTopic } = require('aws-cdk-lib/aws-events-targets');
const { SnsPublish } = require('aws-cdk-lib/aws-scheduler-targets');
const { Annotations, Match, Template } = require('aws-cdk-lib/assertions');
const look = (type, define) => {
  const stack = new Stack(new App(), 'S');
  define(stack, new sns.Topic(stack, 'T'));
  const [{ Properties: properties }] = Object.values(Template.fromStack(stack).findResources(type));
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue()).length;
  return `${properties.ScheduleExpression}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
};
const rule = (options) =>
  look('AWS::Events::Rule', (stack, topic) => {
    new events.Rule(stack, 'E', { schedule: events.Schedule.cron(options), targets: [new SnsTopic(topic)] });
  });
const schedule = (options) =>
  look('AWS::Scheduler::Schedule', (stack, topic) => {
    const target = new SnsPublish(topic);
    new scheduler.Schedule(stack, 'E', { schedule: scheduler.ScheduleExpression.cron(options), target });
  });
for (const [name, of] of Object.entries({ 'aws-events': rule, 'aws-scheduler': schedule })) {
  console.log(`${name}: ${of({ hour: '3' })}; ${of({ hour: '3', minute: '0' })}`);
}
JS
seen=$(node app.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'aws-events: cron(* 3 * * ? *), 1 warning; cron(0 3 * * ? *), 0 warnings
aws-scheduler: cron(* 3 * * ? *), 0 warnings; cron(0 3 * * ? *), 0 warnings' ] ||
  { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
