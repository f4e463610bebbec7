import * as z from 'zod';
import { watchSettings } from '../../lambdas/settings.ts';
import { alarmSettings } from './alarms.ts';
import { dashboardSetting } from './dashboards.ts';
import { mostServers } from './batches.ts';
import { placesOfTargets, serversOf } from './servers.ts';
import { functionSettings } from './functions.ts';
import { logSettings } from './logs.ts';
import { mirrors } from './mirrors.ts';
import { networkSettings } from './network.ts';
import { once } from './once.ts';
import { publishSetting } from './publish.ts';
import { roleSettings } from './roles.ts';
import { subscriptions } from './subscriptions.ts';
import { labelProblem, roomBeside, tagSettings } from './tags.ts';
import { existingTopics } from './topics.ts';

/** Among rule files, the rules that come with the project. */
export const builtIn = 'built-in';

const ruleFiles = once(z.string().min(1, 'expected the path of a rule file'));

/** All that `infra/settings.yaml` can say: what to watch, and how to deploy it. */
export const deploymentSettings = z
  .strictObject({
    ...watchSettings.shape,
    /** Prefix of stacks, functions and topics; two deployments in one account and Region need two names. */
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,29}$/, 'expected lower-case letters, digits and "-", at most 30')
      .default('nats-cloudwatch'),
    /** Where the functions run. Without it they run outside any VPC. */
    network: networkSettings.optional(),
    functions: functionSettings,
    subscriptions: subscriptions.default([]),
    topics: existingTopics,
    ...logSettings,
    roles: roleSettings,
    tags: tagSettings.default({}),
    /** Prometheus rule files, relative to the settings; `built-in` stands for the rules that come with the project. */
    rules: ruleFiles.default([builtIn]),
    /** Which form of the built-in rules. */
    mirror: z.enum(mirrors).default('intended'),
    alarms: alarmSettings,
    publish: publishSetting,
    dashboard: dashboardSetting,
  })
  .superRefine(
    (settings, context) => {
      const given: unknown = settings;
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
      const wrong = context.issues.map(({ path }) => path ?? []);
      const ofClusters = soundClusters(settings, wrong).flatMap(([cluster, i]) => [
        ...labelsUnfitForTags(cluster, i),
        ...tooLarge(cluster, i),
      ]);
      const areLabelsSound = ofClusters.length === 0 && !wrong.some(([key]) => key === 'clusters');
      const problems = [
        ...(wrong.some(([key]) => key === 'subscriptions') ? [] : unknownClusters(settings)),
        ...ofClusters,
        ...(areLabelsSound && !wrong.some(([key]) => key === 'tags') ? tooManyTags(settings) : []),
      ];
      for (const [path, message] of problems) {
        context.addIssue({ code: 'custom', path: [...path], message });
      }
    },
    // Told beside what else is wrong, not after it.
    { when: () => true },
  );

export type DeploymentSettings = z.output<typeof deploymentSettings>;

type Problem = readonly [path: readonly (string | number)[], message: string];
type Cluster = DeploymentSettings['clusters'][number];

/** Clusters in which nothing is wrong so far, with their places. */
const soundClusters = (
  { clusters }: Pick<DeploymentSettings, 'clusters'>,
  wrong: readonly (readonly PropertyKey[])[],
): readonly (readonly [Cluster, number])[] =>
  wrong.some((path) => path[0] === 'clusters' && path.length === 1) || !Array.isArray(clusters)
    ? []
    : clusters
        .map((cluster, i) => [cluster, i] as const)
        .filter(([, i]) => !wrong.some((path) => path[0] === 'clusters' && path[1] === i));

/** Clusters may be wrong in every way but that they have names. */
function unknownClusters({
  clusters,
  subscriptions: all,
}: Pick<DeploymentSettings, 'clusters' | 'subscriptions'>): readonly Problem[] {
  const names = (Array.isArray(clusters) ? clusters : []).map(
    (cluster) => (cluster as Partial<Cluster> | null)?.name,
  );
  if (names.length === 0 || names.some((name) => typeof (name as unknown) !== 'string' || name === ''))
    return [];
  return all.flatMap(({ filter }, i) =>
    (filter?.cluster ?? []).flatMap((name, j): Problem[] =>
      names.includes(name)
        ? []
        : [
            [
              ['subscriptions', i, 'filter', 'cluster', j],
              `no cluster "${name}"; there are ${names.join(', ')}`,
            ],
          ],
    ),
  );
}

const tooLarge = (cluster: Cluster, i: number): readonly Problem[] =>
  serversOf(cluster) <= mostServers.cluster
    ? []
    : [
        [
          ['clusters', i, 'targets'],
          `cluster "${cluster.name}" has ${serversOf(cluster)} servers: expected at most ${mostServers.cluster}, which a function reads ` +
            'within its minute; make clusters of its parts',
        ],
      ];

const mostLabels = 20;

function labelsUnfitForTags({ labels: own, targets, dnsTargets }: Cluster, i: number): readonly Problem[] {
  const unfit = (labels: Readonly<Record<string, string>>, ...path: (string | number)[]): Problem[] => {
    const entries = Object.entries(labels);
    const tooMany: Problem[] =
      entries.length > mostLabels
        ? [[path, `expected at most ${mostLabels} labels, received ${entries.length}`]]
        : [];
    const wrong = entries.flatMap(([name, value]): Problem[] => {
      const problem = labelProblem(name, value);
      return problem === null ? [] : [[[...path, name], problem]];
    });
    return [...tooMany, ...wrong];
  };
  const places = placesOfTargets({ targets, dnsTargets });
  return [
    ...unfit(own, 'clusters', i, 'labels'),
    ...targets.flatMap((target, j) =>
      unfit(target.labels, 'clusters', i, 'targets', places[j] ?? j, 'labels'),
    ),
    ...dnsTargets.flatMap((dns) => unfit(dns.labels, 'clusters', i, 'targets', dns.place, 'labels')),
  ];
}

/** Of the cluster whose servers have most labels. */
function tooManyTags({ tags, clusters }: Pick<DeploymentSettings, 'tags' | 'clusters'>): readonly Problem[] {
  const count = Object.keys(tags).length;
  const labels = mostLabelsOf(clusters);
  const room = roomBeside(labels);
  if (count <= room) return [];
  return [
    [
      ['tags'],
      `expected at most ${room} tags, received ${count}: an alarm has 50 tags, and a server has ${labels} labels with those of its cluster`,
    ],
  ];
}

/** How many labels a server has at most, with those of its cluster. */
export const mostLabelsOf = (clusters: readonly Cluster[]): number =>
  Math.max(
    ...clusters.flatMap(({ labels, targets }) =>
      [{ labels: {} }, ...targets].map((target) => Object.keys({ ...labels, ...target.labels }).length),
    ),
  );
