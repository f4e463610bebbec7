#!/usr/bin/env bash
# @aws-sdk/client-cloudwatch 3.1162.0: each call is tried three times, but a client has one store of second and third tries
# for all of its calls, which an outage empties after 35 of them. From then on one 503 ends a call, of whatever operation,
# also when the service is well again. Calls that succeed fill the store, each by the fourteenth part of a try, and no time
# does: a process that keeps its client and calls seldom has no second try at the next hiccup, hours after the outage.
# Seen at a stand-in for CloudWatch, requests a call:
#   down, 20 x DescribeAlarms: 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 2 1 1
#   down, ListMetrics: 1
#   one 503, then well: 1, ServiceUnavailable
#   the same after 14 calls that succeeded: 2, ok
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/client-cloudwatch@3.1162.0 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { createServer } = require('node:http');
const { CloudWatch } = require('@aws-sdk/client-cloudwatch');
let [requests, failures] = [0, 0];
const server = createServer(async (request, response) => {
  await request.toArray();
  requests += 1;
  failures -= 1;
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.statusCode = failures >= 0 ? 503 : 200;
  response.end(JSON.stringify(failures >= 0 ? { __type: 'ServiceUnavailable' } : { Metrics: [], MetricAlarms: [] }));
});
server.listen(0, '127.0.0.1', async () => {
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nothing' };
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const client = new CloudWatch({ region: 'eu-central-1', endpoint, credentials });
  const call = async (operation, failing) => {
    [requests, failures] = [0, failing];
    const end = await client[operation]({}).then(() => 'ok', ({ name }) => name);
    return { requests, end };
  };
  const counts = [];
  for (let i = 0; i < 20; i += 1) counts.push((await call('describeAlarms', Infinity)).requests);
  console.log(`down, 20 x DescribeAlarms: ${counts.join(' ')}`);
  console.log(`down, ListMetrics: ${(await call('listMetrics', Infinity)).requests}`);
  console.log(`one 503, then well: ${Object.values(await call('describeAlarms', 1)).join(', ')}`);
  for (let i = 0; i < 14; i += 1) await call('describeAlarms', 0);
  console.log(`the same after 14 calls that succeeded: ${Object.values(await call('describeAlarms', 1)).join(', ')}`);
  client.destroy();
  server.close();
});
JS
seen=$(node look.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'down, 20 x DescribeAlarms: 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 2 1 1
down, ListMetrics: 1
one 503, then well: 1, ServiceUnavailable
the same after 14 calls that succeeded: 2, ok' ] || { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
