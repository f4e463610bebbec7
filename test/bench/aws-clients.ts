export { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
export { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
export { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
