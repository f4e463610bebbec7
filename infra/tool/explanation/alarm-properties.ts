import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { AlarmSpec } from '../../cloudwatch/alarm-spec.ts';
import { addAlarms } from '../../stacks/alarm-groups.ts';

/** Properties of an AWS::CloudWatch::Alarm as templates have them. */
export type AlarmProperties = Readonly<Record<string, unknown>>;

/** Of a stack's 500 resources. */
const mostInStack = 400;

type Template = {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties: AlarmProperties }>
  >;
};

/** The alarms of these specs as they are deployed, by name. */
export function alarmProperties(
  specs: readonly AlarmSpec[],
  deployment: string,
): ReadonlyMap<string, AlarmProperties> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'nats-cloudwatch-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    for (let from = 0; from < specs.length; from += mostInStack)
      addAlarms(
        new Stack(app, `alarms-${from}`),
        { name: deployment, topics: {} },
        specs.slice(from, from + mostInStack),
      );
    const resources = app
      .synth()
      .stacks.flatMap(({ template }) => Object.values((template as Template).Resources ?? {}));
    const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    return new Map(alarms.map(({ Properties }) => [String(Properties['AlarmName']), Properties]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
