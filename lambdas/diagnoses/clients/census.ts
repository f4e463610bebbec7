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
  const counts = new Map<string, number>();
  const clients: Client[] = [];
  let unknown: string | null = null;
  for (const { target, clients: read, history } of servers) {
    const rows = read.rows.filter(isTold(cluster));
    const own = history.counts(read.part, countsOf(rows));
    if (!own.isWhole) {
      const { pages, page } = read.part;
      unknown ??= `${target.name}: page ${page + 1} of ${pages} of its ${formatCount(read.total)} connections was read, not all were yet: one comes with each run`;
    }
    for (const [key, count] of own.counts) counts.set(key, (counts.get(key) ?? 0) + count);
    for (const row of rows) clients.push({ target, row });
  }
  return unknown === null ? { counts, clients } : { unknown };
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
