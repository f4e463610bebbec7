import type { MonitoringRequest } from '../ports.ts';
import { collectorOf, type SeriesDefinition } from './definition.ts';
import { isObject } from './json.ts';
import { listIn } from './shapes.ts';
import type { CollectorId, ReplyName } from './collectors.ts';

/** A reading that series need, by the name of its reply. */
export type SeriesRequest = {
  readonly reply: ReplyName;
  readonly request: MonitoringRequest;
  /** Makes of a reply that was asked for less what series are made of. */
  readonly completed?: (reply: unknown) => unknown;
  /** Is asked for first. Where it is not enough, `completed` makes null of it. */
  readonly less?: LessRequest;
};

type LessRequest = Required<Pick<SeriesRequest, 'request' | 'completed'>>;

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
  { collectors: ['jszStream', 'jszSource', 'jszMirror'], path: '/jsz?streams=true' },
  { collectors: ['jszConsumer'], path: '/jsz?consumers=true' },
] as const satisfies readonly { readonly collectors: readonly CollectorId[]; readonly path: string }[];

const ofStreams = [
  'jszStream',
  'jszSource',
  'jszMirror',
  'jszConsumer',
] as const satisfies readonly CollectorId[];

/** Labels of which /jsz tells only where it is asked for more, which costs the server twice the time. */
export const costlyLabels = ['stream_raft_group', 'consumer_desc'] as const;

/**
 * The fewest and smallest readings of a target that these series can be made of, each reply once. Labels are those of the
 * exporter's `-jsz=all`, with configuration and raft groups, but for those that are not read.
 * As the exporter does, /connz and /jsz are read as one page: 1024 connections, 1024 accounts.
 * `/accountz` only lists accounts: its reply asks for more, see `accountRequests`.
 * @param unread of `costlyLabels`
 */
export function requestsOf(
  series: readonly SeriesDefinition[],
  unread: readonly string[] = [],
): readonly SeriesRequest[] {
  const replies = new Set(series.map((each) => collectorOf(each).reply));
  // /jsz does not tell the server's name.
  if (replies.has('jsz')) replies.add('varz');
  return [...replies].map((reply) => {
    const own = series.filter((each) => collectorOf(each).reply === reply);
    const request = { path: pathOf(reply, own, unread), statuses: statuses(reply) };
    if (reply !== 'connz') return { reply, request };
    if (request.path === countPath) return { reply, request, completed: asWholePage };
    if (!own.every(({ as, path }) => as !== 'sum' || path === pendingPath)) return { reply, request };
    return request.path === pagePath ? { reply, request, less: mostPending } : { reply, request };
  });
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

function pathOf(reply: ReplyName, series: readonly SeriesDefinition[], unread: readonly string[]): string {
  const used = new Set<CollectorId>(series.map(({ collector }) => collector));
  if (reply === 'connz') {
    if (used.has('connzRow')) return '/connz?auth=true';
    return series.some(({ as }) => as === 'sum') ? pagePath : countPath;
  }
  if (reply !== 'jsz') return paths[reply];
  const path =
    jszLevels.findLast(({ collectors }) => collectors.some((each) => used.has(each)))?.path ?? '/jsz';
  if (!ofStreams.some((each) => used.has(each))) return path;
  const [asksRaft, asksDescription] = costlyLabels.map((label) => !unread.includes(label));
  const hasLimits = series.some((each) => each.collector !== 'jszServer' && each.path.startsWith('config.'));
  const asksConfig = hasLimits || (asksDescription === true && used.has('jszConsumer'));
  return path + (asksConfig ? '&config=true' : '') + (asksRaft === true ? '&raft=true' : '');
}

const pagePath = '/connz';
/** Counts need no rows, but a reply has one at least. */
const countPath = '/connz?limit=1';
const exporterPage = 1_024;

const pendingPath = 'connections[].pending_bytes';
const mostWaitedFor = 16;

/**
 * For most clients nothing waits. Those with most pending come first: where that is nothing for the last of them, all who are
 * not here have nothing pending, and the sum is that of these.
 */
const mostPending: LessRequest = {
  request: { path: `/connz?sort=pending&limit=${mostWaitedFor}`, statuses: [200] },
  completed(reply) {
    if (!isObject(reply)) return null;
    const { total, connections: rows } = reply;
    if (typeof total !== 'number' || !Array.isArray(rows)) return null;
    const isOnePage = total <= exporterPage;
    // Who is on the exporter's page of more than it has is not known.
    const least: unknown = isOnePage ? rows.at(-1) : rows[0];
    const isRestIdle = isObject(least) && least['pending_bytes'] === 0;
    return (isOnePage && rows.length === total) || isRestIdle ? asWholePage(reply) : null;
  },
};

/** The counts as they would be on the exporter's page. */
function asWholePage(reply: unknown): unknown {
  if (!isObject(reply)) return reply;
  const { total } = reply;
  const rows = typeof total === 'number' ? { num_connections: Math.min(total, exporterPage) } : {};
  return { ...reply, ...rows, limit: exporterPage };
}

/** A server that is not healthy answers with a status that tells it, and a body. */
const statuses = (reply: ReplyName): readonly number[] =>
  reply.startsWith('healthz') ? [200, 400, 404, 500, 503] : [200];
