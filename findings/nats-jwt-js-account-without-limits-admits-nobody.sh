#!/usr/bin/env bash
# @nats-io/jwt 0.0.11 with nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3; 2.10.27 and 2.15.1 refuse the same):
# `encodeUser` writes -1, no limit, for what is not given. `encodeAccount`, whose limits are all optional too, writes
# nothing, and the server reads what is missing as 0: an account made without limits, or with one of them alone, is one
# that nobody may connect to; with `conn` alone clients connect, and may publish no byte. Its limits are to be given all,
# or none works.
# Seen of accounts by the limits that were given, and of a user's JWT without any:
#   none: refused
#   subs: refused
#   conn: connected, max_payload 0
#   all -1: connected, max_payload 1048576
#   user: subs -1, data -1, payload -1
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @nats-io/jwt@0.0.11 @nats-io/nkeys@2.0.3 nats@2.29.3 >/dev/null 2>&1
cat > make.cjs <<'JS'
const { writeFileSync } = require('node:fs');
const { createAccount, createOperator, createUser } = require('@nats-io/nkeys');
const { decode, encodeAccount, encodeOperator, encodeUser, fmtCreds } = require('@nats-io/jwt');
const all = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
const accounts = { none: {}, subs: { limits: { subs: 5 } }, conn: { limits: { conn: 5 } }, 'all -1': { limits: all } };
void (async () => {
  const operator = createOperator();
  const lines = [];
  for (const [name, claims] of Object.entries(accounts)) {
    const [account, user] = [createAccount(), createUser()];
    lines.push(`${account.getPublicKey()}: ${await encodeAccount('A', account, claims, { signer: operator })}`);
    const jwt = await encodeUser('u', user, account);
    writeFileSync(`${name}.creds`, fmtCreds(jwt, user));
    if (name === 'none') writeFileSync('user.json', JSON.stringify(decode(jwt).nats));
  }
  const trust = `operator: ${await encodeOperator('O', operator)}\nresolver: MEMORY`;
  writeFileSync('n.conf', `host: 127.0.0.1\n${trust}\nresolver_preload {\n${lines.join('\n')}\n}\n`);
})();
JS
node make.cjs
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { connect, credsAuthenticator } = require('nats');
const { nats: [servers] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const look = async (name) => {
  const authenticator = credsAuthenticator(readFileSync(`${name}.creds`));
  const nc = await connect({ servers, authenticator, reconnect: false }).catch(() => undefined);
  if (nc === undefined) return 'refused';
  await nc.flush();
  const { max_payload: most } = nc.info;
  await nc.close();
  return `connected, max_payload ${most}`;
};
void (async () => {
  for (const name of ['none', 'subs', 'conn', 'all -1']) console.log(`${name}: ${await look(name)}`);
  const { subs, data, payload } = JSON.parse(readFileSync('user.json', 'utf8'));
  console.log(`user: subs ${subs}, data ${data}, payload ${payload}`);
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)")
echo "$seen"
[ "$seen" = 'none: refused
subs: refused
conn: connected, max_payload 0
all -1: connected, max_payload 1048576
user: subs -1, data -1, payload -1' ] || { echo 'this has changed' >&2; exit 1; }
