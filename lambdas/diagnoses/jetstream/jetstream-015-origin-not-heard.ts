import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  type Description,
} from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import { linksOf, linkWords, type Link } from './origins.ts';

type Trouble = 'gone' | 'stalled' | 'never' | 'failing' | 'unheard';

const streamNotFound = 10_059;
const stalledOnFlowControl = 10_228;

function troubleOf({ origin: { active, error }, of }: Link): Trouble | null {
  if (of === 'gone' || error?.errCode === streamNotFound) return 'gone';
  if (error?.errCode === stalledOnFlowControl) return 'stalled';
  if (error !== null) return 'failing';
  return active === -1 ? 'never' : null;
}

const remedies: Readonly<Record<Trouble, string>> = {
  gone:
    'Was the origin deleted or renamed on purpose? Then remove the source from the copy (`nats stream edit`), or delete a mirror ' +
    'that nobody reads. If it is made anew, the copy goes on only when the new one has passed its place: what the new one ' +
    'holds before that is not copied, so make the copy anew too.',
  stalled:
    'From nats-server 2.14 on a copy of another account needs `$JS.FC.>` of that account: export it there and import it here, ' +
    'then reload.',
  never:
    'Does the origin exist, under this name, in that domain or account? Are the API prefix and the deliver subject exported and ' +
    'imported, and is the leafnode or gateway between connected? Nothing was ever copied.',
  failing:
    'The error says what it runs into. It is tried again by itself; a step-down of the copy (`nats stream cluster step-down`, a ' +
    'pause of seconds) makes it try at once.',
  unheard:
    'Is the origin without a leader, or the connection to its cluster lost? It goes on by itself when that is mended. Else a ' +
    'step-down of the copy (`nats stream cluster step-down`, a pause of seconds) connects anew.',
};

/** `mirror of ORDERS: the origin is gone`. */
function words(link: Link, trouble: Trouble): string {
  const { active, error } = link.origin;
  const told = error === null ? '' : ` (error ${error.errCode}: ${error.description})`;
  const what = {
    gone: 'there is no such stream',
    stalled: 'it stalls on flow control',
    never: 'it has never connected',
    failing: 'it fails',
    unheard: `not heard for ${formatDuration(active / 1e6)}`,
  }[trouble];
  return `${linkWords(link)}: ${what}${told}`;
}

type Found = { readonly link: Link; readonly trouble: Trouble };

/** @param place which is lost as a whole; null for a stream */
const dataOf = (place: string | null, found: readonly Found[]) => ({ place, found });

const foundOf = (link: Link): Found => ({ link, trouble: troubleOf(link) ?? 'unheard' });

/** Domains and accounts of which no stream hears anything, where several do copy from there: they have one cause. */
function placesLost(links: readonly Link[], silence: number): ReadonlyMap<string, readonly Link[]> {
  const byPlace = Map.groupBy(links, ({ origin: { external } }) => external);
  const lost = [...byPlace].flatMap(([place, own]): readonly (readonly [string, readonly Link[]])[] => {
    const isLost = own.every((link) => troubleOf(link) !== null || link.origin.active >= silence);
    const streams = new Set(own.map(({ stream }) => stream));
    return place !== undefined && isLost && streams.size > 1 ? [[place, own]] : [];
  });
  return new Map(lost);
}

const noCommands = { nats: 'nats stream report', curl: '' };

/**
 * Insights asks for `lag` 0 and 5 minutes of silence. A healthy copy hears a heartbeat each second, an idle origin's too; `lag`
 * says nothing. In a cluster no error names an origin that was deleted: that it is not among the streams does.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_015',
  title: 'Mirror or source does not hear its origin',
  brief: ['streams', 'origin lost'],
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    lost: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'origins of a stream that are gone, fail or never connected' },
    ),
    unheard: atLeast({ warning: 120 }, { unit: 'seconds', of: 'time since a stream heard its origin' }),
  },
  // A change of leader, of either stream, connects anew within 20 s.
  for: minutes(3),
  why: 'Nothing is copied, while the lag is 0 or small and every health probe says ok.',
  remedy: remedies.unheard,
  evaluate({ servers, unread }, { cluster, limits }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const links = linksOf(assets, unread.length, cluster.jetstream);
    if (links.length === 0) return nothing('no stream is a mirror or has sources');
    const { warning = Infinity, critical = warning } = limits.unheard.levels;
    const lostPlaces = placesLost(links, Math.min(warning, critical) * 1e9);
    const isOfLost = ({ origin: { external } }: Link) => external !== undefined && lostPlaces.has(external);
    const ofPlaces = [...lostPlaces].map(([place, own]) => ({
      limit: 'lost' as const,
      entity: { kind: 'cluster' as const, name: place },
      value: own.length,
      data: dataOf(place, own.map(foundOf)),
    }));
    const others = Map.groupBy(
      links.filter((link) => !isOfLost(link)),
      ({ stream }) => stream,
    );
    const ofStreams = [...others].map(([stream, own]) => {
      const lost = own.filter((link) => troubleOf(link) !== null).map(foundOf);
      const silent = own
        .filter((link) => troubleOf(link) === null)
        .toSorted((a, b) => b.origin.active - a.origin.active)
        .map(foundOf);
      const [longest] = silent;
      const unheard = Math.max(0, longest?.link.origin.active ?? 0) / 1e9;
      const found = lost.length > 0 ? lost : silent.slice(0, 1);
      return {
        limit: lost.length > 0 ? ('lost' as const) : ('unheard' as const),
        entity: stream.entity,
        value: lost.length > 0 ? lost.length : unheard,
        data: dataOf(null, found),
      };
    });
    return measured(plural(links.length, 'mirror or source', 'mirrors and sources'), [
      ...ofPlaces,
      ...ofStreams,
    ]);
  },
  describe({ entity, data: { place, found } }): Description {
    const [first] = found;
    const streams = new Set(found.map(({ link }) => link.stream.entity.name));
    if (place !== null)
      return {
        summary: `${plural(streams.size, 'stream')} ${streams.size === 1 ? 'copies' : 'copy'} nothing through ${place}, none of what is there was heard: ${inline([...streams], 5)}.`,
        evidence: found.map(({ link, trouble }) => `${link.stream.entity.name}, ${words(link, trouble)}`),
        remedy: remedies[first?.trouble ?? 'unheard'],
        commands: first === undefined ? noCommands : streamCommands(first.link.stream),
      };
    return {
      summary: `Stream ${entity.name} copies nothing: ${inline(found.map(({ link, trouble }) => words(link, trouble)))}.`,
      evidence: [
        ...found.slice(3).map(({ link, trouble }) => words(link, trouble)),
        ...(first === undefined ? [] : [placement(first.link.stream)]),
      ],
      ...(first === undefined ? {} : { remedy: remedies[first.trouble] }),
      commands: first === undefined ? noCommands : streamCommands(first.link.stream),
    };
  },
});
