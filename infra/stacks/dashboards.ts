import { Fn } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

/** A dashboard, and what CloudWatch is to show on it, where that is known. */
export type Dashboard = {
  readonly name: string;
  readonly body: (of: { readonly region: string; readonly alarmArn: (name: string) => string }) => object;
};

/** For CloudFormation to fill in. */
const here = {
  region: '${AWS::Region}',
  alarmArn: (name: string) =>
    `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${name}`,
} as const;

/** Dashboards; alarms that they show may be in other stacks. */
export function addDashboards(scope: Construct, dashboards: readonly Dashboard[]): void {
  const parent = new Construct(scope, 'Dashboards');
  for (const { name, body } of dashboards) {
    const text = JSON.stringify(body(here)).replaceAll(/\$\{(?!AWS::)/g, '${!');
    new CfnDashboard(parent, name, { dashboardName: name, dashboardBody: Fn.sub(text) });
  }
}
