import * as z from 'zod/mini';
import type { ClusterFacts, Covered, Diagnosis } from './define.ts';
import { hours, seconds, type Duration } from './durations.ts';
import type { LimitBook } from './limits.ts';
import { limitBook, type AssetLimits } from './engine/limit-book.ts';
import type { DnsTarget } from './readings/found-by-name.ts';
import type { Target } from './readings/reading.ts';
import { cluster, type TlsSettings } from './settings/clusters.ts';
import { movedReasons, override, overrides } from './settings/limits.ts';
import { mute } from './settings/mutes.ts';
import { duration, isRecord, uniqueNames } from './settings/parts.ts';
import { flatten, namingKeys, onceEach, SettingsError, type SettingsProblem } from './settings/problems.ts';

export { readMonitoringUrl } from './settings/clusters.ts';
export { duration, once } from './settings/parts.ts';
export { SettingsError, type SettingsProblem } from './settings/problems.ts';

/** A run reads two or three times in a row and must end within its minute. */
const requestTimeout = duration.check(
  z.refine((span) => span >= seconds(1) && span <= seconds(10), { error: 'expected 1s to 10s' }),
);

/** What alarms and findings name as their manual: a page that has a heading for each check and diagnosis. */
export const readme = z._default(
  z.string().check(z.minLength(1), z.maxLength(200)),
  'lambdas/checks/README.md',
);

const assetName = z.string().check(z.minLength(1));
/** Streams, or with `consumer` consumers of them. */
const assetPattern = z.strictObject({
  account: z.optional(assetName),
  stream: assetName,
  consumer: z.optional(assetName),
});

const clientPattern = z.strictObject({ account: z.optional(assetName), name: assetName });

const longestSilence = hours(24);
const bySeverity = z.strictObject({
  critical: z._default(duration, longestSilence),
  warning: z._default(duration, longestSilence),
});

/** One for all findings, or one a severity; what is wrong is said of what was meant. */
const remindAfter = z.pipe(
  z.unknown(),
  z.transform((raw, { issues }): Duration | z.output<typeof bySeverity> => {
    const read =
      typeof raw === 'object' && raw !== null
        ? z.safeParse(bySeverity, raw, namingKeys)
        : z.safeParse(duration, raw);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues.flatMap(flatten))
      issues.push({ code: 'custom', input: raw, path: [...path], message });
    return z.NEVER;
  }),
);

const namespace = z
  .string()
  .check(z.regex(/^(?!AWS\/)[A-Za-z0-9._/#-]{1,255}$/, 'expected a CloudWatch namespace'));

/** What checks are run with, in a Lambda and in a terminal. `infra/settings.ts` adds what a deployment needs. */
export const watchSettings = z.strictObject({
  /** CloudWatch namespace. */
  namespace: z._default(namespace, 'NATS'),
  clusters: z.array(cluster).check(z.minLength(1), uniqueNames('clusters')),
  limits: z._default(overrides, {}),
  closeReasons: z._default(movedReasons, {}),
  jetstream: z.prefault(
    z.strictObject({
      ignore: z._default(z.array(assetPattern), []),
      /** The first entry that means a stream or consumer holds for it. */
      limits: z._default(z.array(z.extend(assetPattern, { limits: overrides })), []),
    }),
    {},
  ),
  clients: z.prefault(z.strictObject({ ignore: z._default(z.array(clientPattern), []) }), {}),
  /** Of a deployment's alarms, what its findings need too. */
  alarms: z.prefault(z.object({ readme }), {}),
  remindAfter: z._default(remindAfter, longestSilence),
  /** What is not told, and when. */
  mute: z._default(z.array(mute), []),
  /** Of one request to a monitoring endpoint, connecting and reading included. */
  requestTimeout: z._default(requestTimeout, seconds(5)),
});

export type WatchSettings = z.output<typeof watchSettings>;
export type ClusterSettings = WatchSettings['clusters'][number];

type Read<S extends z.core.$ZodType> = { readonly settings: z.output<S>; readonly book: LimitBook };

/**
 * Settings checked against `schema`, and the limits they give.
 * @param source what to name in an error: the file
 * @throws SettingsError naming every path that is wrong
 */
export function parseSettings<S extends z.core.$ZodType<WatchSettings>>(
  schema: S,
  raw: unknown,
  source: string,
  diagnoses: readonly Diagnosis[],
): Read<S> {
  const read = readSettings(schema, raw, diagnoses);
  if ('problems' in read) throw new SettingsError(source, read.problems);
  return read;
}

/** The same, or all that is wrong with them. */
export function readSettings<S extends z.core.$ZodType<WatchSettings>>(
  schema: S,
  raw: unknown,
  diagnoses: readonly Diagnosis[],
): Read<S> | { readonly problems: readonly SettingsProblem[] } {
  const parsed = z.safeParse(schema, raw, namingKeys);
  const { limits, jetstream }: Readonly<Record<string, unknown>> = isRecord(raw) ? raw : {};
  const ofAssets = isRecord(jetstream) ? jetstream['limits'] : null;
  const { book, problems, assetProblems } = limitBook(
    diagnoses,
    soundOverrides(limits),
    (Array.isArray(ofAssets) ? ofAssets : []).map(soundAssetLimits),
  );
  const all = onceEach([
    ...(parsed.error?.issues.flatMap(flatten) ?? []),
    ...problems.map(({ path, message }) => ({ path: ['limits', ...path], message })),
    ...assetProblems.map(({ path, message }) => ({ path: ['jetstream', 'limits', ...path], message })),
  ]);
  return parsed.success && all.length === 0 ? { settings: parsed.data, book } : { problems: all };
}

/** Overrides as far as each can be understood for itself. */
const soundOverrides = (limits: unknown): z.output<typeof overrides> =>
  Object.fromEntries(
    Object.entries(isRecord(limits) ? limits : {}).map(([id, each]) => [
      id,
      z.safeParse(override, each).data ?? {},
    ]),
  );

const soundAssetLimits = (entry: unknown): AssetLimits => {
  const { limits, ...pattern }: Readonly<Record<string, unknown>> = isRecord(entry) ? entry : {};
  return { ...(z.safeParse(assetPattern, pattern).data ?? { stream: '' }), limits: soundOverrides(limits) };
};

const withoutUndefined = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const withTls = <T extends object>(rest: T, asked: TlsSettings | undefined) => ({
  ...rest,
  ...(asked === undefined ? {} : { tls: withoutUndefined(asked) }),
});

export const targetsOf = (cluster: ClusterSettings): readonly Target[] =>
  cluster.targets.map(({ tls: asked, ...rest }) => withTls(rest, asked));

export const dnsTargetsOf = (cluster: ClusterSettings): readonly DnsTarget[] =>
  cluster.dnsTargets.map(({ tls: asked, dns, port, scheme, expect, labels: own }) =>
    withTls({ dns, port, scheme, expect: expect ?? null, labels: own }, asked),
  );

/** How many servers of a cluster are watched at most; Infinity where names are looked up for them. */
export const mostServersOf = ({ targets, dnsTargets }: ClusterSettings): number =>
  dnsTargets.length > 0 ? Infinity : targets.length;

export const factsOf = (
  {
    closeReasons: moved,
    jetstream,
    clients,
    alarms,
  }: Pick<WatchSettings, 'closeReasons' | 'jetstream' | 'clients' | 'alarms'>,
  cluster: ClusterSettings,
  covered: Covered = {},
): ClusterFacts => ({
  name: cluster.name,
  labels: cluster.labels,
  expect: cluster.expect,
  mostServers: mostServersOf(cluster),
  maxClosedClients: cluster.maxClosedClients,
  memoryLimit: cluster.memoryLimit ?? null,
  closeReasons: moved,
  jetstream: { ignore: jetstream.ignore },
  clients: { ignore: clients.ignore },
  covered,
  manual: alarms.readme,
});
