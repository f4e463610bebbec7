#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: `ScheduleExpression.at` takes a Date, a moment that needs no time zone, and a time zone. It writes the
# moment's wall clock of UTC and the zone beside it, and EventBridge Scheduler reads the clock in that zone: what is to
# happen at 03:00 of Berlin happens at 02:00 there, in New York five hours late. Nothing at synth says so, and the schedule
# is right where no zone is given, or in tests on UTC. `start` and `end` of a Schedule, Dates too, are written as UTC with a Z.
# Seen of one moment, 03:00 of Berlin in winter:
#   no zone: at(2026-12-01T02:00:00) Etc/UTC
#   Europe/Berlin: at(2026-12-01T02:00:00) Europe/Berlin
#   America/New_York: at(2026-12-01T02:00:00) America/New_York
#   as start: 2026-12-01T02:00:00.000Z
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > app.cjs <<'JS'
const { App, Duration, Stack, TimeZone, aws_scheduler: scheduler, aws_sns: sns } = require('aws-cdk-lib');
const { SnsPublish } = require('aws-cdk-lib/aws-scheduler-targets');
const { Annotations, Match, Template } = require('aws-cdk-lib/assertions');
const { ScheduleExpression: expression } = scheduler;
const moment = new Date('2026-12-01T03:00:00+01:00');
const look = (schedule, more = {}) => {
  const stack = new Stack(new App(), 'S');
  const target = new SnsPublish(new sns.Topic(stack, 'T'));
  new scheduler.Schedule(stack, 'E', { schedule, target, ...more });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  const [{ Properties: properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
  return properties;
};
const at = (zone) => {
  const { ScheduleExpression: text, ScheduleExpressionTimezone: name } = look(expression.at(moment, zone));
  return `${text} ${name}`;
};
console.log(`no zone: ${at()}`);
console.log(`Europe/Berlin: ${at(TimeZone.EUROPE_BERLIN)}`);
console.log(`America/New_York: ${at(TimeZone.AMERICA_NEW_YORK)}`);
console.log(`as start: ${look(expression.rate(Duration.days(1)), { start: moment }).StartDate}`);
JS
seen=$(node app.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'no zone: at(2026-12-01T02:00:00) Etc/UTC
Europe/Berlin: at(2026-12-01T02:00:00) Europe/Berlin
America/New_York: at(2026-12-01T02:00:00) America/New_York
as start: 2026-12-01T02:00:00.000Z' ] || { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
