import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  window,
} from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { tally } from '../tally.ts';
import { closedReportCommand, closedRowsCommand, rhythm, tallied, uncounted } from './closed-rows.ts';
import { causesOf, type Under } from './refusal-causes.ts';
import { entriesBy, entriesByBoth, refusalsOf, type Refusal } from './refusals.ts';

/** Refused logins of one client name or of one address, on whichever servers; one cause is told once, by either. */
export default defineDiagnosis({
  id: 'CONN_101',
  title: 'Authentication failures of one client',
  scope: 'cluster',
  reads: { closed: from() },
  history: {
    names: window<Refusal>('failures'),
    addresses: window<Refusal>('failures'),
    pairs: window('failures'),
  },
  limits: {
    failures: atLeast(
      { warning: 50, critical: 500 },
      {
        unit: 'count',
        of: 'authentication failures of one client name or address in the cluster',
        over: hours(1),
      },
    ),
  },
  for: minutes(0),
  why:
    'A client that is refused and tries again without end does no work, fills the closed ring and costs the servers ' +
    'handshakes and logins; many names from one address are someone guessing.',
  remedy:
    'Find the client by name and address. A deployment with old credentials: give it the new ones or stop it (a password, ' +
    'creds file or JWT that expired, was revoked, or belongs to another account or operator). Not one of yours: close ' +
    'the address out in the security group.',
  evaluate({ servers, history }, { cluster, limits }) {
    const refusals = refusalsOf(servers, cluster.closeReasons);
    const names = history.names(entriesBy('name', refusals));
    const addresses = history.addresses(entriesBy('ip', refusals));
    const pairs = history.pairs(entriesByBoth(refusals));
    const { over, levels } = limits.failures;
    const causes = causesOf(names.keys, addresses.keys, pairs.keys, Object.values(levels));

    const measurement = (
      kind: 'client' | 'leafnode' | 'address',
      name: string,
      { total, samples }: { total: number; samples: readonly { at: number; note: Refusal }[] },
      others: number,
      under: Under = [],
    ) => {
      const [busiest] = tally(samples.map(({ note }) => note.server));
      const server = servers.find(({ target }) => target.name === busiest?.[0]) ?? servers[0];
      const data = { over, samples, others, under, url: server?.target.url ?? '' };
      return { limit: 'failures' as const, entity: { kind, name }, value: total, data };
    };
    const told = [
      ...causes.names.map(([name, kept]) => {
        const kind = kept.samples.at(-1)?.note.kind === 'Leafnode' ? 'leafnode' : 'client';
        return measurement(kind, name, kept, names.others);
      }),
      ...causes.addresses.map(({ ip, kept, under }) =>
        measurement('address', ip, kept, addresses.others, under),
      ),
    ];
    const most = Math.max(0, ...told.map(({ value }) => value));
    return measured(
      `${plural(addresses.total, 'authentication failure')} in ${formatDuration(over)}` +
        (most > 0 ? `, at most ${formatCount(most)} of one name or address` : ''),
      told,
    );
  },
  describe({ value, level, entity, data: { over, url, samples, others, under } }) {
    const facts = (of: keyof Refusal, most = 3) =>
      tallied(
        samples.map(({ note }) => note[of] || '(unnamed)'),
        most,
      );
    const pace = rhythm(samples.map(({ at }) => at));
    const isAddress = entity.kind === 'address';
    const guesses =
      isAddress && Math.max(under.length, new Set(samples.map(({ note }) => note.name)).size) >= 5;
    const [commonest] = tally(samples.map(({ note }) => note.reason));
    return {
      summary:
        `${isAddress ? 'Address' : entity.kind === 'client' ? 'Client' : 'Leafnode'} ${entity.name} was refused ` +
        `${plural(value, 'time')} within ${formatDuration(over)} (limit ${formatCount(level)})` +
        `${pace === null ? '' : `, lately ${pace}`}${guesses ? ', under many names' : ''}.`,
      evidence: [
        ...(under.length > 0
          ? [
              `not told one by one: ${inline(
                under.map(([name, count]) => `${name} (${formatCount(count)})`),
                5,
              )}`,
            ]
          : []),
        `reason: ${facts('reason')}`,
        isAddress ? `client name: ${facts('name', 5)}` : `address: ${facts('ip', 5)}`,
        `server: ${facts('server')}`,
        ...(value > samples.length
          ? [
              `reason, ${isAddress ? 'client name' : 'address'} and server as the latest ` +
                `${formatCount(samples.length)} of ${plural(value, 'refusal')} have them`,
            ]
          : []),
        ...uncounted(others, isAddress ? 'addresses' : 'names'),
      ],
      ...(commonest?.[0] === 'Authentication Timeout' ? { remedy: silentRemedy } : {}),
      commands: {
        nats: closedReportCommand('authentication|missing account|proxy'),
        curl: closedRowsCommand(url, 'Authentication'),
      },
    };
  },
});

const silentRemedy =
  'It connects and does not log in within `auth_timeout`: a port scanner or health probe that holds the connection, a TLS ' +
  'client on a port without TLS, a client that hangs, or a server whose authentication is slow (auth callout, account ' +
  'resolver, CPU). For a probe: let it ask `/healthz` on the monitoring port instead.';
