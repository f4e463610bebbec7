import { hasFrom } from '../engine/versions.ts';
import {
  firstBy,
  firstRedactingTokens,
  firstSortedByRtt,
  mostOnPage,
  mostOutstanding,
  pageInTurn,
  partOf,
  withManySubjects,
  type ClientOrder,
  type Clients,
} from '../readings/clients.ts';
import type { ClientRow } from '../readings/decoders/clients.ts';
import { known } from '../readings/decoders/impossible.ts';
import { endpoints, type Endpoint, type Varz } from '../readings/endpoints.ts';
import type { Reading } from '../readings/reading.ts';
import { failed } from './read-ring.ts';

/** A reply, which mostly tells who gave it. */
export type Answer = { readonly server_id?: string | undefined; readonly now?: number | undefined };

/** Asks one server, and takes no other's reply. */
export type Ask = <T extends Answer>(endpoint: Endpoint<T>) => Promise<Reading<T>>;

type Rows = readonly ClientRow[] | null;

/**
 * Open connections: one page, the next one in the next run. Who stands out is on it where it has all; else three more
 * requests ask for them. One more looks at the client that subscribes most, where that are many.
 */
export async function readClients(
  ask: Ask,
  varz: Promise<Reading<Varz>>,
  turn: number,
): Promise<Reading<Clients>> {
  const answered = await varz;
  if (!answered.ok) {
    const { code, message } = answered.failure;
    return failed(code, `not read without /varz: ${message}`);
  }
  const { version } = answered.value;
  const showsTokens = !hasFrom(version, firstRedactingTokens);
  const connections = known(() => answered.value.connections + answered.value.leafnodes) ?? 0;
  const offset = pageInTurn(turn, connections) * mostOnPage;
  const page = await ask(endpoints.clientsPage({ offset, limit: mostOnPage }, showsTokens));
  if (!page.ok) return page;
  const { server_id, now, total, connections: rows, leftOut } = page.value;
  const part = partOf(page.value);

  const first = async (order: ClientOrder): Promise<Reading<Rows>> => {
    if (part.pages === 1) return { ok: true, value: firstBy(order, rows) };
    if (order === 'rtt' && !hasFrom(version, firstSortedByRtt)) return { ok: true, value: null };
    const read = await ask(endpoints.clientsBy(order, mostOutstanding, showsTokens));
    return read.ok ? { ok: true, value: firstBy(order, read.value.connections) } : read;
  };
  const [rtt, pending, subs] = await Promise.all([first('rtt'), first('pending'), first('subs')]);
  if (!rtt.ok) return rtt;
  if (!pending.ok) return pending;
  if (!subs.ok) return subs;

  const busy = withManySubjects(subs.value ?? []);
  const subjects = busy === undefined ? null : await ask(endpoints.clientSubjects(busy.cid));
  if (subjects?.ok === false) return subjects;
  return {
    ok: true,
    value: {
      ...{ server_id, now, total, part, rows },
      most: { rtt: rtt.value, pending: pending.value, subs: subs.value },
      subjects: subjects?.value ?? null,
      ...(leftOut === undefined ? {} : { leftOut }),
    },
  };
}
