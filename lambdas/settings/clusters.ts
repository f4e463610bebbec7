import * as z from 'zod/mini';
import { mostFound } from '../readings/found-by-name.ts';
import { count, labels, name, once, unique, uniqueNames } from './parts.ts';
import { flatten, namingKeys } from './problems.ts';
import { shown } from './words.ts';

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
export type TlsSettings = z.output<typeof tls>;
const asksTls = (asked: TlsSettings | undefined): boolean =>
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
    scheme: z._default(z.enum(['http', 'https']), 'http'),
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

/** A server that is two targets would be counted twice in its cluster. */
const uniqueUrls = unique(
  ({ url, dns, port }) =>
    typeof dns === 'string' && typeof port === 'number' ? ['dns', `${dns}:${port}`] : ['url', url],
  (taken) => `"${taken}" is the ${taken.includes('/') ? 'URL' : 'name'} of two targets`,
);

const byteUnits = { Mi: 2 ** 20, Gi: 2 ** 30 } as const;
/** In bytes. */
const memorySize = z.pipe(
  z.string(),
  z.transform((text: string, { issues }) => {
    const [, size, unit = 'Mi'] = /^(\d+(?:\.\d+)?) ?(Mi|Gi)B?$/.exec(text) ?? [];
    const bytes = Number(size ?? 0) * byteUnits[unit as keyof typeof byteUnits];
    if (bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
    const message = `expected a size such as 512MiB or 4GiB, received ${shown(text)}`;
    issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  }),
);
const names = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
const namesOnce = names.check(once((each) => each));
const countOr = (list: typeof names) =>
  z.union([count, list], {
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
const services = z.array(anyService).check(
  z.minLength(1),
  z.maxLength(mostServices, `expected at most ${mostServices} services`),
  once(({ account, name: own }: z.output<typeof service>) =>
    account === undefined ? own : `${own} of ${account}`,
  ),
);

/** All subscriptions of each are read. */
const mostImporters = 16;

const writtenCluster = z.strictObject({
  name,
  labels: z._default(labels, {}),
  targets: z.array(anyTarget).check(z.minLength(1), uniqueNames('targets'), uniqueUrls),
  expect: z._default(
    z.strictObject({
      /** Leafnodes choose and change hubs, so they are expected of the cluster: how many, or which; a name that stands twice, of two. */
      leafnodes: z.optional(countOr(names)),
      /** Of each server that has gateways: to how many remote clusters, or to which. */
      gateways: z.optional(countOr(namesOnce)),
      /** Of the cluster: how many, or which by `server_name`. */
      servers: z.optional(countOr(namesOnce)),
      services: z.optional(services),
      /** By name or key. */
      accounts: z.optional(namesOnce),
      /** By name or key: accounts in which somebody should listen to each stream that they import. */
      imports: z.optional(
        namesOnce.check(z.maxLength(mostImporters, `expected at most ${mostImporters} accounts`)),
      ),
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
export const cluster = z.pipe(
  writtenCluster,
  z.transform(({ targets, ...rest }) => ({
    ...rest,
    targets: targets.filter((each) => 'url' in each),
    dnsTargets: targets.flatMap((each, place) => ('dns' in each ? [{ ...each, place }] : [])),
  })),
);
