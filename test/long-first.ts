import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of more than some seconds, the longest first. Those of real servers mostly wait, those of rules compute. */
export const longest = [
  'scenes/jetstream/servers',
  'live/jetstream-health',
  'live/leafnode-closes',
  'rules/parity',
  'deployment/crash',
  'deployment/deployed',
  'live/lost-quorum',
  'scenes/jetstream/mirrors',
  'rules/built-in-load',
  'infra/rules/rule-file/limits',
  'live/rule-series',
  'live/faulty-targets',
  'deployment/deploy',
  'live/leafnode-subscriptions',
  'infra/alarm-stacks',
  'rules/samples/laws',
  'scenes/two-hubs',
  'live/repeated-trouble',
  'infra/tool/check',
  'live/trouble',
  'services/moto',
  'scenes/trouble',
  'live/series-in-prometheus',
  'promql/pattern',
  'live/leafnode-connections',
  'rules/built-in-leafnodes',
  'live/stale-connections',
  'infra/local/command',
  'deployment/promql',
  'promql/parity',
  'run/memory',
  'run/evaluate-rules-failures',
  'rules/built-in-cluster',
  'infra/tool/command',
  'infra/tool/test-file',
  'services/debian',
  'infra/cdk-rules',
  'rules/template/expand',
  'deployment/moto-gaps',
].map((name) => `test/${name}.test.ts`);

/** Long files first, so that in the end no worker is idle for the sake of one. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return found === -1 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
