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
import type { WindowedKey } from '../../history/window.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { tally } from '../tally.ts';
import { causesOf, type Under } from './refusal-causes.ts';
import { refusalWords, type RefusalData } from './refusal-words.ts';
import { byAddress, byBoth, byClient, endsOf, refusalsOf, whoOf } from './refusals.ts';
import type { EndNote, RefusalNote } from './refusals.ts';

/** Refused logins of one client name or of one address, on whichever servers; one cause is reported once, by either. */
export default defineDiagnosis({
  id: 'CONN_101',
  title: 'Authentication failures of one client',
  scope: 'cluster',
  reads: { closed: from() },
  history: {
    byClient: window<RefusalNote>('failures'),
    byAddress: window<RefusalNote>('failures'),
    foreign: window<RefusalNote>('failures'),
    byBoth: window('failures'),
    ends: window<EndNote>('failures'),
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
    'creds file or JWT that expired, was revoked, or belongs to another account or operator). Many clients at once: did ' +
    'a reload or a push of JWTs change their accounts, does an auth callout not answer within `auth_timeout`? Not one of ' +
    'yours: close the address out in the security group.',
  evaluate({ servers, history }, { cluster, limits }) {
    const all = refusalsOf(servers, cluster.closeReasons);
    const logins = all.filter(({ note }) => note.foreign === 0);
    const clients = history.byClient(byClient(logins));
    const addresses = history.byAddress(byAddress(logins));
    const both = history.byBoth(byBoth(logins));
    const foreign = history.foreign(byAddress(all.filter(({ note }) => note.foreign === 1)));
    const ends = history.ends(endsOf(servers));
    const { over, levels } = limits.failures;
    const causes = causesOf(clients.keys, addresses.keys, both.keys, Object.values(levels));

    const measurement = (
      entity: { readonly kind: 'client' | 'leafnode' | 'address'; readonly name: string },
      { total, samples }: WindowedKey<RefusalNote>,
      rest: Pick<RefusalData, 'others'> & Partial<RefusalData>,
    ) => {
      const [busiest] = tally(samples.map(({ note }) => note.server));
      const server = servers.find(({ target }) => target.name === busiest?.[0]) ?? servers[0];
      const data: RefusalData = {
        over,
        samples,
        url: server?.target.url ?? '',
        hasTls: server?.varz.tls_required ?? false,
        under: [],
        beside: 0,
        ended: null,
        ...rest,
      };
      return { limit: 'failures' as const, entity, value: total, data };
    };
    const others = addresses.others + foreign.others;
    const ofAddress = (ip: string, kept: WindowedKey<RefusalNote>, beside = 0, under: Under = []) =>
      measurement({ kind: 'address', name: ip }, kept, { others, under, beside });
    const totalOf = (ip: string) => foreign.keys.get(ip)?.total ?? 0;
    const least = Math.min(...Object.values(levels));
    const ofLogins = causes.addresses.filter(
      ({ ip, kept: { total } }) => total >= least || total >= totalOf(ip),
    );
    const isReported = new Set(ofLogins.map(({ ip }) => ip));
    const measurements = [
      ...causes.clients.map(([who, kept]) =>
        measurement(whoOf(who), kept, {
          others: clients.others,
          ended: ends.keys.get(who)?.samples.at(-1) ?? null,
        }),
      ),
      ...ofLogins.map(({ ip, kept, under }) => ofAddress(ip, kept, totalOf(ip), under)),
      ...[...foreign.keys]
        .filter(([ip]) => !isReported.has(ip))
        .map(([ip, kept]) => ofAddress(ip, kept, addresses.keys.get(ip)?.total)),
    ];
    const most = Math.max(0, ...measurements.map(({ value }) => value));
    return measured(
      `${plural(addresses.total + foreign.total, 'authentication failure')} in ${formatDuration(over)}` +
        (most > 0 ? `, at most ${formatCount(most)} of one name or address` : ''),
      measurements,
    );
  },
  describe: ({ value, level, entity, data }) => refusalWords(value, level, entity, data),
});
