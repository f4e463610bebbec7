import {
  ArnFormat,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
  Validations,
  type StackProps,
} from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { Check } from '../../lambdas/define.ts';
import { memoryTable } from '../../lambdas/environment.ts';
import { sendsSeries } from '../../lambdas/rules/plan.ts';
import { functionName, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { CompositeSpec } from '../cloudwatch/composite-alarm.ts';
import { batchesOf } from '../settings/batches.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import type { FunctionSize } from '../settings/functions.ts';
import { topics } from '../settings/subscriptions.ts';
import { alarm } from './alarm.ts';
import { compositeAlarms } from './composite-alarm.ts';
import { checkFunction } from './check-function.ts';
import { tellChats } from './chat.ts';
import { subscribe } from './subscriptions.ts';
import { alarmAndFindingTopics } from './topics.ts';

type ChecksStackProps = StackProps & {
  readonly checks: readonly Check[];
  readonly settings: DeploymentSettings;
  /** Folder with the bundled handler and its settings. */
  readonly asset: string;
  readonly sizeOf: (check: Check) => FunctionSize;
  readonly watchdogs: readonly AlarmSpec[];
  /** What is told of the watchdogs together; one that suppresses another comes before it. */
  readonly composites: readonly CompositeSpec[];
  /** What the names of all alarms begin with after `nats/`. */
  readonly places: readonly string[];
};

/** Everything but the alarms on clusters: topics, memory, and for each check a function, its schedules, its watchdog. */
export class ChecksStack extends Stack {
  constructor(scope: Construct, id: string, props: ChecksStackProps) {
    super(scope, id, props);
    const { checks, settings, asset, sizeOf, watchdogs, composites, places } = props;
    const told = alarmAndFindingTopics(this, settings, places);
    const { topics: snsTopics } = told;
    subscribe(this, told, settings);
    tellChats(this, settings.name, told, settings.subscriptions);

    // What it holds is rebuilt by the next runs, so nothing is kept on removal. It is encrypted with DynamoDB's own key:
    // memory has names and addresses, never credentials.
    const table = new Table(this, 'Memory', {
      partitionKey: { name: memoryTable.key, type: AttributeType.STRING },
      timeToLiveAttribute: memoryTable.expires,
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions::AwsSolutions-DDB3',
      reason: 'memory is rebuilt by the next runs; there is nothing to recover',
    });
    const code = Code.fromAsset(asset);
    const batches = batchesOf(settings.clusters);
    const schedulerRole = this.schedulerRole(checks.map((check) => functionName(settings.name, check.id)));

    for (const check of checks) {
      const name = functionName(settings.name, check.id);
      const lambda = checkFunction(this, check.id, {
        check: check.id,
        functionName: name,
        code,
        logGroup: this.logGroup(`${check.id}Logs`, `/aws/lambda/${name}`, settings.logRetentionDays),
        table,
        findings: { topic: snsTopics.findings, chat: told.chat, key: told.key },
        namespace: settings.namespace,
        network: settings.network,
        size: sizeOf(check),
        sendsSeries: settings.alarms.engine === 'promql' && sendsSeries(check),
      });
      for (const { id: batch, clusters } of batches) {
        const part = batch === null ? '' : `-${batch}`;
        new Schedule(this, `${check.id}Schedule${part}`, {
          scheduleName: `${name}${part}`,
          description: `Runs NATS check ${check.id}${batch === null ? '' : `, batch ${batch}`}`,
          schedule: ScheduleExpression.rate(Duration.millis(check.every)),
          timeWindow: TimeWindow.off(),
          // By default a check that could not start would be tried 185 times over 24 h, each time measuring another minute.
          target: new LambdaInvoke(lambda, {
            role: schedulerRole,
            input: ScheduleTargetInput.fromObject({
              scheduledTime: ContextAttribute.scheduledTime,
              clusters,
            }),
            retryAttempts: 0,
            maxEventAge: Duration.seconds(60),
          }),
        });
      }
    }
    const alarms = new Construct(this, 'Alarms');
    const made = watchdogs.map((spec) => alarm(alarms, spec, snsTopics[spec.severity].topicArn));
    compositeAlarms(alarms, composites, made, ({ severity }) => snsTopics[severity].topicArn);
    for (const topic of topics) new CfnOutput(this, `${topic}TopicArn`, { value: snsTopics[topic].topicArn });
    new CfnOutput(this, 'MemoryTableName', { value: table.tableName });
  }

  private logGroup(id: string, logGroupName: string, retentionInDays: number): LogGroup {
    const made = new LogGroup(this, id, { logGroupName, removalPolicy: RemovalPolicy.DESTROY });
    // Settings know the days as CloudWatch does; the construct's enumeration has the same numbers.
    (made.node.defaultChild as CfnLogGroup).retentionInDays = retentionInDays;
    return made;
  }

  /** One role for all schedules, limited to the functions by name; CDK's own would add every version of them. */
  private schedulerRole(functionNames: readonly string[]) {
    const resources = functionNames.map((name) =>
      this.formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: name,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    return new Role(this, 'SchedulerRole', {
      description: 'Lets schedules start the NATS checks',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })],
        }),
      },
    }).withoutPolicyUpdates();
  }
}
