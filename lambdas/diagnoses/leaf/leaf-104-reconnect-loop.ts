import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, window } from '../../define.ts';
import type { Entity } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { tallied } from '../conn/closed-rows.ts';
import { closedLeafnodes, closedLeafnodesCommand, lastingName, type ClosedLeafnode } from '../leafnodes.ts';
import { formatLeafnode, parseLeafnode } from './identity.ts';
import { causeOf, isViolation, type Side } from './loop-cause.ts';
import { closeOf, formatPace, formatSeconds, paceOf, reasonsOf, type Close, type Closes } from './pace.ts';
import { remoteOf } from './remotes.ts';

/** `side|name`, the key that closes are counted under. */
function keyOf(row: ClosedLeafnode, server: string, varz: Varz): string {
  const { account, ip } = row;
  if (row.dialled) return `remote|${server} -> ${remoteOf(varz, row)}`;
  const name = lastingName(row.name);
  // A leaf server says no language; what it says of its name is in the ring on every version.
  if (row.lang !== undefined) return `client|${name ?? ip}`;
  return name === null ? `address|${ip}` : `leafnode|${formatLeafnode({ account, name })}`;
}

const split = (key: string): readonly [Side, string] => {
  const at = key.indexOf('|');
  return [key.slice(0, at) as Side, key.slice(at + 1)];
};

const kinds: Record<Side, Entity['kind']> = {
  leafnode: 'leafnode',
  address: 'address',
  client: 'client',
  remote: 'remote',
};
const nouns: Record<Side, string> = {
  leafnode: 'Leafnode ',
  address: 'A leafnode connection from ',
  client: 'Client ',
  remote: 'Remote ',
};

const slowestLoop = 4;

/**
 * On a listener with TLS a load balancer's health check ends as a failed handshake. It comes every 5 s at most; a
 * leaf server, unless configured otherwise, every second.
 */
function isHealthCheck(side: Side, closes: Closes): boolean {
  const { gap } = paceOf(closes);
  const failsTls = closes.every(({ note }) => note.reason === 'TLS Handshake Failure');
  return side === 'address' && failsTls && gap !== null && gap > slowestLoop;
}

export default defineDiagnosis({
  id: 'LEAF_104',
  title: 'Leafnode in a reconnect loop',
  scope: 'cluster',
  reads: { closed: from() },
  history: { closes: window<Close>('closes') },
  limits: {
    closes: atLeast(
      { warning: 3, critical: 10 },
      { unit: 'count', of: 'closes of one leafnode', over: minutes(10) },
    ),
  },
  for: minutes(0),
  why:
    'Each time the leafnode is connected anew it sends all its subscriptions, and every server of the cluster takes them ' +
    'in and drops them again; messages in between are lost to whoever has no JetStream. Counters of open connections ' +
    'show nothing of it.',
  remedy:
    'Read the log of either end at the time of a close: the finding says what lifetimes, gaps and reasons point to, and ' +
    'the first step.',
  evaluate({ servers, history }, { limits }) {
    const closes = history.closes(
      servers.flatMap(({ target, varz, closed }) =>
        closedLeafnodes(varz, closed.rows).map((row) => ({
          key: keyOf(row, target.name, varz),
          at: row.stoppedAt,
          note: closeOf(row, target.name),
        })),
      ),
    );
    const lost = servers.some(({ closed }) => closed.lost);
    const named = new Set(
      [...closes.keys.keys()]
        .map(split)
        .flatMap(([side, id]) => (side === 'leafnode' ? parseLeafnode(id).name : [])),
    );
    /** Where hub and leaf server are both watched, the hub says more. */
    const isReportedByHub = (side: Side, samples: Closes) => {
      const dialler = servers.find(({ target }) => target.name === samples.at(-1)?.note.server)?.varz
        .server_name;
      return side === 'remote' && dialler !== undefined && named.has(dialler);
    };
    const repeated = [...closes.keys].flatMap(([key, { total, samples }]) => {
      const [side, name] = split(key);
      return isReportedByHub(side, samples) || isHealthCheck(side, samples)
        ? []
        : [{ side, name, total, samples }];
    });
    const neighbours = repeated.filter(({ side, samples }) =>
      samples.some(({ note }) => isViolation(note, side)),
    );
    const seen =
      repeated.length === 0
        ? 'no leafnode was closed'
        : `${plural(
            repeated.reduce((sum, { total }) => sum + total, 0),
            'close',
          )} of ${plural(repeated.length, 'leafnode')}`;
    const over = formatDuration(limits.closes.over);
    return measured(
      `${seen} in ${over}${lost ? ', at least: closed rings overran' : ''}`,
      repeated.map(({ side, name, total, samples }) => ({
        limit: 'closes' as const,
        entity: { kind: kinds[side], name },
        value: total,
        data: {
          side,
          name,
          over,
          lost,
          closes: samples,
          neighbours: neighbours.filter((other) => other.name !== name).map((other) => other.name),
          url: servers.find(({ target }) => target.name === samples.at(-1)?.note.server)?.target.url ?? '',
        },
      })),
    );
  },
  describe({ value, level, data: { side, name, over, lost, closes, neighbours, url } }) {
    const cause = causeOf(closes, side);
    const pace = formatPace(paceOf(closes));
    const reasons = reasonsOf(closes);
    const by = [...new Set(closes.map(({ note }) => note.server))];
    const last = closes.at(-1);
    const addresses = closes.map(({ note }) => note.ip);
    const violates = closes.some(({ note }) => isViolation(note, side));
    return {
      summary:
        `${nouns[side]}${name} was closed ${lost ? 'at least ' : ''}${formatCount(value)} times in ${over} ` +
        `${side === 'remote' ? '' : `by ${inline(by)} `}(limit ${formatCount(level)}): ${pace}; ${cause.says}.`,
      evidence: [
        `reasons of the last ${plural(closes.length, 'close')}: ${reasons.map(([reason, n]) => `${reason} (${formatCount(n)})`).join(', ')}`,
        ...(last === undefined
          ? []
          : [
              `last: ${formatTime(last.at)}, ${last.note.server}, ${last.note.reason} after ${formatSeconds(last.note.lifetimeSeconds)}, ` +
                `address ${last.note.ip}${last.note.version === '' ? '' : `, version ${last.note.version}`}`,
            ]),
        ...(new Set(addresses).size > 1 ? [`addresses: ${tallied(addresses, 5)}`] : []),
        ...(violates && neighbours.length > 0
          ? [
              `closed the same way: ${inline(neighbours)}: of these, look for the one with two ways to the hub`,
            ]
          : []),
      ],
      remedy: cause.step,
      commands: {
        nats: `nats server report connections --state closed --sort uptime --top 50`,
        curl: closedLeafnodesCommand(url),
      },
    };
  },
});
