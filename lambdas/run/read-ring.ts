import { closeClass } from '../engine/close-reasons.ts';
import { seconds } from '../durations.ts';
import { closedSince, type ClosedSince } from '../readings/closed-ring/closed-since.ts';
import type { Cursor, RingLook } from '../readings/closed-ring/cursor.ts';
import { newOn, nextAsked, nothingRead, withReply, type PageAsked } from '../readings/closed-ring/pages.ts';
import { closesOf } from '../readings/closed-ring/quiet.ts';
import type { ClosedRow } from '../readings/decoders/closed.ts';
import type { ClosedPage, Varz } from '../readings/endpoints.ts';
import type { FailureCode, Reading, Target } from '../readings/reading.ts';
import type { Watch } from './watch.ts';

/** A ring of 100,000 rows takes 26 pages; a run ends long before its successor starts. */
const longestPaging = seconds(20);

export type Ring = {
  readonly target: Target;
  readonly varz: Varz;
  readonly cursor: Cursor | null;
  readonly firstPage: Promise<Reading<ClosedPage>>;
  readonly readPage: (
    page: PageAsked,
    having?: { readonly accounts: boolean },
  ) => Promise<Reading<ClosedPage>>;
  readonly look: RingLook;
  readonly watch: Watch;
  readonly now: () => number;
};

/**
 * The closed ring's rows since the last run. A server copies its whole ring to tell accounts, which takes it three times as
 * long: they are asked for where new rows have any that matter.
 */
export async function readClosedRing({
  target,
  varz,
  cursor,
  firstPage,
  readPage,
  look,
  watch,
  now,
}: Ring): Promise<Reading<{ readonly since: ClosedSince; readonly cursor: Cursor }>> {
  const { maxClosedClients: configuredSize, closeReasons } = watch.facts;
  let read = nothingRead;
  for (let asked; (asked = nextAsked(read, cursor, look)) !== null;) {
    const count = read.pages.length;
    if (count > 0 && now() - look.readAt > longestPaging) {
      return failed('timeout', `${target.name} /connz?state=closed: ${count} pages took longer than 20 s`);
    }
    const plain = await (count === 0 ? firstPage : readPage(asked));
    const isWanting =
      plain.ok &&
      newOn(plain.value, read, cursor, look).some((row) => accountMatters(row, varz, closeReasons));
    const page = isWanting ? await readPage(asked, { accounts: true }) : plain;
    if (!page.ok) return page;
    const { num_connections: rows, total } = page.value;
    if (rows === 0 && asked.offset < total) {
      return failed(
        'unexpected-shape',
        `${target.name} /connz?state=closed: no rows from ${asked.offset} on, where ${total} are held`,
      );
    }
    read = withReply(read, asked, page.value);
  }
  const [first, ...rest] = read.pages;
  if (first === undefined) return failed('unexpected-shape', `${target.name} /connz?state=closed: no page`);
  return {
    ok: true,
    value: closedSince([first, ...rest], cursor, {
      ...{ ...look, takenAt: now(), configuredSize },
      closes: closesOf(varz),
    }),
  };
}

/** Whether a finding may name the account of a closed connection: of one that has said who it is, and did not go as planned. */
function accountMatters(row: ClosedRow, { leaf }: Varz, moved: Readonly<Record<string, string>>): boolean {
  const { name, mqtt_client: client, version, lang, rtt = 0 } = row;
  const isKnown = [name, client, version, lang].some((each) => each !== undefined) || rtt > 0;
  // What this server dialled says nothing of itself but its account.
  if (row.kind === 'Leafnode') return isKnown || leaf.remotes.length > 0;
  return isKnown && [closeClass(row), closeClass(row, moved)].some((each) => each !== 'planned');
}

export const failed = (code: FailureCode, message: string) =>
  ({ ok: false, failure: { code, message } }) as const;
