import { en } from 'zod/locales';
import * as z from 'zod/mini';
import type { ClusterFacts, Covered, Diagnosis } from './define.ts';
import { hours, parseDuration, seconds } from './durations.ts';
import { closeClasses, closeReasons } from './engine/close-reasons.ts';
import type { LimitBook } from './limits.ts';
import { limitBook } from './engine/limit-book.ts';
import { nearest } from './engine/nearest.ts';
import type { Target } from './readings/reading.ts';

// The words of zod's messages, which its small edition leaves out.
z.config(en());

export const duration = z.pipe(
  z.string(),
  z.transform((text: string, { issues }) => {
    const parsed = parseDuration(text);
    if (parsed !== null) return parsed;
    const message = `expected a duration such as 30s, 5m, 1h30m or 7d, received "${text}"`;
    issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);

/** Of a cluster's or target's name. */
export const longestName = 64;

/** What becomes a CloudWatch dimension and a part of alarm names. */
const name = z
  .string()
  .check(
    z.maxLength(longestName, `expected at most ${longestName} characters`),
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'expected letters, digits, ".", "_" or "-", a letter or digit first',
    ),
  );

/** A run reads two or three times in a row and must end within its minute. */
const requestTimeout = duration.check(
  z.refine((span) => span >= seconds(1) && span <= seconds(10), { error: 'expected 1s to 10s' }),
);

type MonitoringUrl = { readonly url: string } | { readonly problem: string };

/** A target's URL, one text for each that means the same, without a slash at its end; or why it cannot be one. */
export function readMonitoringUrl(text: string): MonitoringUrl {
  if (!URL.canParse(text)) return { problem: 'expected a URL such as http://10.0.1.10:8222' };
  const { protocol, username, password, port, search, hash, origin, pathname } = new URL(text);
  if (!['http:', 'https:'].includes(protocol))
    return { problem: `expected http or https, received "${protocol}//"` };
  if (username || password)
    return { problem: 'user and password do not belong here: monitoring has no login' };
  if (port === '0') return { problem: 'port 0 is none: expected the http_port of the server' };
  if (search || hash) return { problem: 'expected no query or fragment: only scheme, host, port, base path' };
  // Findings have it in commands for a shell, in single quotes.
  return { url: `${origin}${pathname}`.replaceAll("'", '%27').replace(/\/+$/, '') };
}

const monitoringUrl = z.pipe(
  z.string(),
  z.transform((text: string, { issues }) => {
    const read = readMonitoringUrl(text);
    if ('url' in read) return read.url;
    issues.push({ code: 'custom', input: text, message: read.problem });
    return z.NEVER;
  }),
);

const labels = z.record(z.string().check(z.regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/)), z.string());

const label = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
/** Not an address, which TLS does not ask for by name. */
const hostName = z
  .string()
  .check(
    z.regex(
      new RegExp(`^(?![0-9.]+$)${label}(\\.${label})*$`),
      'expected the host name on the certificate, such as nats.example',
    ),
  );

const target = z
  .strictObject({
    name,
    url: monitoringUrl,
    labels: z._default(labels, {}),
    /** `ca`: PEM of a private authority; `serverName`: the name on the certificate where it is not the URL's. */
    tls: z.optional(z.strictObject({ ca: z.optional(z.string()), serverName: z.optional(hostName) })),
  })
  .check(
    z.superRefine(({ url, tls }, context) => {
      const isAsked = tls?.ca !== undefined || tls?.serverName !== undefined;
      if (!isAsked || !url.startsWith('http:')) return;
      const message = `"${url}" is asked without TLS: expected https:// there (the https_port of the server), or no tls`;
      context.addIssue({ code: 'custom', path: ['tls'], message });
    }),
  );

const unique = <K extends string>(key: K, twice: (taken: string) => string) =>
  z.superRefine<readonly { readonly [key in K]: string }[]>((items, context) => {
    const seen = new Set<string>();
    items.forEach(({ [key]: taken }, i) => {
      if (seen.has(taken)) context.addIssue({ code: 'custom', path: [i, key], message: twice(taken) });
      seen.add(taken);
    });
  });

const uniqueNames = (what: string) => unique('name', (taken) => `"${taken}" names two ${what}`);
/** A server that is two targets would be counted twice in its cluster. */
const uniqueUrls = unique('url', (taken) => `"${taken}" is the URL of two targets`);

const count = z.int().check(z.gte(1));
/** A name that stands twice is expected of two leafnodes. */
const names = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));

const cluster = z.strictObject({
  name,
  labels: z._default(labels, {}),
  targets: z.array(target).check(z.minLength(1), uniqueNames('targets'), uniqueUrls),
  /** Leafnodes choose and change hubs, so they are expected of the cluster: how many, or which. */
  expect: z._default(z.strictObject({ leafnodes: z.optional(z.union([count, names])) }), {}),
  /** `max_closed_clients` of the servers, which no endpoint shows. */
  maxClosedClients: z._default(count, 10_000),
});

const level = z.optional(z.union([z.number(), z.literal('off')], { error: 'expected a number or "off"' }));
const limit = z.strictObject({ warning: level, critical: level, over: z.optional(duration) });
const overrides = z.record(z.string(), z.catchall(z.object({ for: z.optional(duration) }), limit));

/** A reason that no server gives would move nothing, and nobody would know. */
const movedReasons = z.record(z.string(), z.enum(closeClasses)).check(
  z.superRefine<Readonly<Record<string, string>>>((moved, context) => {
    for (const reason of Object.keys(moved)) {
      if (Object.hasOwn(closeReasons, reason)) continue;
      const near = nearest(reason, Object.keys(closeReasons));
      const hint =
        near === null ? 'GET /connz?state=closed shows those of a server' : `did you mean "${near}"?`;
      context.addIssue({ code: 'custom', path: [reason], message: `no such close reason; ${hint}` });
    }
  }),
);

/** What alarms and findings name as their manual: a page that has a heading for each check and diagnosis. */
export const readme = z._default(
  z.string().check(z.minLength(1), z.maxLength(200)),
  'lambdas/checks/README.md',
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
  /** Of a deployment's alarms, what its findings need too. */
  alarms: z.prefault(z.object({ readme }), {}),
  remindAfter: z._default(duration, hours(24)),
  /** Of one request to a monitoring endpoint, connecting and reading included. */
  requestTimeout: z._default(requestTimeout, seconds(5)),
});

export type WatchSettings = z.output<typeof watchSettings>;
export type ClusterSettings = WatchSettings['clusters'][number];

/** Settings that cannot be used: a line for each problem, with its path. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(
    source: string,
    problems: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  ) {
    super([`${source}:`, ...problems.map(({ path, message }) => `  ${dotted(path)}: ${message}`)].join('\n'));
  }
}

/** `clusters[0].targets[1].url` */
function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'settings';
}

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
): { readonly settings: z.output<S>; readonly book: LimitBook } {
  const parsed = z.safeParse(schema, raw);
  if (!parsed.success) throw new SettingsError(source, parsed.error.issues.flatMap(flatten));
  const { book, problems } = limitBook(diagnoses, parsed.data.limits);
  if (problems.length > 0) {
    throw new SettingsError(
      source,
      problems.map(({ path, message }) => ({ path: ['limits', ...path], message })),
    );
  }
  return { settings: parsed.data, book };
}

/** One problem a key, where zod gathers unknown keys in one. */
function flatten(issue: z.core.$ZodIssue): { path: readonly PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'no such setting' }));
}

const withoutUndefined = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

export const targetsOf = (cluster: ClusterSettings): readonly Target[] =>
  cluster.targets.map(({ tls, ...rest }) => ({ ...rest, ...(tls ? { tls: withoutUndefined(tls) } : {}) }));

export const factsOf = (
  { closeReasons: moved, alarms }: Pick<WatchSettings, 'closeReasons' | 'alarms'>,
  { name: clusterName, labels: clusterLabels, expect, maxClosedClients }: ClusterSettings,
  covered: Covered = {},
): ClusterFacts => ({
  name: clusterName,
  labels: clusterLabels,
  expect,
  maxClosedClients,
  closeReasons: moved,
  covered,
  manual: alarms.readme,
});
