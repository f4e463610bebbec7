import type { ClientSubjects } from './decoders/client-subjects.ts';
import type { ClientRow, ClientsPage } from './decoders/clients.ts';

/**
 * A page of open connections: most servers' are all on one. A reply costs a server by all connections it has, and by the
 * rows that it writes: 10,000 of them as much as a dozen pages without rows.
 */
export const mostOnPage = 4_096;

/** Rows of those that stand out. */
export const mostOutstanding = 64;

/** From so many subscriptions on, and up to so many, those of the client that has most are looked at one by one. */
export const looksAtSubjects = { from: 1_000, to: 50_000 } as const;

/** What rows are sorted by. `rtt` is known from nats-server 2.9.17 and 2.10.0 on. */
export type ClientOrder = 'rtt' | 'pending' | 'subs';
export const firstSortedByRtt = ['2.9.17', '2.10.0'] as const;

/** Up to these, a token stands where a user does. */
export const firstRedactingTokens = ['2.11.3', '2.12.0'] as const;

/** Which part of a list was read; all of it where there is one page. */
export type Part = { readonly page: number; readonly pages: number };

/** Open connections of a server: a page of them, and of all those that stand out. */
export type Clients = {
  readonly server_id: string;
  /** The server's own clock, epoch ms. */
  readonly now: number;
  /** With leafnodes, where the server lists them. */
  readonly total: number;
  readonly part: Part;
  readonly rows: readonly ClientRow[];
  /** Of all, the first by what stands in their way; null where the server cannot sort by it. */
  readonly most: { readonly [O in ClientOrder]: readonly ClientRow[] | null };
  /** What the client with most subscriptions subscribes to; null where that are few, or far too many. */
  readonly subjects: ClientSubjects | null;
  readonly leftOut?: ClientsPage['leftOut'];
};

const pagesOf = (connections: number): number => Math.max(1, Math.ceil(connections / mostOnPage));

/**
 * Which page is asked for: each in turn, one a run.
 * @param turn counts runs
 */
export const pageInTurn = (turn: number, connections: number): number => turn % pagesOf(connections);

/** What part of the list a page was; there may be fewer rows now than were counted before. */
export const partOf = ({ offset, total }: Pick<ClientsPage, 'offset' | 'total'>): Part => {
  const page = Math.floor(offset / mostOnPage);
  return { page, pages: Math.max(page + 1, pagesOf(total)) };
};

const rank: { readonly [O in ClientOrder]: (row: ClientRow) => number } = {
  rtt: ({ rtt }) => rtt,
  pending: ({ pending_bytes: pending }) => pending,
  subs: ({ subscriptions }) => subscriptions,
};

/** The first rows in an order, as a server gives them. */
export const firstBy = (order: ClientOrder, rows: readonly ClientRow[]): readonly ClientRow[] => {
  const value = rank[order];
  return rows
    .filter((row) => value(row) > 0)
    .sort((a, b) => value(b) - value(a))
    .slice(0, mostOutstanding);
};

/** The client whose subjects are worth a look; leafnodes subscribe for others. */
export const withManySubjects = (rows: readonly ClientRow[]): ClientRow | undefined =>
  rows.find(
    ({ kind, subscriptions }) =>
      kind === 'Client' && subscriptions >= looksAtSubjects.from && subscriptions <= looksAtSubjects.to,
  );
