import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable, unknown } from '../../define.ts';
import { formatCount, formatPercent } from '../../engine/format.ts';
import { holdersOf, withHolders } from './connections.ts';

export default defineDiagnosis({
  id: 'SERVER_011',
  title: 'Connections near the server maximum',
  scope: 'server',
  reads: { varz: from() },
  history: {},
  limits: { used: atLeast({ warning: 0.8 }, { unit: 'ratio', of: 'open clients of `max_connections`' }) },
  for: minutes(0),
  why: 'At `max_connections` the server refuses every further client with "Maximum Connections Exceeded".',
  remedy:
    'Find who holds the connections and close what leaks. If the load is legitimate, raise `max_connections` (together ' +
    'with the process limit on file descriptors; a reload is enough) or spread clients over more servers. Account ' +
    'limits keep one tenant from using up the room of all.',
  evaluate({ target, varz }) {
    const { connections, max_connections: most } = varz;
    // -1: none up to 2.10, no client at all in newer ones.
    if (most === 0 || most === -1) return notApplicable('no max_connections is set');
    if (!Number.isSafeInteger(most) || most < 0)
      return unknown(`/varz says max_connections ${most}, which is no count`);
    const used = connections / most;
    const seen = `${formatCount(connections)} of ${formatCount(most)} connections (${formatPercent(used)})`;
    return measured(seen, [
      {
        limit: 'used',
        entity: { kind: 'server', name: target.name },
        value: used,
        data: { target, connections, most },
      },
    ]);
  },
  describe: ({ value, level, data: { target, connections, most } }) => ({
    summary:
      `${target.name} holds ${formatCount(connections)} of at most ${formatCount(most)} connections: ` +
      `${formatPercent(value)}, limit ${formatPercent(level)}.`,
    evidence: [`room for ${formatCount(Math.max(0, most - connections))} more`],
    commands: {
      nats: 'nats server report connections --top 20',
      curl: `curl -s '${target.url}/varz' | grep -E '"(max_)?connections"'`,
    },
  }),
  details: ({ data: { target, connections } }) => holdersOf(target, connections),
  enrich: (_, details) => withHolders(details),
});
