import type { DetailRequest, Details, Enrichment, Target } from '../../define.ts';
import type { Connz, Varz } from '../../readings/endpoints.ts';
import { hasFrom } from '../../engine/versions.ts';
import { formatCount, formatPercent, inline } from '../../engine/format.ts';
import { clientName, shown } from '../client-name.ts';
import { tally } from '../tally.ts';

/** First releases whose open `/connz` list holds leafnodes (monitor.go:305-309). */
const listsLeafnodes = ['2.11.5', '2.12.0'];

/** What `/connz` would count without its page of 1,024: `varz.connections` never holds leafnodes. */
export const openConnections = ({ version, connections, leafnodes }: Varz): number =>
  hasFrom(version, listsLeafnodes) ? connections + leafnodes : connections;

/** Who holds the connections: `client names: ingest 700 (64 %), (unnamed) 380 (35 %) and 3 more`. */
function topHolders({ connections, total }: Connz): readonly string[] {
  const row = (what: string, values: Iterable<string>) => {
    const ranked = tally(values).map(
      ([value, n]) => `${shown(value)} ${formatCount(n)} (${formatPercent(n / connections.length)})`,
    );
    return `${what}: ${inline(ranked, 5)}`;
  };
  if (connections.length === 0) return [];
  return [
    row(
      'client names',
      connections.map((row) => clientName(row) ?? '(unnamed)'),
    ),
    row(
      'accounts',
      connections.map(({ account }) => account ?? '$G'),
    ),
    row(
      'addresses',
      connections.map(({ ip }) => ip),
    ),
    ...(connections.length < total
      ? [`counted over the first ${formatCount(connections.length)} of ${formatCount(total)}`]
      : []),
  ];
}

/** A row is about 670 B, so a reply stays below 14 MB. */
const mostRows = 20_000;

/** The reading that shows who holds a server's connections, with room for some that come meanwhile. */
export const holdersOf = (target: Target, connections: number): readonly DetailRequest[] => [
  { target, endpoint: 'connz', limit: Math.min(mostRows, connections + 100) },
];

/** Evidence of who holds them, or why that is not known. */
export const withHolders = ({ connz: [page], failures: [failure] }: Details): Enrichment => ({
  evidence: page ? topHolders(page) : [`who holds them could not be read: ${failure?.message ?? 'no reply'}`],
});
