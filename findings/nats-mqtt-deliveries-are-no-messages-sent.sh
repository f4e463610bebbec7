#!/usr/bin/env bash
# nats-server 2.9.10 (Debian bookworm's 2.9.10-1+b3): what MQTT clients publish counts in in_msgs of /varz. What they are sent
# counts in no figure of the server or the account: out_msgs of /varz and `sent` of /accstatz stay where they were (2.10.27 and
# 2.15.1 too; on 2.15.1 `received` of the account does not count what they publish either). Their own rows of /connz
# have out_msgs, with each message of QoS 1 in it twice; on 2.10.27 and 2.15.1 it is 0 there as well. So "nothing goes out",
# and any ratio of out to in, say nothing where MQTT clients subscribe.
# Seen of 1,000 messages that one MQTT client publishes and another gets, once without and once with QoS 1:
#   QoS 0: got 1000, out_msgs of its row 1000; server in_msgs 1000, out_msgs 0; account sent 0
#   QoS 1: got 1000, out_msgs of its row 2000; server in_msgs 1000, out_msgs 0; account sent 0
set -euo pipefail
folder=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT; cd "$folder"
apt-get download nats-server=2.9.10-1+b3 >/dev/null 2>&1
dpkg -x nats-server_*.deb root
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mqtt@5.16.0 >/dev/null 2>&1
printf 'host: 127.0.0.1\nserver_name: n1\njetstream { store_dir: "%s/js" }\nmqtt { host: 127.0.0.1, port: -1 }\n' "$folder" > n.conf
root/usr/sbin/nats-server -c n.conf -p -1 -m -1 --ports_file_dir "$folder" >log.txt 2>&1 & server=$!
until grep -q 'Listening for MQTT clients on' log.txt && ls "$folder"/*.ports >/dev/null 2>&1; do sleep 0.1; done
mqtt=$(grep -oE 'MQTT clients on [a-z]+://127.0.0.1:[0-9]+' log.txt | grep -oE '[0-9]+$')
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { connectAsync } = require('mqtt');
const { monitoring: [http] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ask = async (path) => (await fetch(`${http}${path}`)).json();
const open = (clientId) =>
  connectAsync(`mqtt://127.0.0.1:${process.argv[3]}`, { clientId, reconnectPeriod: 0, protocolVersion: 4 });
const counts = async (name) => {
  const [server, { connections }] = [await ask('/varz'), await ask('/connz')];
  const { account_statz: [account] } = await ask('/accstatz');
  const row = connections.find(({ mqtt_client: client }) => client === name);
  return [row.out_msgs, server.in_msgs, server.out_msgs, account.sent.msgs];
};
void (async () => {
  const publisher = await open('publisher');
  for (const qos of [0, 1]) {
    const subscriber = await open(`subscriber${qos}`);
    let got = 0;
    subscriber.on('message', () => (got += 1));
    await subscriber.subscribeAsync(`orders/${qos}`, { qos });
    const before = await counts(`subscriber${qos}`);
    for (let i = 0; i < 1000; i += 1) publisher.publish(`orders/${qos}`, 'message', { qos });
    for (let i = 0; i < 600 && got < 1000; i += 1) await pause(100);
    await pause(500);
    const after = await counts(`subscriber${qos}`);
    const [row, received, sent, ofAccount] = after.map((count, i) => count - before[i]);
    const server = `server in_msgs ${received}, out_msgs ${sent}; account sent ${ofAccount}`;
    console.log(`QoS ${qos}: got ${got}, out_msgs of its row ${row}; ${server}`);
    await subscriber.endAsync();
  }
  await publisher.endAsync();
})();
JS
seen=$(node look.cjs "$(ls "$folder"/*.ports)" "$mqtt")
echo "$seen"
[ "$seen" = 'QoS 0: got 1000, out_msgs of its row 1000; server in_msgs 1000, out_msgs 0; account sent 0
QoS 1: got 1000, out_msgs of its row 2000; server in_msgs 1000, out_msgs 0; account sent 0' ] ||
  { cat log.txt >&2; echo 'this has changed' >&2; exit 1; }
