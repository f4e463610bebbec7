#!/usr/bin/env bash
# @aws-sdk/client-cloudwatch 3.1162.0: `waitUntilAlarmExists` with several AlarmNames is over as soon as any of them exists.
# It asks DescribeAlarms, which leaves out names that are not there, and waits for a reply that is not empty, not for one
# alarm a name: "wait until these ten are there" is done with the first. Each name wants a wait of its own.
# Seen at a stand-in for CloudWatch that replies with those of the alarms asked for that exist (one, "down"):
#   down and late: SUCCESS, replies 1
#   late: TimeoutError
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/client-cloudwatch@3.1162.0 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { createServer } = require('node:http');
const { CloudWatchClient, waitUntilAlarmExists } = require('@aws-sdk/client-cloudwatch');
let replies = 0;
const server = createServer(async (request, response) => {
  const { AlarmNames: asked } = JSON.parse((await request.toArray()).join(''));
  const there = asked.filter((name) => name === 'down').map((name) => ({ AlarmName: name }));
  replies += 1;
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify({ MetricAlarms: there, CompositeAlarms: [] }));
});
server.listen(0, '127.0.0.1', async () => {
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nothing' };
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const client = new CloudWatchClient({ region: 'eu-central-1', endpoint, credentials });
  const { state } = await waitUntilAlarmExists({ client, maxWaitTime: 60 }, { AlarmNames: ['down', 'late'] });
  console.log(`down and late: ${state}, replies ${replies}`);
  const wait = waitUntilAlarmExists({ client, maxWaitTime: 6 }, { AlarmNames: ['late'] });
  console.log(`late: ${await wait.then(({ state }) => state, ({ name }) => name)}`);
  client.destroy();
  server.close();
});
JS
seen=$(node look.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'down and late: SUCCESS, replies 1
late: TimeoutError' ] || { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
