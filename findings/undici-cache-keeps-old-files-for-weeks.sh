#!/usr/bin/env bash
# undici 7.30.2 (8.12.4 on Node 24 does the same): `interceptors.cache` keeps a reply that says nothing of caching, no
# cache-control and no expires, where it has a Last-Modified, as all file servers send: for the tenth part of the file's age. A
# file of rules or settings that was last changed a year ago is not asked for again for 36 days, also not with its ETag, and
# who edits it waits that long. The older the file, the longer; one that was just made is asked for each time, so that
# no test with a fresh file shows it. Replies without Last-Modified are not kept, with an ETag or not.
# Seen of three requests for one file, how many reach the server:
#   without Last-Modified, with ETag: 3
#   changed just now, with ETag: 3
#   changed a year ago, with ETag: 1; and another 36 days later: 0; 37 days: 1
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund undici@7.30.2 >/dev/null 2>&1
cat > look.cjs <<'JS'
const { createServer } = require('node:http');
const { Agent, interceptors, request } = require('undici');
const day = 86_400_000;
const { now } = Date;
let asked = 0;
let changed;
const server = createServer((_, response) => {
  asked += 1;
  if (changed) response.setHeader('last-modified', changed.toUTCString());
  response.setHeader('etag', '"1"');
  response.end('rules');
});
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/rules.yaml`;
  const look = async (dispatcher, times) => {
    asked = 0;
    for (let i = 0; i < times; i += 1) await (await request(url, { dispatcher })).body.text();
    return asked;
  };
  const fresh = () => new Agent().compose(interceptors.cache());
  console.log(`without Last-Modified, with ETag: ${await look(fresh(), 3)}`);
  changed = new Date();
  console.log(`changed just now, with ETag: ${await look(fresh(), 3)}`);
  changed = new Date(now() - 365 * day);
  const client = fresh();
  const first = await look(client, 3);
  Date.now = () => now() + 36 * day;
  const later = await look(client, 1);
  Date.now = () => now() + 37 * day;
  const last = await look(client, 1);
  console.log(`changed a year ago, with ETag: ${first}; and another 36 days later: ${later}; 37 days: ${last}`);
  process.exit();
});
JS
seen=$(node look.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'without Last-Modified, with ETag: 3
changed just now, with ETag: 3
changed a year ago, with ETag: 1; and another 36 days later: 0; 37 days: 1' ] ||
  { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
