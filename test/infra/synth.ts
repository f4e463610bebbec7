import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, type AppProps, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { deployment } from '../../infra/deployment.ts';
import { loadSettings } from '../../infra/settings.ts';
import { translate } from '../../infra/rules/translate/translate.ts';
import type { Check } from '../../lambdas/define.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { ruleFile } from './catalogue.ts';
import { resolveIntrinsics } from './intrinsics.ts';
import { groupsIn } from './rules.ts';

export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};
export type Synthesized = {
  readonly name: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Description?: string; readonly Value: unknown }>>;
  readonly dependencies: readonly string[];
};

/** Stands for the bundle, which the shape of the stacks does not depend on. */
export function standInCode(): Code {
  const folder = path.join(temporaryFolder('asset'), 'asset');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'index.mjs'), 'export const handler = async () => {};\n');
  return Code.fromAsset(folder);
}

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

/** An app as the CDK command line makes it. */
export const newApp = (props: AppProps = {}): App =>
  new App({ outdir: temporaryFolder('cdk-out'), analyticsReporting: false, context, ...props });

/** The app of these settings, before synthesis. @param rules null for those that settings name */
export function appOf(
  settingsFile: string,
  checks: readonly Check[],
  props: AppProps = {},
  rules: string | null = ruleFile,
) {
  const app = newApp(props);
  const loaded = loadSettings(settingsFile, checks);
  const { settings, book } = loaded;
  const translated =
    rules === null
      ? loaded.translated
      : translate(groupsIn(rules, settings.alarms, true), settings, book, checks);
  const made = deployment(app, { settings: { ...loaded, translated }, code: standInCode(), checks });
  return { app, specs: made.watch.specs, ...made };
}

/** Without CDK's own validation, which takes seconds: its findings are a test's of their own; nor a tree for its console. */
export const unvalidated: AppProps = { builtinCloudFormationValidation: false, treeMetadata: false };

/** The stacks that these settings give, in the order of their deployment, nested ones after theirs: `prod-alarms/group-3`. */
export function synthesize(
  settingsFile: string,
  checks: readonly Check[],
  rules: string | null = ruleFile,
): readonly Synthesized[] {
  const { checksStack, alarmsStacks } = appOf(settingsFile, checks, unvalidated, rules);
  return [
    synthesized(checksStack),
    ...alarmsStacks.flatMap(({ stack, groups }) => [synthesized(stack), ...groups.map(synthesized)]),
  ];
}

const synthesized = (stack: Stack): Synthesized => {
  const { Resources = {}, Outputs = {} } = Template.fromStack(stack).toJSON() as {
    Resources?: Synthesized['resources'];
    Outputs?: Synthesized['outputs'];
  };
  return {
    name: stack.node.path,
    resources: Resources,
    outputs: Outputs,
    dependencies: stack.dependencies.map(({ node }) => node.path),
  };
};

/** The properties of every resource of a type. */
export const ofType = (stacks: readonly Synthesized[], type: string): readonly Resource['Properties'][] =>
  stacks
    .flatMap(({ resources }) => Object.values(resources))
    .filter((resource) => resource.Type === type)
    .map((resource) => resource.Properties);

/** As a person reads it: `<Topic>`, `<Table.Arn>`, and one word for each pseudo parameter. */
const readable = (value: unknown) =>
  resolveIntrinsics(value, {
    ref: (id) => (id.startsWith('AWS::') ? id.slice(5).toUpperCase() : `<${withoutHash(id)}>`),
    attribute: (id, name) => `<${withoutHash(id)}.${name}>`,
    imported: (name) => `<import ${name}>`,
  });
const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '');

/** The properties of every resource of a type, readable. */
export const readableOfType = (
  stacks: readonly Synthesized[],
  type: string,
): readonly Resource['Properties'][] =>
  ofType(stacks, type).map((properties) => readable(properties) as Resource['Properties']);

/** Settings of one cluster with so many servers, and more. */
export function fleet(servers: number, more: object = {}): string {
  const targets = Array.from({ length: servers }, (_, i) => ({
    name: `hub-${i + 1}`,
    url: `http://hub${i + 1}:8222`,
  }));
  const file = path.join(temporaryFolder('fleet'), 'settings.yaml');
  writeFileSync(
    file,
    JSON.stringify({ clusters: [{ name: 'prod.eu', targets, expect: { leafnodes: 1 } }], ...more }),
  );
  return file;
}
