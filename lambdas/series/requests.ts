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
};

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
    return reply === 'connz' && request.path === countPath
      ? { reply, request, completed: asWholePage }
      : { reply, request };
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
    return series.some(({ as }) => as === 'sum') ? '/connz' : countPath;
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

/** Counts need no rows, but a reply has one at least. */
const countPath = '/connz?limit=1';
const exporterPage = 1_024;

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
