import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import type { Target } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { shownServers, type ShownServer } from '../links/shown-servers.ts';
import { routesCommand } from '../links/reach.ts';
import { missedBehindNames } from './behind-names.ts';

const called = ({ id, name }: ShownServer): string => name ?? id;

type Data = {
  readonly known: readonly ShownServer[];
  /** How many are expected. */
  readonly count: number;
  /** Names of those that are; none where settings give a number. */
  readonly missing: readonly string[];
  readonly targets: readonly Target[];
  readonly unexpected?: ShownServer;
};

/** By the servers that answer and those that their routes lead to, watched or not. */
export default defineDiagnosis({
  id: 'CLUSTER_117',
  title: 'Other servers in a cluster than expected',
  scope: 'cluster',
  expects: 'servers',
  reads: { routez: from() },
  history: {},
  limits: {
    missing: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'expected servers that no watched server has a route to' },
    ),
    unknown: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers of the cluster that settings do not expect' },
    ),
  },
  // A host that is replaced is back by then, and two of them no longer there.
  for: minutes(10),
  why:
    'Settings say which servers the cluster has (`expect.servers`). One that is missing is watched by nobody if it is no target: the ' +
    'cluster goes on without it, with less room and fewer copies. One that nobody knows has joined: a forgotten host, one of ' +
    'another environment, or somebody who has the cluster password.',
  remedy:
    'Missing: does it run, does its log tell of refused routes, was its `server_name` changed? Unknown: look where it is by its ' +
    'address in /routez. If it is meant to be there, add it to `expect.servers` and to the targets in settings; else stop it, and ' +
    'change the credentials of the cluster port. With JetStream take one that is gone for good out by `nats server raft peer-remove`.',
  evaluate({ servers, unread, looks }, { cluster: { name, expect } }) {
    const { servers: expected } = expect;
    if (expected === undefined) return notApplicable('settings expect no servers');
    const known = shownServers(servers);
    const names = new Set(known.map(called));
    const isNumber = typeof expected === 'number';
    const wanted = isNumber ? [] : [...new Set(expected)];
    const missing = wanted.filter((each) => !names.has(each));
    const unexpected = isNumber
      ? []
      : known.filter((each) => each.name !== null && !wanted.includes(each.name));
    // Before 2.9.16 routes do not tell the name of who is at the other end.
    const unnamed = known.filter((each) => each.name === null).length;
    const lacking = isNumber ? expected - known.length : missing.length - unnamed;
    // A server that could not be read, and that no route is known to lead to, may be one of them: SERVER_101 tells of it.
    const silent = unread.filter(({ target }) => !names.has(target.name)).length;
    // So may one that is not behind its DNS name, of which CLUSTER_103 tells; a route may lead to it all the same.
    const answered = new Set(servers.map(({ varz }) => varz.server_id));
    const targets = new Set(unread.map(({ target }) => target.name));
    const elsewhere = known.filter((each) => !answered.has(each.id) && !targets.has(called(each))).length;
    const short = lacking - silent - Math.max(0, missedBehindNames(looks) - elsewhere);
    const more = isNumber ? known.length - expected : 0;
    const count = isNumber ? expected : wanted.length;
    const seen = `${plural(known.length, 'server')}, ${formatCount(count)} expected`;
    const data: Data = { known, count, missing, targets: servers.map(({ target }) => target) };
    const entity = { kind: 'cluster' as const, name };
    const measurements = [
      ...(short > 0 ? [{ limit: 'missing' as const, entity, value: short, data }] : []),
      ...(more > 0 ? [{ limit: 'unknown' as const, entity, value: more, data }] : []),
      ...unexpected.map((each) => ({
        limit: 'unknown' as const,
        entity: { kind: 'server' as const, name: called(each) },
        value: 1,
        data: { ...data, unexpected: each },
      })),
    ];
    if (measurements.length === 0) return nothing(seen, { conclusive: lacking <= 0 });
    return measured(seen, measurements);
  },
  describe: ({ limit, value, entity, data: { known, count, missing, targets, unexpected } }, { cluster }) => {
    const which = missing.length > value ? `, of ${inline(missing)}` : `: ${inline(missing)}`;
    const [first] = targets;
    return {
      summary:
        limit === 'missing'
          ? `Cluster ${entity.name} lacks ${plural(value, 'server')} of ${formatCount(count)} that settings expect${missing.length === 0 ? '' : which}.`
          : unexpected === undefined
            ? `Cluster ${entity.name} has ${plural(value, 'server')} more than the ${formatCount(count)} that settings expect.`
            : `Server ${entity.name} is in cluster ${cluster.name}, and settings do not expect it.`,
      evidence: [
        ...(unexpected === undefined
          ? []
          : [`server_id ${unexpected.id}, seen by ${inline(unexpected.seenBy)}`]),
        `there are: ${inline(known.map(called), 10)}`,
      ],
      commands: {
        nats: 'nats server list',
        curl: first === undefined ? '' : routesCommand(first),
      },
    };
  },
});
