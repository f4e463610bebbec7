import * as z from 'zod';
import { watchSettings } from '../../lambdas/settings.ts';
import { alarmSettings } from './alarms.ts';
import { ownTags } from '../cloudwatch/alarm-spec.ts';
import { mostServers } from './batches.ts';
import { serversOf } from './servers.ts';
import { functionSettings } from './functions.ts';
import { mirrors } from './mirrors.ts';
import { publishSetting } from './publish.ts';
import { subscriptions } from './subscriptions.ts';
import { existingTopics } from './topics.ts';

/** The retention periods that CloudWatch Logs knows, up to two years. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

/** An id as EC2 gives them: `vpc-0123456789abcdef0`. */
const id = (prefix: string) => {
  const pattern = new RegExp(`^${prefix}-[0-9a-f]{8,17}$`);
  return z.string().regex(pattern, `expected an id such as ${prefix}-0123456789abcdef0`);
};

/** A list in which nothing stands twice. */
const once = (item: z.ZodString) =>
  z.array(item).superRefine((items, context) => {
    items.forEach((each, i) => {
      if (items.indexOf(each) === i) return;
      context.addIssue({ code: 'custom', path: [i], message: `${each} stands twice` });
    });
  });

const network = z.strictObject({
  vpcId: id('vpc'),
  subnetIds: once(id('subnet')).min(1).max(16),
  securityGroupIds: once(id('sg')).min(1).max(5),
});

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
    network: network.optional(),
    functions: functionSettings,
    subscriptions: subscriptions.default([]),
    topics: existingTopics,
    logRetentionDays: z
      .literal(logRetentionDays, { error: `expected one of ${logRetentionDays.join(', ')}` })
      .default(30),
    /** Prometheus rule files, relative to the settings; `built-in` stands for the rules that come with the project. */
    rules: ruleFiles.default([builtIn]),
    /** Which form of the built-in rules. */
    mirror: z.enum(mirrors, { error: `expected ${mirrors.join(' or ')}` }).default('intended'),
    alarms: alarmSettings,
    publish: publishSetting,
  })
  .superRefine(
    (settings, context) => {
      if (typeof (settings as unknown) !== 'object' || (settings as unknown) === null) return;
      const wrong = context.issues.map(({ path }) => path ?? []);
      const problems = [
        ...(wrong.some(([key]) => key === 'subscriptions') ? [] : unknownClusters(settings)),
        ...soundClusters(settings, wrong).flatMap(([cluster, i]) => [
          ...labelsUnfitForTags(cluster, i),
          ...tooLarge(cluster, i),
        ]),
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
  if (names.length === 0 || names.includes(undefined)) return [];
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

/** An alarm has at most 50 tags, of these characters; some of them are our own. */
const reservedTags: readonly string[] = ownTags;
export const tagValue = /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u;
const longestTagKey = 128;
const mostLabels = 20;

function labelsUnfitForTags({ labels: own, targets, dnsTargets }: Cluster, i: number): readonly Problem[] {
  const unfit = (labels: Readonly<Record<string, string>>, ...path: (string | number)[]): Problem[] => {
    const entries = Object.entries(labels);
    const tooMany: Problem[] =
      entries.length > mostLabels
        ? [[path, `expected at most ${mostLabels} labels, received ${entries.length}`]]
        : [];
    const wrong = entries.flatMap(([name, value]): Problem[] => {
      if (reservedTags.includes(name))
        return [[[...path, name], 'this label is set by the deployment itself']];
      if (name.length > longestTagKey)
        return [
          [[...path, name], `expected a name of at most ${longestTagKey} characters, as AWS tags have`],
        ];
      if (tagValue.test(value)) return [];
      return [
        [
          [...path, name],
          'expected what an AWS tag takes: letters, digits, spaces and _.:/=+@-, at most 256',
        ],
      ];
    });
    return [...tooMany, ...wrong];
  };
  const found = dnsTargets.map(({ place }) => place);
  const known = Array.from({ length: targets.length + found.length }, (_, j) => j).filter(
    (j) => !found.includes(j),
  );
  return [
    ...unfit(own, 'clusters', i, 'labels'),
    ...targets.flatMap((target, j) =>
      unfit(target.labels, 'clusters', i, 'targets', known[j] ?? j, 'labels'),
    ),
    ...dnsTargets.flatMap((dns) => unfit(dns.labels, 'clusters', i, 'targets', dns.place, 'labels')),
  ];
}
