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
  for (const { name, body } of dashboards)
    new CfnDashboard(parent, name, {
      dashboardName: name,
      dashboardBody: filledIn(JSON.stringify(body(here))),
    });
}

/** What only CloudFormation knows, as the name of a topic of another construct, is filled in by a word of its own. */
function filledIn(text: string): string {
  const words: Record<string, string> = {};
  const template = text.replaceAll(/\$\{Token\[[^\]]*\]\}|\$\{(?!AWS::)/g, (found) => {
    if (found === '${') return '${!';
    const known = Object.keys(words).find((word) => words[word] === found);
    const word = known ?? `Known${Object.keys(words).length + 1}`;
    words[word] = found;
    return `\${${word}}`;
  });
  return Object.keys(words).length === 0 ? Fn.sub(template) : Fn.sub(template, words);
}
