import { en } from 'zod/locales';
import * as z from 'zod/mini';
import type { ClusterFacts, Covered, Diagnosis } from './define.ts';
import { days, hours, minutes, parseDuration, seconds, type Duration } from './durations.ts';
import { closeClasses, closeReasons } from './engine/close-reasons.ts';
import type { LimitBook } from './limits.ts';
import { limitBook, type AssetLimits } from './engine/limit-book.ts';
import { nearest } from './engine/nearest.ts';
import type { Mute } from './ports.ts';
import { mostFound, type DnsTarget } from './readings/found-by-name.ts';
import type { Target } from './readings/reading.ts';
import { longestName } from './readings/target-name.ts';

// The words of zod's messages, which its small edition leaves out.
z.config(en());

const aDuration = 'expected a duration such as 30s, 5m, 1h30m or 7d, received';
export const duration = z.pipe(
  z.string({ error: ({ input }) => `${aDuration} ${shownKind(input)}` }),
  z.transform((text: string, { issues }) => {
    const parsed = parseDuration(text);
    if (parsed !== null) return parsed;
    const message = `${aDuration} "${text}"`;
    issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);

/** A number as it was written: 60 is no duration. */
function shownKind(input: unknown): string {
  if (input === undefined) return 'nothing';
  return typeof input === 'number' ? String(input) : Array.isArray(input) ? 'a list' : typeof input;
}

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
  const endpoint = /\/(?:varz|connz|routez|gatewayz|leafz|subsz|accountz|accstatz|jsz|healthz)\/*$/.exec(
    pathname,
  );
  if (endpoint !== null)
    return { problem: `expected no endpoint, which checks add: leave out "${endpoint[0]}"` };
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
const hostName = (expected: string) =>
  z.string().check(z.regex(new RegExp(`^(?![0-9.]+$)${label}(\\.${label})*$`), `expected ${expected}`));
/** Not an address, which TLS does not ask for by name. */
const certificateName = hostName('the host name on the certificate, such as nats.example');
const dnsName = hostName('a DNS name such as nats.internal, whose every address is one server').check(
  z.toLowerCase(),
);

/** `ca`: PEM of a private authority; `serverName`: the name on the certificate where it is not the URL's. */
const tls = z.strictObject({ ca: z.optional(z.string()), serverName: z.optional(certificateName) });
const asksTls = (asked: z.output<typeof tls> | undefined): boolean =>
  asked?.ca !== undefined || asked?.serverName !== undefined;

const target = z
  .strictObject({ name, url: monitoringUrl, labels: z._default(labels, {}), tls: z.optional(tls) })
  .check(
    z.superRefine(({ url, tls: asked }, context) => {
      if (!asksTls(asked) || !url.startsWith('http:')) return;
      const message = `"${url}" is asked without TLS: expected https:// there (the https_port of the server), or no tls`;
      context.addIssue({ code: 'custom', path: ['tls'], message });
    }),
  );

/** A server behind each of its addresses: who they are, a run finds out. */
const dnsTarget = z
  .strictObject({
    dns: dnsName,
    port: z.int().check(z.gte(1), z.lte(65_535)),
    scheme: z._default(z.enum(['http', 'https'], { error: 'expected http or https' }), 'http'),
    /** How many servers should be behind the name. */
    expect: z.optional(z.int().check(z.gte(1), z.lte(mostFound))),
    labels: z._default(labels, {}),
    tls: z.optional(tls),
  })
  .check(
    z.superRefine(({ scheme, tls: asked }, context) => {
      if (!asksTls(asked) || scheme === 'https') return;
      const message = 'servers are asked without TLS: expected scheme: https (their https_port), or no tls';
      context.addIssue({ code: 'custom', path: ['tls'], message });
    }),
  );

const isByName = (raw: unknown): boolean => typeof raw === 'object' && raw !== null && 'dns' in raw;

/** By its key `dns` the one is told from the other, so that what is wrong is said of what was meant. */
const anyTarget = z.pipe(
  z.unknown(),
  z.transform((raw, { issues }): z.output<typeof target> | z.output<typeof dnsTarget> => {
    type Either = z.output<typeof target> | z.output<typeof dnsTarget>;
    const read = z.safeParse<z.ZodMiniType<Either>>(isByName(raw) ? dnsTarget : target, raw, namingKeys);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues.flatMap(flatten))
      issues.push({ code: 'custom', input: raw, path: [...path], message });
    // Its name and URL may stand twice all the same.
    return raw as Either;
  }),
);

/** Told beside what else is wrong, not after it. */
const beside = { when: () => true } as const;

/**
 * @param keyOf path and text of what is to be unique; null for an item that has it not. Items may be wrong in every other way
 */
const unique = (
  keyOf: (item: Readonly<Record<string, unknown>>) => readonly [key: string, text: unknown] | null,
  twice: (taken: string) => string,
) =>
  z.superRefine<unknown>((items, context) => {
    const seen = new Set<string>();
    (Array.isArray(items) ? items : []).forEach((item: unknown, i) => {
      const [key = '', taken] = (isRecord(item) ? keyOf(item) : null) ?? [];
      if (typeof taken !== 'string') return;
      if (seen.has(taken)) context.addIssue({ code: 'custom', path: [i, key], message: twice(taken) });
      seen.add(taken);
    });
  }, beside);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const uniqueNames = (what: string) =>
  unique(
    ({ name: own }) => ['name', own],
    (taken) => `"${taken}" names two ${what}`,
  );
/** A server that is two targets would be counted twice in its cluster. */
const uniqueUrls = unique(
  ({ url, dns, port }) =>
    typeof dns === 'string' && typeof port === 'number' ? ['dns', `${dns}:${port}`] : ['url', url],
  (taken) => `"${taken}" is the ${taken.includes('/') ? 'URL' : 'name'} of two targets`,
);

const count = z.int().check(z.gte(1));
const byteUnits = { Mi: 2 ** 20, Gi: 2 ** 30 } as const;
/** In bytes. */
const memorySize = z.pipe(
  z.string(),
  z.transform((text: string, { issues }) => {
    const [, size, unit] = /^(\d+(?:\.\d+)?) ?(Mi|Gi)B?$/.exec(text) ?? [];
    if (unit !== undefined && Number(size) > 0)
      return Number(size) * byteUnits[unit as keyof typeof byteUnits];
    const message = `expected a size such as 512MiB or 4GiB, received "${text}"`;
    issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);
/** A leafnode's that stands twice is expected of two. */
const names = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
const countOrNames = z.union([count, names], {
  error: 'expected how many, a whole number from 1 on, or a list of names such as [a, b]',
});

/** As micro's services are named: what stands in their subjects. */
const serviceName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]+$/, 'expected the name of a service: letters, digits, "_" or "-"'));
const service = z.strictObject({
  name: serviceName,
  account: z.optional(z.string().check(z.minLength(1))),
  instances: z.optional(count),
});
/** By its name alone, or with more; what is wrong is said of what was meant. */
const anyService = z.pipe(
  z.unknown(),
  z.transform((raw, { issues }): z.output<typeof service> => {
    const written = typeof raw === 'string' ? { name: raw } : raw;
    const read = z.safeParse(service, written, namingKeys);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues.flatMap(flatten))
      issues.push({ code: 'custom', input: raw, path: typeof raw === 'string' ? [] : [...path], message });
    return z.NEVER;
  }),
);
/** Each is asked for by a request of its own. */
const mostServices = 32;
const services = z
  .array(anyService)
  .check(z.minLength(1), z.maxLength(mostServices, `expected at most ${mostServices} services`));

const writtenCluster = z.strictObject({
  name,
  labels: z._default(labels, {}),
  targets: z.array(anyTarget).check(z.minLength(1), uniqueNames('targets'), uniqueUrls),
  expect: z._default(
    z.strictObject({
      /** Leafnodes choose and change hubs, so they are expected of the cluster: how many, or which. */
      leafnodes: z.optional(countOrNames),
      /** Of each server that has gateways: to how many remote clusters, or to which. */
      gateways: z.optional(countOrNames),
      /** Of the cluster: how many, or which by `server_name`. */
      servers: z.optional(countOrNames),
      services: z.optional(services),
      /** By name or key. */
      accounts: z.optional(names),
      /** False for a cluster that lets clients in without credentials on purpose. */
      authentication: z.optional(z.boolean()),
    }),
    {},
  ),
  /** `max_closed_clients` of the servers, which no endpoint shows. */
  maxClosedClients: z._default(count, 10_000),
  /** What each of its servers may use before it is killed, which no endpoint shows. */
  memoryLimit: z.optional(memorySize),
});

/** Targets whose servers are known, and apart from them DNS names whose servers are found; `place` is that in the list. */
const cluster = z.pipe(
  writtenCluster,
  z.transform(({ targets, ...rest }) => ({
    ...rest,
    targets: targets.filter((each) => 'url' in each),
    dnsTargets: targets.flatMap((each, place) => ('dns' in each ? [{ ...each, place }] : [])),
  })),
);

const level = z.optional(z.union([z.number(), z.literal('off')], { error: 'expected a number or "off"' }));
const limit = z.strictObject({ warning: level, critical: level, over: z.optional(duration) });
const override = z.catchall(z.object({ for: z.optional(duration) }), limit);
const overrides = z.record(z.string(), override);

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

const listOf = z.optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)));
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
/** CloudWatch mutes alarms for 15 days at most. */
const longestMute = days(15);

const moment = z.pipe(
  z.string(),
  z.transform((text: string, { issues }) => {
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:00)?Z$/.test(text) ? Date.parse(text) : NaN;
    if (!Number.isNaN(at)) return at;
    issues.push({
      code: 'custom',
      input: text,
      message: 'expected a minute in UTC such as 2026-12-01T20:00Z',
    });
    return z.NEVER;
  }),
);
const isTimezone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
};

const writtenMute = z
  .strictObject({
    why: z.string().check(z.minLength(1), z.maxLength(200)),
    clusters: listOf,
    checks: listOf,
    diagnoses: listOf,
    from: z.optional(moment),
    until: z.optional(moment),
    days: z.optional(
      z.array(z.enum(weekdays, { error: `expected ${weekdays.join(', ')}` })).check(z.minLength(1)),
    ),
    at: z.optional(
      z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as "02:00"')),
    ),
    for: z.optional(
      duration.check(
        z.refine((span) => span >= minutes(1) && span <= days(7) && span % minutes(1) === 0, {
          error: 'expected whole minutes from 1m to 7d',
        }),
      ),
    ),
    timezone: z.optional(
      z.string().check(z.refine(isTimezone, { error: 'expected a time zone such as Europe/Berlin' })),
    ),
  })
  .check(
    z.superRefine(({ from, until, days: own, at, for: span, timezone }, context) => {
      const refuse = (message: string, ...path: string[]) =>
        context.addIssue({ code: 'custom', path, message, continue: false });
      const isWindow = from !== undefined || until !== undefined;
      const isWeekly = [own, at, span, timezone].some((part) => part !== undefined);
      if (isWindow === isWeekly)
        refuse('expected either from and until, or at and for, perhaps with days and timezone');
      else if (isWindow && (from === undefined || until === undefined))
        refuse('expected both from and until');
      else if (isWeekly && (at === undefined || span === undefined)) refuse('expected both at and for');
      else if (from !== undefined && until !== undefined && until <= from)
        refuse('expected a time after from', 'until');
      else if (from !== undefined && until !== undefined && until - from > longestMute)
        refuse('expected at most 15 days after from, as CloudWatch mutes alarms', 'until');
    }),
  );

const mute = z.pipe(
  writtenMute,
  z.transform(({ why, clusters, checks, diagnoses, ...time }): Mute => {
    const [hour = 0, minute = 0] = (time.at ?? '').split(':').map(Number);
    return {
      why,
      clusters: clusters ?? null,
      checks: checks ?? null,
      diagnoses: diagnoses ?? null,
      when:
        time.at === undefined
          ? { kind: 'window', from: time.from ?? 0, until: time.until ?? 0 }
          : {
              kind: 'weekly',
              days: (time.days ?? weekdays).map((day) => weekdays.indexOf(day)),
              minute: hour * 60 + minute,
              spanMs: time.for ?? 0,
              timezone: time.timezone ?? 'UTC',
            },
    };
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

/** What is wrong at a path of settings. */
export type SettingsProblem = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Settings that cannot be used: a line for each problem, with its path. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingsProblem[];
  constructor(source: string, problems: readonly SettingsProblem[]) {
    super([`${source}:`, ...problems.map(({ path, message }) => `  ${dotted(path)}: ${message}`)].join('\n'));
    this.problems = problems;
  }
}

/** `clusters[0].targets[1].url` */
function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'settings';
}

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
  const all = [
    ...onceEach(parsed.error?.issues.flatMap(flatten) ?? []),
    ...problems.map(({ path, message }) => ({ path: ['limits', ...path], message })),
    ...assetProblems.map(({ path, message }) => ({ path: ['jetstream', 'limits', ...path], message })),
  ];
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

/** Between the messages of several keys, which zod gathers in one issue. */
const betweenKeys = '\n';

/** Says of each unknown key which of its object's keys may be meant. */
const namingKeys = {
  error: (issue: z.core.$ZodRawIssue): string | undefined => {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const { shape } =
      (issue.inst as { readonly _zod?: { readonly def: { readonly shape?: object } } })._zod?.def ?? {};
    const said = issue.keys.map((key) => {
      const meant = nearest(key, Object.keys(shape ?? {}));
      return `no such setting${meant === null ? '' : `; did you mean "${meant}"?`}`;
    });
    return said.join(betweenKeys);
  },
};

/** A key that is misspelt is not missing besides. */
function onceEach(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  const meant = problems.flatMap(({ path, message }) => {
    const [, key] = /^no such setting; did you mean "(.+)"\?$/.exec(message) ?? [];
    return key === undefined ? [] : [dotted([...path.slice(0, -1), key])];
  });
  return problems.filter(
    ({ path, message }) => !(message.endsWith('received undefined') && meant.includes(dotted(path))),
  );
}

/** One problem a key. */
function flatten(issue: z.core.$ZodIssue): SettingsProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
  const messages = issue.message.split(betweenKeys);
  return issue.keys.map((key, i) => ({
    path: [...issue.path, key],
    message: messages[i] ?? 'no such setting',
  }));
}

const withoutUndefined = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const withTls = <T extends object>(rest: T, asked: z.output<typeof tls> | undefined) => ({
  ...rest,
  ...(asked === undefined ? {} : { tls: withoutUndefined(asked) }),
});

export const targetsOf = (cluster: ClusterSettings): readonly Target[] =>
  cluster.targets.map(({ tls: asked, ...rest }) => withTls(rest, asked));

export const dnsTargetsOf = (cluster: ClusterSettings): readonly DnsTarget[] =>
  cluster.dnsTargets.map(({ tls: asked, dns, port, scheme, expect, labels: own }) =>
    withTls({ dns, port, scheme, expect: expect ?? null, labels: own }, asked),
  );

export const factsOf = (
  {
    closeReasons: moved,
    jetstream,
    clients,
    alarms,
  }: Pick<WatchSettings, 'closeReasons' | 'jetstream' | 'clients' | 'alarms'>,
  { name: clusterName, labels: clusterLabels, expect, maxClosedClients, memoryLimit }: ClusterSettings,
  covered: Covered = {},
): ClusterFacts => ({
  name: clusterName,
  labels: clusterLabels,
  expect,
  maxClosedClients,
  memoryLimit: memoryLimit ?? null,
  closeReasons: moved,
  jetstream: { ignore: jetstream.ignore },
  clients: { ignore: clients.ignore },
  covered,
  manual: alarms.readme,
});
