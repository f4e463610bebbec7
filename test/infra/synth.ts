import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { deployment } from '../../infra/deployment.ts';
import { loadSettings } from '../../infra/settings.ts';
import type { Check } from '../../lambdas/define.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};
export type Synthesized = {
  readonly name: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly dependencies: readonly string[];
};

/** A folder that stands for the bundle, which the shape of the stacks does not depend on. */
export function standInAsset(): string {
  const folder = path.join(temporaryFolder('asset'), 'asset');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'index.mjs'), 'export const handler = async () => {};\n');
  return folder;
}

/** The app of these settings, before synthesis. */
export function appOf(settingsFile: string, checks: readonly Check[], props: AppProps = {}) {
  const app = new App({ outdir: temporaryFolder('cdk-out'), analyticsReporting: false, ...props });
  return { app, ...deployment(app, loadSettings(settingsFile, checks), standInAsset(), checks) };
}

/** The stacks that these settings give, in the order of their deployment. */
export function synthesize(settingsFile: string, checks: readonly Check[]): readonly Synthesized[] {
  const { checksStack, alarmStacks } = appOf(settingsFile, checks);
  return [checksStack, ...alarmStacks].map((stack) => ({
    name: stack.stackName,
    resources: (Template.fromStack(stack).toJSON() as { Resources: Synthesized['resources'] }).Resources,
    dependencies: stack.dependencies.map(({ stackName }) => stackName),
  }));
}

/** The properties of every resource of a type. */
export const ofType = (stacks: readonly Synthesized[], type: string): readonly Resource['Properties'][] =>
  stacks
    .flatMap(({ resources }) => Object.values(resources))
    .filter((resource) => resource.Type === type)
    .map((resource) => resource.Properties);
