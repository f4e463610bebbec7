import type { CfnResource } from 'aws-cdk-lib';
import type { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Check } from '../../lambdas/define.ts';
import { functionName, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import type { CompositeSpec } from '../cloudwatch/composite-alarm.ts';
import { batchesOf } from '../settings/batches.ts';
import type { DeploymentSettings } from '../settings/deployment.ts';
import type { FunctionSize } from '../settings/functions.ts';
import { alarm } from './alarm.ts';
import { compositeAlarms } from './composite-alarm.ts';
import { checkFunction } from './check-function.ts';
import { tellChats } from './chat.ts';
import { logGroup } from './log-group.ts';
import { memory } from './memory.ts';
import { functionNetwork } from './network.ts';
import { schedulerRole, schedules } from './schedules.ts';
import { subscribe } from './subscriptions.ts';
import { alarmAndFindingTopics, type Topics } from './topics.ts';

type ChecksProps = {
  readonly checks: readonly Check[];
  readonly settings: DeploymentSettings;
  /** The bundled handler and its settings. */
  readonly code: Code;
  readonly sizeOf: (check: Check) => FunctionSize;
  readonly watchdogs: readonly AlarmSpec[];
  /** What is told of the watchdogs together; one that suppresses another comes before it. */
  readonly composites: readonly CompositeSpec[];
  /** What the names of all alarms begin with after `nats/`. */
  readonly places: readonly string[];
};

export type AddedChecks = {
  readonly topics: Topics['topics'];
  readonly memory: Table;
  /** By check. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** Of the functions; none outside a VPC. */
  readonly securityGroups: readonly ISecurityGroup[];
  readonly alarms: readonly (CfnAlarm | CfnCompositeAlarm)[];
  /** What has to be there for checks to run. */
  readonly schedules: readonly CfnResource[];
};

/** Everything but the alarms on clusters: topics, memory, and for each check a function, its schedules, its watchdog. */
export function addChecks(scope: Construct, props: ChecksProps): AddedChecks {
  const { checks, settings, code, sizeOf, watchdogs, composites, places } = props;
  const told = alarmAndFindingTopics(scope, settings, places);
  const { topics } = told;
  subscribe(scope, told, settings);
  tellChats(scope, settings, told);

  const table = memory(scope);
  const network = functionNetwork(scope, settings);
  const batches = batchesOf(settings.clusters);
  const nameOf = (check: Check) => functionName(settings.name, check.id);
  const role = schedulerRole(scope, settings.roles, checks.map(nameOf));
  const functions = new Map<string, LambdaFunction>();
  const started: CfnResource[] = [];
  for (const check of checks) {
    const name = nameOf(check);
    const runs = checkFunction(scope, check.id, {
      check: check.id,
      group: checks.filter((each) => each.group === check.group).map(({ id }) => id),
      functionName: name,
      code,
      logGroup: logGroup(scope, `${check.id}Logs`, name, settings),
      table,
      findings: { topic: topics.findings, chat: told.chat, key: told.key },
      settings,
      network,
      size: sizeOf(check),
      sendsSeries: settings.alarms.engine === 'promql',
    });
    functions.set(check.id, runs);
    started.push(...schedules(scope, { check, functionName: name, runs, role }, batches));
  }

  const alarms = new Construct(scope, 'Alarms');
  const single = watchdogs.map((spec) => alarm(alarms, spec, topics[spec.severity].topicArn));
  const several = compositeAlarms(alarms, composites, single, ({ severity }) => topics[severity].topicArn);
  return {
    topics,
    memory: table,
    functions,
    securityGroups: network?.securityGroups ?? [],
    alarms: [...single, ...several],
    schedules: started,
  };
}
