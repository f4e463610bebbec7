import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  window,
  type Description,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import type { StreamRow } from '../../readings/decoders/assets.ts';
import { assetsOf, jetStreamIsOff, type Held } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import { linksOf, linkWords, type Link } from './origins.ts';
import { unbroken, type At } from './samples.ts';

/** Where a copy and its origin stand in one run. */
type Sample = { readonly origin: number; readonly copy: number };

type Followed = {
  readonly link: Link;
  readonly of: Held<StreamRow>;
  readonly sample: Sample;
  /** Whether the copy's figure is a sequence of the origin, and else just something that moves with it. */
  readonly isPlace: boolean;
};

function placeOf({ kind, leader: { row }, origin: { seq } }: Link): Pick<Followed, 'isPlace'> & {
  readonly copy: number | null;
} {
  if (kind === 'mirror') return { isPlace: true, copy: row.state.lastSeq };
  if (seq !== undefined) return { isPlace: true, copy: seq };
  const isAlone = row.sources.length === 1 && row.config.subjects.length === 0;
  return { isPlace: false, copy: isAlone ? row.state.lastSeq : null };
}

/** A copy of some subjects may stand while its origin moves; one with an error of its own is told by JETSTREAM_015. */
function followed(link: Link): Followed | null {
  const { of, origin } = link;
  const { isPlace, copy } = placeOf(link);
  if (typeof of === 'string' || copy === null || origin.isFiltered || origin.error !== null) return null;
  return { link, of, isPlace, sample: { origin: of.row.state.lastSeq, copy } };
}

/** The last message of the origin is stored, and so to be copied. */
const holdsLast = ({ row: { state } }: Held<StreamRow>): boolean => state.messages > 0 && state.deleted === 0;

/** How long the copy has stood while there was something to copy, ms. */
function stoodFor({ of, isPlace, sample }: Followed, samples: readonly At<Sample>[]): number {
  const all = unbroken(samples);
  const from = all.findLastIndex(({ note }) => note.copy !== sample.copy) + 1;
  const standing = all.slice(from);
  const [first] = standing;
  const last = standing.at(-1);
  if (first === undefined || last === undefined) return 0;
  const isMoving = last.note.origin > first.note.origin;
  const lacks = ({ note }: At<Sample>) => isPlace && note.origin > note.copy;
  // One that never copied anything may begin at a later sequence or time.
  if (!isMoving && !(lacks(last) && last.note.copy > 0 && holdsLast(of))) return 0;
  const missed = standing.find((each) => lacks(each) || each.note.origin > first.note.origin);
  return missed === undefined ? 0 : last.at - missed.at;
}

const keyOf = ({ link: { stream, origin, leader } }: Followed): string =>
  JSON.stringify([leader.server.system.id, stream.account, stream.name, origin.name, origin.external ?? '']);

/** Neither `lag` nor `active` shows it: each fruitless connection makes `active` 0 again. Only the origin's own sequence does. */
export default defineDiagnosis({
  id: 'JETSTREAM_110',
  title: 'Mirror or source stands while its origin goes on',
  brief: ['streams', 'mirror stuck'],
  scope: 'cluster',
  reads: { streams: from() },
  history: { samples: window<Sample>(minutes(15)) },
  limits: {
    stood: atLeast(
      { warning: 180 },
      { unit: 'seconds', of: 'time in which a copy took nothing of what its origin holds' },
    ),
  },
  for: minutes(1),
  why:
    'The copy is in contact with its origin, its lag is 0, and every health probe says ok: who reads the copy misses messages ' +
    'and does not know.',
  remedy:
    'Do deliveries reach it? The API answers, so look at what carries messages: export and import of the deliver subject, of ' +
    '`$JS.FC.>` from 2.14 on, permissions of the leafnode. If nothing was changed there, step the copy down ' +
    '(`nats stream cluster step-down`, a pause of seconds), then the origin; both lose nothing. Was the origin made anew? Then the ' +
    'copy waits until it has passed its place: make the copy anew too.',
  evaluate({ servers, unread, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const links = linksOf(assets, unread.length, cluster.jetstream);
    if (links.length === 0) return nothing('no stream is a mirror or has sources');
    const compared = links.flatMap((link) => followed(link) ?? []);
    const behind = compared.filter(({ isPlace, sample }) => !isPlace || sample.origin !== sample.copy);
    const { keys } = history.samples(
      behind.map((each) => ({ key: keyOf(each), at, note: each.sample, count: 1 })),
    );
    const others = links.length - compared.length;
    return measured(
      `${plural(compared.length, 'mirror or source', 'mirrors and sources')} compared with the origin` +
        (others === 0
          ? ''
          : `, ${formatCount(others)} not: the origin is not watched or filtered, or it fails by its own words`),
      behind.map((each) => ({
        limit: 'stood' as const,
        entity: each.link.stream.entity,
        value: stoodFor(each, keys.get(keyOf(each))?.samples ?? []) / 1_000,
        data: each,
      })),
    );
  },
  describe({ entity, value, data: { link, of, sample, isPlace } }): Description {
    const { stream, origin } = link;
    const gap = sample.origin - sample.copy;
    const lacks = isPlace && gap > 0 ? `, ${formatCount(gap)} sequences behind` : '';
    return {
      summary:
        `Stream ${entity.name} has copied nothing for ${formatDuration(value * 1_000)}, while its origin ${origin.name} went on ` +
        `to sequence ${formatCount(sample.origin)}${lacks}.`,
      evidence: [
        `${linkWords(link)}: lag ${formatCount(origin.lag)}, heard ${formatDuration(Math.max(0, origin.active) / 1e6)} ago`,
        `${isPlace ? 'its place in the origin' : 'its last sequence'}: ${formatCount(sample.copy)}` +
          (isPlace && gap < 0 ? ', which the origin has not reached: it was made anew' : ''),
        `the origin holds ${formatCount(of.row.state.messages)} messages, led by ${of.server.name}, account ${of.row.accountName}`,
        placement(stream),
      ],
      commands: streamCommands(stream),
    };
  },
});
