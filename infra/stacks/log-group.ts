import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DeploymentSettings } from '../settings/deployment.ts';

/** The log group of a function. */
export function logGroup(
  scope: Construct,
  id: string,
  functionName: string,
  { logRetentionDays, logKey }: Pick<DeploymentSettings, 'logRetentionDays' | 'logKey'>,
): LogGroup {
  const made = new LogGroup(scope, id, {
    logGroupName: logGroupName(functionName),
    removalPolicy: RemovalPolicy.DESTROY,
    ...(logKey !== undefined && { encryptionKey: Key.fromKeyArn(scope, `${id}Key`, logKey) }),
  });
  // Settings know the days as CloudWatch does; the construct's enumeration has the same numbers.
  (made.node.defaultChild as CfnLogGroup).retentionInDays = logRetentionDays;
  return made;
}

const logGroupName = (functionName: string): string => `/aws/lambda/${functionName}`;

/** What the policy of a key says that encrypts the logs of a deployment. */
export function logsUseKey(scope: Construct, deployment: string): PolicyStatement {
  const stack = Stack.of(scope);
  const arn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroupName(`${deployment}-*`),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new PolicyStatement({
    sid: 'LogsOfNatsChecks',
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
  });
}
