import type { MonitoringRequest } from '../ports.ts';
import { collectorOf, type SeriesDefinition } from './definition.ts';
import { listIn } from './shapes.ts';
import type { CollectorId, ReplyName } from './collectors.ts';

/** A reading that series need, by the name of its reply. */
export type SeriesRequest = { readonly reply: ReplyName; readonly request: MonitoringRequest };

const paths = {
  varz: '/varz',
  routez: '/routez',
  subsz: '/subsz',
  healthz: '/healthz',
  healthzJsEnabledOnly: '/healthz?js-enabled-only=true',
  healthzJsServerOnly: '/healthz?js-server-only=true',
  leafz: '/leafz',
  gatewayz: '/gatewayz',
  accstatz: '/accstatz?unused=1',
  accountz: '/accountz',
} as const satisfies Readonly<Record<Exclude<ReplyName, 'connz' | 'jsz'>, string>>;

/** Levels of /jsz from small to large; each holds all before it. */
const jszLevels = [
  { collectors: ['jszServer'], path: '/jsz' },
  { collectors: ['jszAccount'], path: '/jsz?accounts=true' },
  { collectors: ['jszStream', 'jszSource', 'jszMirror'], path: '/jsz?streams=true&config=true&raft=true' },
  { collectors: ['jszConsumer'], path: '/jsz?consumers=true&config=true&raft=true' },
] as const satisfies readonly { readonly collectors: readonly CollectorId[]; readonly path: string }[];

/**
 * The fewest and smallest readings of a target that these series can be made of, each reply once. Configuration and raft
 * groups come with streams and consumers, so that labels are those of the exporter's `-jsz=all`.
 * As the exporter does, /connz and /jsz are read as one page: 1024 connections, 1024 accounts.
 * `/accountz` only lists accounts: its reply asks for more, see `accountRequests`.
 */
export function requestsOf(series: readonly SeriesDefinition[]): readonly SeriesRequest[] {
  const replies = new Set(series.map((each) => collectorOf(each).reply));
  // /jsz does not tell the server's name.
  if (replies.has('jsz')) replies.add('varz');
  const used = new Set<CollectorId>(series.map(({ collector }) => collector));
  return [...replies].map((reply) => ({
    reply,
    request: { path: pathOf(reply, used), statuses: statuses(reply) },
  }));
}

/**
 * What is to be asked for each account in a reply of `/accountz`; the replies together are `accountz` of the observer.
 * @throws ShapeError if the reply has no list of accounts
 */
export function accountRequests(accountz: unknown): readonly MonitoringRequest[] {
  return listIn(accountz, 'accounts').map((account) => ({
    path: `/accountz?acc=${encodeURIComponent(String(account))}`,
    statuses: [200],
  }));
}

function pathOf(reply: ReplyName, used: ReadonlySet<CollectorId>): string {
  if (reply === 'connz') return used.has('connzRow') ? '/connz?auth=true' : '/connz';
  if (reply !== 'jsz') return paths[reply];
  return jszLevels.findLast(({ collectors }) => collectors.some((each) => used.has(each)))?.path ?? '/jsz';
}

/** A server that is not healthy answers with a status that tells it, and a body. */
const statuses = (reply: ReplyName): readonly number[] =>
  reply.startsWith('healthz') ? [200, 400, 404, 500, 503] : [200];
