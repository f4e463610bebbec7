#!/usr/bin/env bash
# @aws-sdk/client-cloudwatch 3.1162.0: `requestTimeout` of requestHandler ends no request. It writes a warning, and the call
# waits on; only `throwOnRequestTimeout: true` beside it makes an error of it. Even then its time is over with the reply's
# headers: a service, or a proxy before it, that sends these and then stalls holds the call for good, and no second try
# comes. `socketTimeout`, which ends a silence, lets through a body that comes a byte at a time. An `abortSignal` given to
# each call, whose time runs over all tries, is the only bound there is.
# Seen at a stand-in for CloudWatch, all times set to 1 s, whether a call has ended after 4 s:
#   says nothing: requestTimeout no, and throwOnRequestTimeout TimeoutError, socketTimeout TimeoutError, abortSignal AbortError
#   stalls after headers: requestTimeout no, and throwOnRequestTimeout no, socketTimeout TimeoutError, abortSignal Error
#   a byte each 0.2 s: requestTimeout no, and throwOnRequestTimeout no, socketTimeout no, abortSignal Error
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/client-cloudwatch@3.1162.0 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { createServer } = require('node:http');
const { setTimeout: pause } = require('node:timers/promises');
const { CloudWatchClient, DescribeAlarmsCommand } = require('@aws-sdk/client-cloudwatch');
const begin = (response) => {
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.write('{');
};
const services = {
  'says nothing': () => {},
  'stalls after headers': begin,
  'a byte each 0.2 s': (response) => {
    begin(response);
    setInterval(() => response.write(' '), 200).unref();
  },
};
const timeouts = {
  requestTimeout: { requestTimeout: 1000 },
  'and throwOnRequestTimeout': { requestTimeout: 1000, throwOnRequestTimeout: true },
  socketTimeout: { socketTimeout: 1000 },
  abortSignal: {},
};
const look = async (endpoint, name) => {
  const client = new CloudWatchClient({
    ...{ region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' } },
    ...{ maxAttempts: 1, requestHandler: timeouts[name] },
  });
  const options = name === 'abortSignal' ? { abortSignal: AbortSignal.timeout(1000) } : {};
  const call = client.send(new DescribeAlarmsCommand({}), options).then(
    () => 'reply',
    (error) => error.name,
  );
  return `${name} ${await Promise.race([call, pause(4000, 'no')])}`;
};
void (async () => {
  for (const [name, reply] of Object.entries(services)) {
    const server = createServer((request, response) => reply(response));
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${server.address().port}`;
    const rows = await Promise.all(Object.keys(timeouts).map((timeout) => look(endpoint, timeout)));
    console.log(`${name}: ${rows.join(', ')}`);
  }
  process.exit();
})();
JS
seen=$(node look.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'says nothing: requestTimeout no, and throwOnRequestTimeout TimeoutError, socketTimeout TimeoutError, abortSignal AbortError
stalls after headers: requestTimeout no, and throwOnRequestTimeout no, socketTimeout TimeoutError, abortSignal Error
a byte each 0.2 s: requestTimeout no, and throwOnRequestTimeout no, socketTimeout no, abortSignal Error' ] ||
  { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
