import { App, Stack } from 'aws-cdk-lib';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { loadSettings, NatsWatch } from 'nats-cloudwatch';

const [account, region] = ['123456789012', 'eu-central-1'];
const stack = new Stack(new App(), 'messaging', { env: { account, region } });

// What is there already; it may as well be made here.
const vpc = Vpc.fromLookup(stack, 'Vpc', { vpcName: 'messaging' });
const servers = SecurityGroup.fromLookupByName(stack, 'Servers', 'nats-servers', vpc);
const pages = Topic.fromTopicArn(stack, 'Pages', `arn:aws:sns:${region}:${account}:pages`);
const keyId = '01234567-89ab-cdef-0123-456789abcdef';
const key = Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${region}:${account}:key/${keyId}`);

const watch = new NatsWatch(stack, 'Nats', {
  settings: loadSettings(`${import.meta.dirname}/nats.yaml`),
  vpc,
  endpoints: true,
  topics: { critical: pages },
  topicsKey: key,
  logKey: key,
});
watch.connections.allowTo(servers, Port.tcp(8222), 'NATS monitoring');
process.stderr.write(`${watch.note}\n`);
