import type { Origin, StreamRow } from '../../readings/decoders/assets.ts';
import type { AssetPattern, ClusterFacts } from '../../define.ts';
import type { ClusterAssets, Held, Stream } from '../assets/assets.ts';
import { means } from '../../engine/asset-patterns.ts';

/** A mirror or a source, as the leader of the copy sees it. */
export type Link = {
  readonly stream: Stream;
  readonly leader: Held<StreamRow>;
  readonly origin: Origin;
  readonly kind: 'mirror' | 'source';
  /** The leader's row of the origin; `gone` where its account was read whole and has none, `unseen` where it is not watched. */
  readonly of: Held<StreamRow> | 'gone' | 'unseen';
};

/** Systems of which every server was read, and every row: what is not among their streams does not exist. */
function wholeSystems({ servers }: ClusterAssets, unread: number): ReadonlySet<string> {
  if (unread > 0) return new Set();
  const bySystem = Map.groupBy(servers, ({ system }) => system.id);
  const whole = [...bySystem].filter(([, own]) => {
    const size = Math.max(...own.map(({ reading }) => reading.meta_cluster?.cluster_size ?? 1));
    return own.length >= size && own.every(({ reading, isSettled }) => !reading.leftOut && isSettled);
  });
  return new Set(whole.map(([id]) => id));
}

/** @param unread how many watched servers were not read */
export function linksOf(
  assets: ClusterAssets,
  unread: number,
  { ignore }: ClusterFacts['jetstream'],
): readonly Link[] {
  const { streams } = assets;
  const copies = streams.flatMap(({ leader }) =>
    leader !== null && (leader.row.mirror !== null || leader.row.sources.length > 0) ? [leader] : [],
  );
  if (copies.length === 0) return [];
  const find = finder(streams, wholeSystems(assets, unread), ignore);
  return streams.flatMap((stream) => {
    const { leader } = stream;
    if (leader === null) return [];
    const { mirror, sources } = leader.row;
    const kind = mirror === null ? ('source' as const) : ('mirror' as const);
    return (mirror === null ? sources : [mirror]).map((origin) => {
      return { stream, leader, origin, kind, of: find(stream, leader, origin) };
    });
  });
}

/** Whether gateways join the clusters of these: streams of one account have one name each in all of them. */
function areJoined(a: Held<StreamRow>['server'], b: Held<StreamRow>['server']): boolean {
  const domain = ({ reading }: typeof a) => reading.config.domain ?? '';
  const hasGateway = ({ varz: { gateway } }: typeof a) => gateway.name !== undefined;
  return hasGateway(a) && hasGateway(b) && domain(a) === domain(b);
}

/** `hub` of `$JS.hub.API`: a domain. Another prefix leads to another account. */
const domainOf = (api: string): string | null => /^\$JS\.([^.]+)\.API$/.exec(api)?.[1] ?? null;

function finder(streams: readonly Stream[], whole: ReadonlySet<string>, ignore: readonly AssetPattern[]) {
  const byName = Map.groupBy(streams, ({ name }) => name);
  return (copy: Stream, { server }: Held<StreamRow>, { name, external }: Origin): Link['of'] => {
    const { system } = server;
    const named = byName.get(name) ?? [];
    const idOf = ({ replicas: [first] }: Stream) => first?.server.system.id ?? '';
    if (external === undefined) {
      const own = named.find((each) => each.account === copy.account && idOf(each) === system.id);
      const isIgnored = ignore.some((pattern) => means(pattern, { ...namesOf(copy), stream: name }));
      if (own !== undefined) return own.leader ?? 'unseen';
      const [joined, ...more] = named.filter(
        ({ account, replicas: [first] }) =>
          account === copy.account && first !== undefined && areJoined(first.server, server),
      );
      if (joined !== undefined) return more.length > 0 ? 'unseen' : (joined.leader ?? 'unseen');
      return whole.has(system.id) && !isIgnored ? 'gone' : 'unseen';
    }
    const domain = domainOf(external);
    const others =
      domain === null
        ? named.filter((each) => each.account !== copy.account && idOf(each) === system.id)
        : named.filter((each) => idOf(each).startsWith(`${domain} `));
    const [only, ...more] = others;
    return only === undefined || more.length > 0 ? 'unseen' : (only.leader ?? 'unseen');
  };
}

const namesOf = ({ account, accountName }: Stream) => ({ account, accountName });

/** `mirror of ORDERS`, `source SALES through shop.API`. */
export const linkWords = ({ kind, origin: { name, external } }: Link): string =>
  `${kind === 'mirror' ? 'mirror of' : 'source'} ${name}${external === undefined ? '' : ` through ${external}`}`;
