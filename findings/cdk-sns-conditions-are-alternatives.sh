#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: the conditions that are given to one `SubscriptionFilter` together read like bounds, and are written as
# a list, of which SNS takes a message that meets any one. `greaterThan: 5` with `lessThan: 10` lets every number through, an
# `allowlist` with a `denylist` everything but what is denied, and synth has no word for it. `between` and `betweenStrict`
# make one condition of two; for names there is nothing of the kind.
# Seen of a subscription's filter policy:
#   greaterThan 5, lessThan 10: [{"numeric":[">",5]},{"numeric":["<",10]}]
#   betweenStrict 5 and 10: [{"numeric":[">",5,"<",10]}]
#   allowlist critical, denylist notice: ["critical",{"anything-but":["notice"]}]
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > app.cjs <<'JS'
const { App, Stack, aws_sns: sns } = require('aws-cdk-lib');
const { Template } = require('aws-cdk-lib/assertions');
const look = (filter) => {
  const stack = new Stack(new App(), 'S');
  const topic = new sns.Topic(stack, 'T');
  const protocol = sns.SubscriptionProtocol.EMAIL;
  new sns.Subscription(stack, 'E', { topic, endpoint: 'ops@example.com', protocol, filterPolicy: { value: filter } });
  const [{ Properties: properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Subscription'));
  return JSON.stringify(properties.FilterPolicy.value);
};
const { SubscriptionFilter: filter } = sns;
console.log(`greaterThan 5, lessThan 10: ${look(filter.numericFilter({ greaterThan: 5, lessThan: 10 }))}`);
console.log(`betweenStrict 5 and 10: ${look(filter.numericFilter({ betweenStrict: { start: 5, stop: 10 } }))}`);
const names = { allowlist: ['critical'], denylist: ['notice'] };
console.log(`allowlist critical, denylist notice: ${look(filter.stringFilter(names))}`);
JS
seen=$(node app.cjs 2>err.txt)
echo "$seen"
[ "$seen" = 'greaterThan 5, lessThan 10: [{"numeric":[">",5]},{"numeric":["<",10]}]
betweenStrict 5 and 10: [{"numeric":[">",5,"<",10]}]
allowlist critical, denylist notice: ["critical",{"anything-but":["notice"]}]' ] ||
  { cat err.txt >&2; echo 'this has changed' >&2; exit 1; }
