import { formatDuration, type Description, type Duration, type Entity } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { shown } from '../client-name.ts';
import { tally } from '../tally.ts';
import { closedReportCommand, closedRowsCommand, rhythm, tallied, uncounted } from './closed-rows.ts';
import type { Under } from './refusal-causes.ts';
import { whoOf, type EndNote, type RefusalNote } from './refusals.ts';

type Sample<N> = { readonly at: number; readonly note: N };

/** What is known of the refusals of one client or address. */
export type RefusalData = {
  readonly over: Duration;
  /** The latest, oldest first. */
  readonly samples: readonly Sample<RefusalNote>[];
  /** Refusals of clients or addresses too many to keep apart. */
  readonly others: number;
  /** Clients reported by this address. */
  readonly under: Under;
  /** Refusals of the same address that are of the other kind: logins, or what is none. */
  readonly beside: number;
  /** How a client's credentials ended while it was connected, if that was seen. */
  readonly ended: Sample<EndNote> | null;
  /** Of the server that refused most. */
  readonly url: string;
  readonly hasTls: boolean;
};

/** The name that a finding is about, in its sentence. */
const longestName = 200;

const kinds: Readonly<Record<string, string>> = { client: 'Client', leafnode: 'Leafnode' };

/** A finding about refused logins of one client or address, or about an address that tries none. */
export function refusalWords(value: number, level: number, entity: Entity, data: RefusalData): Description {
  const { over, samples, under, url, ended } = data;
  const pace = rhythm(samples.map(({ at }) => at));
  const names = new Set(samples.map(({ note }) => note.name));
  const isAddress = entity.kind === 'address';
  const guesses = isAddress && Math.max(under.length, names.size) >= 5;
  const isForeign = samples.some(({ note }) => note.foreign === 1);
  const [commonest] = tally(samples.map(({ note }) => note.reason));
  const waited = samples.filter(({ note }) => note.waited === 1).length;
  const cause = isForeign
    ? foreign(data)
    : waited > samples.length / 2
      ? unanswered
      : commonest?.[0] === 'Authentication Timeout'
        ? silent
        : null;
  return {
    summary:
      `${kinds[entity.kind] ?? 'Address'} ${shown(entity.name, longestName)} was refused ` +
      `${plural(value, 'time')} within ${formatDuration(over)} (limit ${formatCount(level)})` +
      `${pace === null ? '' : `, lately ${pace}`}${guesses ? ', under many names' : ''}` +
      `${cause === null ? '' : `: ${cause.headline}`}.`,
    evidence: [
      ...(ended === null ? [] : [`before, at ${formatTime(ended.at)}: ${ended.note.how}`]),
      ...rows(value, isAddress, isForeign, data),
    ],
    ...(cause === null ? {} : { remedy: cause.remedy }),
    commands: {
      nats: closedReportCommand('authentication|missing account|proxy'),
      curl: closedRowsCommand(url, 'Authentication'),
    },
  };
}

function rows(
  value: number,
  isAddress: boolean,
  isForeign: boolean,
  { samples, others, under, beside }: RefusalData,
): readonly string[] {
  const facts = (of: 'name' | 'ip' | 'reason' | 'server', most = 3) =>
    tallied(
      samples.map(({ note }) => note[of] || '(unnamed)'),
      most,
    );
  const who = isAddress ? `client name: ${facts('name', 5)}` : `address: ${facts('ip', 5)}`;
  const whoIs = isAddress ? 'client name' : 'address';
  const clients = under.map(([key, count]) => `${shown(whoOf(key).name)} (${formatCount(count)})`);
  return [
    ...(clients.length > 0 ? [`not reported one by one: ${inline(clients, 5)}`] : []),
    `reason: ${facts('reason')}`,
    isForeign ? 'no login: neither name nor language, refused at its first bytes' : who,
    `server: ${facts('server')}`,
    ...(value > samples.length
      ? [
          `reason${isForeign ? '' : `, ${whoIs}`} and server as the latest ` +
            `${formatCount(samples.length)} of ${plural(value, 'refusal')} have them`,
        ]
      : []),
    ...(beside > 0
      ? [
          `beside these: ${formatCount(beside)} ${isForeign ? 'refused as logins' : 'refused that do not speak NATS'}`,
        ]
      : []),
    ...uncounted(others, isAddress ? 'addresses' : 'names'),
  ];
}

type Cause = { readonly headline: string; readonly remedy: string };

const foreign = ({ hasTls }: RefusalData): Cause => ({
  headline: hasTls
    ? 'it does not speak NATS, such as a health probe over HTTPS'
    : 'it does not speak NATS, such as a health probe over HTTP or a client that begins with TLS',
  remedy:
    'It tried no login, so no credentials are wrong. A health probe over HTTP (load balancer, kubelet, uptime monitor): ' +
    'point it at `/healthz` of the monitoring port, or let it only open this one. ' +
    (hasTls
      ? ''
      : 'A client or probe that begins with TLS (TLS first, HTTPS), on a port without: take TLS out of it, or give the ' +
        'server a `tls` block with `handshake_first` (from 2.10 on). ') +
    'Not one of yours: a scanner; close the address out in the security group.',
});

const unanswered: Cause = {
  headline: 'nobody told the server in time whether to let it in',
  remedy:
    'Its credentials were not judged: the server waited until `auth_timeout` was over. With an auth callout its service does ' +
    'not answer: is it connected as one of `auth_users`, does it get what is asked on `$SYS.REQ.USER.AUTH`, does it take ' +
    'longer than `auth_timeout`? Run two of it or more, in a queue group. With an account resolver: the JWT of the account ' +
    'was not got in time, from a server that is away.',
};

const silent: Cause = {
  headline: 'it does not try to log in',
  remedy:
    'It connects and does not log in within `auth_timeout`: a port scanner or a health probe that holds the connection, a ' +
    'client that hangs, or a network that loses what it sends. For a probe: let it ask `/healthz` on the monitoring ' +
    'port instead.',
};
