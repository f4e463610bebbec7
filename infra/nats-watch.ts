import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Stack, Tags, Token, type CfnResource } from 'aws-cdk-lib';
import type { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Connections, type IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Code, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checks as allChecks } from '../lambdas/checks/catalogue.ts';
import type { Check } from '../lambdas/define.ts';
import { alarmStacks, isOfFunction } from './alarms/alarm-groups.ts';
import { alarmSpecs, compositeSpecs } from './alarms/alarm-specs.ts';
import { functionSize } from './cost/function-size.ts';
import { muteSchedule, mutedAlarms } from './alarms/muted-alarms.ts';
import { placeOf, type AlarmSpec } from './cloudwatch/alarm-spec.ts';
import { deploymentNote } from './note.ts';
import { dashboardBody, type Region } from './dashboard/body.ts';
import { dashboardSpecs } from './dashboard/dashboards.ts';
import { refuseIfStrict } from './rules/table.ts';
import type { LoadedSettings } from './settings.ts';
import { settingsWith, type Given } from './given.ts';
import type { Topic } from './settings/subscriptions.ts';
import { alarmGroups } from './stacks/alarm-groups.ts';
import { bundle } from './stacks/bundle.ts';
import { addDashboards } from './stacks/dashboards.ts';
import { addChecks, type AddedChecks } from './stacks/checks.ts';
import { logsUseKey } from './stacks/log-group.ts';
import { alarmsUseKey } from './stacks/topics.ts';

export { loadSettings, understand } from './settings.ts';

export type NatsWatchProps = Given & {
  /** Of a file, by `loadSettings`, or of an object, by `understand`. */
  readonly settings: LoadedSettings;
  /** What is deployed of the catalogue; all of it by default. */
  readonly checks?: readonly Check[];
  /** What the functions run; bundled by default. */
  readonly code?: Code;
  /**
   * Where a part of the alarms on clusters goes, `alarms`, `alarms-2` and so on, in the order of their
   * deployment; into this construct by default.
   */
  readonly alarmsIn?: (part: string) => Construct;
};

/**
 * A whole deployment: topics, memory, a function and its schedules for each check, and all alarms, those on clusters in nested
 * stacks.
 */
export class NatsWatch extends Construct implements IConnectable {
  readonly topics: Readonly<Record<Topic, ITopic>>;
  /** By check. */
  readonly functions: ReadonlyMap<string, IFunction>;
  /** By name. */
  readonly alarms: ReadonlyMap<string, CfnAlarm | CfnCompositeAlarm>;
  /** Of the functions: `watch.connections.allowTo(servers, Port.tcp(8222))` lets them ask servers of a security group. */
  readonly connections: Connections;
  /** The table of what checks keep between runs. */
  readonly memory: Table;
  /** Of the alarms that are no composites. */
  readonly specs: readonly AlarmSpec[];
  readonly #input: Input;

  /**
   * @throws AlarmError if two alarms have one name, there are more than stacks hold, or rules are not as strict settings want
   * @throws SettingsError for what is given twice or does not fit
   */
  constructor(scope: Construct, id: string, props: NatsWatchProps) {
    super(scope, id);
    const { settings: loaded, checks = allChecks, code, alarmsIn, topicsKey, logKey } = props;
    refuseIfStrict(loaded);
    const settings = settingsWith(Stack.of(this), loaded.settings, props);
    const input = { checks, ...loaded, settings };
    this.#input = input;
    this.specs = alarmSpecs(input);
    const added = code === undefined ? this.bundled(input) : this.add(input, code);
    this.topics = { ...added.topics, ...props.topics };
    this.functions = added.functions;
    this.memory = added.memory;
    this.connections = new Connections({
      securityGroups: [...(props.securityGroups ?? added.securityGroups)],
    });
    const onClusters = this.alarmsOnClusters(
      input,
      added.schedules,
      alarmsIn ?? ((part) => new Construct(this, part)),
    );
    this.alarms = new Map([...added.alarms, ...onClusters].map((alarm) => [alarm.alarmName ?? '', alarm]));
    // Of no effect on keys that are not in an app of the CDK.
    topicsKey?.addToResourcePolicy(alarmsUseKey(this));
    logKey?.addToResourcePolicy(logsUseKey(this, settings.name));
    tag(this, settings.tags);
  }

  /** What a person who deploys should know: rules that are refused, what the network needs, what it costs. */
  get note(): string {
    return readable(Stack.of(this), deploymentNote(this.#input, this.specs, regionOf(this)));
  }

  private bundled(input: Input): AddedChecks {
    const folder = mkdtempSync(path.join(tmpdir(), 'nats-cloudwatch-'));
    try {
      bundle(folder, input.watch, input.translated.plan);
      return this.add(input, Code.fromAsset(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private add(input: Input, code: Code): AddedChecks {
    const composites = compositeSpecs(input);
    return addChecks(this, {
      checks: input.checks,
      settings: input.settings,
      code,
      sizeOf: (check) => functionSize(check, input),
      watchdogs: this.specs.filter(isOfFunction),
      composites,
      places: [...this.specs, ...composites].map(placeOf),
    });
  }

  private get dashboards() {
    return dashboardSpecs(this.#input).map((spec) => ({
      name: spec.name,
      body: (region: Region) => dashboardBody(spec, region),
    }));
  }

  /** One part after the other, the first after the schedules, so that series are there before their alarms. */
  private alarmsOnClusters(
    { settings, translated }: Pick<LoadedSettings, 'settings' | 'translated'>,
    schedules: readonly CfnResource[],
    scopeOf: (part: string) => Construct,
  ): readonly CfnAlarm[] {
    const mutes = settings.mute.flatMap((mute) =>
      mutedAlarms(mute, this.specs, translated.plan.covers).map((alarmNames) => ({
        ...{ why: mute.why, alarmNames, schedule: muteSchedule(mute) },
      })),
    );
    let before = Stack.of(this);
    let after = schedules;
    return alarmStacks(this.specs, settings.alarms.stacks).flatMap(({ id, waves }, i, all) => {
      const scope = scopeOf(id);
      tag(scope, settings.tags);
      const stack = Stack.of(scope);
      if (stack !== before) {
        stack.addStackDependency(before);
        [before, after] = [stack, []];
      }
      // In the part that is always there: moved to another, one would be deleted once it was made anew.
      if (i === 0) addDashboards(scope, this.dashboards);
      const made = alarmGroups(scope, {
        deployed: settings,
        waves,
        mutes: i === all.length - 1 ? mutes : [],
        after,
      });
      after = made.last;
      return made.alarms;
    });
  }
}

type Input = LoadedSettings & { readonly checks: readonly Check[] };

/** What is tagged by itself, as alarms are by their labels, keeps its own. */
function tag(scope: Construct, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value, { priority: 40 });
}

/** What only CloudFormation will know stands by its logical id, as in `<VpcPrivateSubnet1Subnet5A6B7C8D>`. */
const readable = (stack: Stack, text: string): string =>
  text.replaceAll(/\$\{Token\[[^\]]*\]\}/g, (token) => {
    const { Ref: id, 'Fn::GetAtt': attribute } = stack.resolve(token) as {
      readonly Ref?: string;
      readonly 'Fn::GetAtt'?: readonly string[];
    };
    return `<${id ?? attribute?.join('.') ?? 'known when it is deployed'}>`;
  });

/** As far as it is known at synth. */
function regionOf(scope: Construct): string {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? (process.env['CDK_DEFAULT_REGION'] ?? 'REGION') : region;
}
