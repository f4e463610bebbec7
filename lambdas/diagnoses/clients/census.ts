import type { ClusterFacts, Target } from '../../define.ts';
import { meansClient } from '../../engine/client-patterns.ts';
import { formatCount } from '../../engine/format.ts';
import type { Clients, Part } from '../../readings/clients.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { keyOf, partsOf } from '../client-key.ts';
import { clientName } from '../client-name.ts';

/** An open connection and the server that holds it. */
export type Client = { readonly target: Target; readonly row: ClientRow };

export const accountOf = ({ account }: Pick<ClientRow, 'account'>): string => account ?? '$G';

/** Whether somebody wants to be told of a connection: a client, and none that settings ignore. */
export const isTold =
  ({ clients: { ignore } }: Pick<ClusterFacts, 'clients'>) =>
  (row: ClientRow): boolean =>
    row.kind === 'Client' &&
    !ignore.some((each) => meansClient(each, { account: accountOf(row), name: clientName(row) ?? '' }));

/** How often each key comes. */
export type Counts = ReadonlyMap<string, number>;

export function countBy(
  rows: readonly ClientRow[],
  keysOf: (row: ClientRow) => readonly string[],
  weightOf: (row: ClientRow) => number = () => 1,
): Counts {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const key of keysOf(row)) counts.set(key, (counts.get(key) ?? 0) + weightOf(row));
  return counts;
}

type Counting = {
  readonly target: Target;
  readonly clients: Clients;
  readonly history: {
    readonly counts: (part: Part, counts: Counts) => { readonly counts: Counts; readonly isWhole: boolean };
  };
};

/** Of a server, those that somebody wants to be told of. */
type ToldOf = { readonly rows: readonly ClientRow[]; readonly clients: readonly Client[] };

const known = new WeakMap<Clients, { readonly cluster: object; readonly all: ToldOf }>();

/** Each row is looked at once a run, however many diagnoses ask. */
function toldOf({ target, clients: read }: Counting, cluster: Pick<ClusterFacts, 'clients'>): ToldOf {
  const before = known.get(read);
  if (before?.cluster === cluster) return before.all;
  const rows = read.rows.filter(isTold(cluster));
  const all = { rows, clients: rows.map((row) => ({ target, row })) };
  known.set(read, { cluster, all });
  return all;
}

export type Census = {
  /** Over all servers, and all pages of each. */
  readonly counts: Counts;
  /** Those that this run read: of a server with many connections a page of them. */
  readonly clients: readonly Client[];
};

/** Counts of all clients of a cluster; in their place why they are not known yet. */
export function censusOf(
  servers: readonly Counting[],
  cluster: Pick<ClusterFacts, 'clients'>,
  countsOf: (rows: readonly ClientRow[]) => Counts,
): Census | { readonly unknown: string } {
  const told = servers.map((server) => toldOf(server, cluster));
  const counted = servers.map(({ clients: { part }, history }, i) =>
    history.counts(part, countsOf(told[i]?.rows ?? [])),
  );
  const partial = servers.find((_, i) => counted[i]?.isWhole === false);
  if (partial !== undefined) {
    const { target, clients: read } = partial;
    const { pages, page } = read.part;
    return {
      unknown: `${target.name}: page ${page + 1} of ${pages} of its ${formatCount(read.total)} connections was read, not all were yet: one comes with each run`,
    };
  }
  return {
    counts: sumOf(counted.map(({ counts }) => counts)),
    clients: told.flatMap(({ clients }) => clients),
  };
}

function sumOf([first = new Map(), ...others]: readonly Counts[]): Counts {
  if (others.length === 0) return first;
  const sum = new Map(first);
  for (const counts of others) for (const [key, count] of counts) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

/** Key of a client's name in its account; null for one without a name. */
export function nameKey(row: ClientRow): string | null {
  const name = clientName(row);
  return name === undefined ? null : keyOf(accountOf(row), name);
}

/** `ingest (APP)` */
export function nameOfKey(key: string): string {
  const [account = '', name = ''] = partsOf(key);
  return `${name} (${account})`;
}
