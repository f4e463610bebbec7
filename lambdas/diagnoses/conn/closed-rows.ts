import { formatDuration, seconds, type ClosedConnection } from '../../define.ts';
import { closeClass, type CloseClass } from '../../engine/close-reasons.ts';
import { formatCount, inline } from '../../engine/format.ts';
import { shown } from '../client-name.ts';
import { leftWithoutWord } from '../closed-row.ts';
import { isLeafProbe, type LeafOf } from '../leafnodes.ts';
import { tally } from '../tally.ts';

/** A TCP health probe, gone without a word: a client says who it is first. */
export const isProbe = (row: ClosedConnection): boolean => row.kind === 'Client' && leftWithoutWord(row, 1);

/** Whom nobody misses: a health probe, of leafnode ports too, where a TLS handshake that looks at a certificate is another. */
export const isOfNobody = (varz: LeafOf, row: ClosedConnection): boolean =>
  isProbe(row) || isLeafProbe(varz, row);

/** The class of a closed connection: settings first, then health probes as planned, then the table of reasons. */
export function classOf(
  varz: LeafOf,
  row: ClosedConnection,
  moved: Readonly<Record<string, string>>,
): CloseClass {
  return !Object.hasOwn(moved, row.reason) && isOfNobody(varz, row) ? 'planned' : closeClass(row, moved);
}

/** `10.0.0.7 (3), 10.0.0.8 (2) and 4 more`; without counts for a single value, and where each comes once. */
export function tallied(values: Iterable<string>, most = 3): string {
  const ranked = tally(values);
  const isPlain = ranked.length === 1 || ranked[0]?.[1] === 1;
  return inline(
    ranked.map(([value, count]) => (isPlain ? shown(value) : `${shown(value)} (${formatCount(count)})`)),
    most,
  );
}

/** The middle gap between moments, `about every 2 s`; null for fewer than four, which show no rhythm. */
export function rhythm(moments: readonly number[]): string | null {
  if (moments.length < 4) return null;
  const sorted = [...moments].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((at, i) => at - (sorted[i] ?? at));
  const middle = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  return middle < seconds(1) ? 'several a second' : `about one every ${formatDuration(middle)}`;
}

/** What a window of 256 names could not keep apart. */
export const uncounted = (others: number, what: string): readonly string[] =>
  others > 0 ? [`${formatCount(others)} more are of ${what} too many to keep apart`] : [];

/** A reason within a pattern: nothing in it may end the quotes around it. */
const quotable = (reason: string): string => reason.replace(/[^A-Za-z |]/g, '.');

/** The newest closed rows, of one reason where its beginning is given. User JWTs, which rows carry, stay behind. */
export const closedRowsCommand = (url: string, reason?: string): string =>
  `curl -s '${url}/connz?state=closed&sort=stop&limit=1000' | grep -E '"(ip|stop|reason|name|mqtt_client)":'` +
  (reason === undefined ? '' : ` | grep -B 2 -A 1 '"reason": "${quotable(reason)}'`);

/** natscli takes `--closed-reason` as a pattern for the reason in lower case. */
export const closedReportCommand = (pattern?: string): string =>
  `nats server report connections --state closed --sort uptime --top 50` +
  (pattern === undefined ? '' : ` --closed-reason '${quotable(pattern)}'`);
