import { readFileSync } from 'node:fs';

/** What a server of this name answers to a path. */
export type Replies = (server: string, path: string) => object;

const globalAccount = {
  ...{ acc: '$G', name: '$G', conns: 1, leafnodes: 0, total_conns: 1, num_subscriptions: 1 },
  ...{ sent: { msgs: 0, bytes: 0 }, received: { msgs: 0, bytes: 0 }, slow_consumers: 0 },
};
/** Routes of thousands among each other would be millions. */
const alone = { cluster: {}, routes: 0 };
const startedBefore = 60 * 60_000;
const recorded = new URL('../recorded/2.15.1/healthy/hub1/', import.meta.url);
const rawReply = (endpoint: string): object =>
  JSON.parse(readFileSync(new URL(`${endpoint}.json`, recorded), 'utf8')) as object;

/** The replies of a recorded healthy server, as each server's own at that time, epoch ms. */
export function fleetReplies(at: number): Replies {
  const [varz, healthz, leafz, subs, connz, closed] = [
    ...[rawReply('varz'), rawReply('healthz'), rawReply('leafz')],
    ...[rawReply('leafz-subs'), rawReply('connz'), rawReply('closed')],
  ];
  const time = (ms: number) => new Date(ms).toISOString();
  const running = { start: time(at - startedBefore), uptime: '1h0m0s' };
  return (server, path) => {
    const { pathname, searchParams: query } = new URL(path, 'http://server');
    const own = { server_id: idOf(server), now: time(at) };
    switch (pathname) {
      case '/varz':
        return { ...varz, ...running, ...own, ...alone, server_name: server };
      case '/healthz':
        return { ...healthz };
      case '/leafz':
        return { ...(query.has('subs') ? subs : leafz), ...own };
      case '/connz':
        return { ...(query.get('state') === 'closed' ? closed : connz), ...own };
      case '/routez':
        return { ...own, num_routes: 0, routes: [] };
      case '/accstatz':
        return { ...own, account_statz: [globalAccount] };
      default:
        return own;
    }
  };
}

/** As long as a server's, but such as compress well: one memory is to hold thousands. */
const idOf = (server: string): string => server.toUpperCase().padStart(56, 'N');
