import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement, ServicePrincipal, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  type CfnFunction,
  type Code,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { environment } from '../../lambdas/environment.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import type { FunctionSize } from '../settings/functions.ts';
import type { FunctionNetwork } from './network.ts';
import { role } from './role.ts';

type CheckFunctionProps = {
  readonly check: string;
  /** The checks of its group that are deployed. */
  readonly group: readonly string[];
  readonly functionName: string;
  readonly code: Code;
  readonly logGroup: ILogGroup;
  readonly table: Table;
  readonly findings: {
    readonly topic: ITopic;
    readonly chat: ITopic | null;
    /** That encrypts the topics; null where they are not. */
    readonly key: IKey | null;
  };
  readonly settings: Pick<DeploymentSettings, 'namespace' | 'functions' | 'roles' | 'logFormat'>;
  readonly network: FunctionNetwork;
  readonly size: FunctionSize;
  /** Whether it sends series to CloudWatch's OTLP endpoint, which knows no namespaces. */
  readonly sendsSeries: boolean;
};

const notRepeated =
  'a run that failed is not to be kept: the next one resends what it left, and a watchdog tells of it';
const ofFunctions = [
  { id: 'Serverless::Serverless-LambdaAsyncFailureDestination', reason: notRepeated },
  { id: 'Serverless::Serverless-LambdaDLQ', reason: notRepeated },
  {
    id: 'Serverless::Serverless-LambdaTracing',
    reason:
      'a run asks servers of NATS, which are not traced; its log has what it found and how long it took',
  },
];

const architectures = { arm64: Architecture.ARM_64, x86_64: Architecture.X86_64 } as const;

/** The function that runs one check, and a role that lets it do that and no more. */
export function checkFunction(scope: Construct, id: string, props: CheckFunctionProps): LambdaFunction {
  const { check, group, functionName, code, logGroup, table, findings, settings, network, size } = props;
  const made = new LambdaFunction(scope, id, {
    functionName,
    description: `NATS check ${check}`,
    code,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: architectures[settings.functions.architecture],
    memorySize: size.memoryMegabytes,
    timeout: Duration.seconds(size.timeoutSeconds),
    // A failed run is not repeated: the next one resends what it left, and a late one would measure another minute.
    retryAttempts: 0,
    maxEventAge: Duration.seconds(60),
    role: checkRole(scope, `${id}Role`, props),
    logGroup,
    ...(settings.logFormat === 'json' && { loggingFormat: LoggingFormat.JSON }),
    environment: {
      [environment.check]: check,
      [environment.group]: group.join(' '),
      [environment.table]: table.tableName,
      [environment.findingsTopic]: findings.topic.topicArn,
      ...(findings.chat && { [environment.chatTopic]: findings.chat.topicArn }),
      NODE_OPTIONS: '--enable-source-maps',
    },
  });
  Validations.of(made).acknowledge(...ofFunctions);
  if (network) {
    // Set on the resource itself: the construct would have a VPC looked up, or told its availability zones.
    (made.node.defaultChild as CfnFunction).vpcConfig = {
      subnetIds: [...network.subnetIds],
      securityGroupIds: network.securityGroups.map(({ securityGroupId }) => securityGroupId),
    };
  }
  return made;
}

function checkRole(scope: Construct, id: string, props: CheckFunctionProps): Role {
  const { check, functionName, logGroup, table, findings, settings, network, sendsSeries } = props;
  const { topic, chat, key } = findings;
  const allow = (actions: readonly string[], resource: string, conditions = {}) =>
    new PolicyStatement({ actions: [...actions], resources: [resource], conditions });
  const statements = [
    // This attribute of a group ends in `:*` and names its streams.
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    // PutMetricData knows no resources; the namespace is what it can be limited to. The same permission is asked for at the
    // OTLP endpoint; what becomes of the condition there AWS does not say, so that who sends there has none.
    allow(
      ['cloudwatch:PutMetricData'],
      '*',
      sendsSeries ? {} : { StringEquals: { 'cloudwatch:namespace': settings.namespace } },
    ),
    allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], table.tableArn),
    allow(['sns:Publish'], topic.topicArn),
    ...(chat ? [allow(['sns:Publish'], chat.topicArn)] : []),
    ...(key ? [allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn)] : []),
    ...(network ? networkInterfaces(Stack.of(scope), functionName) : []),
  ];
  const made = role(scope, id, settings.roles, {
    description: `What NATS check ${check} may do`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { check: new PolicyDocument({ statements }) },
  });
  const reason = 'PutMetricData and the network interfaces of Lambda cannot be limited to resources';
  Validations.of(made).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason },
    { id: 'Serverless::Serverless-LambdaStarPermissions', reason },
  );
  return made;
}

/**
 * Lambda connects a function to a VPC in the name of its role and asks that this holds for all resources
 * (AWSLambdaVPCAccessExecutionRole); the function's own code is denied the same.
 */
function networkInterfaces(stack: Stack, functionName: string): readonly PolicyStatement[] {
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const functionArn = stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({ actions, resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  ];
}
