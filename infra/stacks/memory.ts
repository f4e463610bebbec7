import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { memoryTable } from '../../lambdas/environment.ts';

/**
 * The table of what checks keep between runs. What it holds is rebuilt by the next ones, so nothing is kept on removal. It is
 * encrypted with DynamoDB's own key: memory has names and addresses, never credentials.
 */
export function memory(scope: Construct): Table {
  const table = new Table(scope, 'Memory', {
    partitionKey: { name: memoryTable.key, type: AttributeType.STRING },
    timeToLiveAttribute: memoryTable.expires,
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(table).acknowledge({
    id: 'AwsSolutions::AwsSolutions-DDB3',
    reason: 'memory is rebuilt by the next runs; there is nothing to recover',
  });
  return table;
}
