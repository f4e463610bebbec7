/** What the handler imports of AWS, alone: the floor of its import time. */
export { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
export {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
export { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
