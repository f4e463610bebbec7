import {
  above,
  attempted,
  defineDiagnosis,
  formatDuration,
  from,
  increase,
  known,
  measured,
  minutes,
  window,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { loadOf, loadWords } from '../load.ts';

const kinds = ['routes', 'gateways', 'leafnodes'] as const;
type Kind = (typeof kinds)[number];

/** A row of the closed ring may come half a minute after the counter moved. */
const rowsComeWithin = minutes(1);

/**
 * Routes, gateways and leafnodes; slow clients are CONN_102's, which names them, and so are leafnodes that were closed for it.
 * A slow route adds one to the total at each write deadline it misses and is closed at the third; from 2.15 on the counter of
 * routes has it once.
 */
export default defineDiagnosis({
  id: 'SERVER_004',
  title: 'Slow routes, gateways or leafnodes',
  scope: 'server',
  reads: { varz: from('2.10.0'), closed: attempted },
  history: {
    routesTotal: increase(),
    gatewaysTotal: increase(),
    leafnodesTotal: increase(),
    slow: window<{ readonly at: number }>('slow'),
    evicted: window('slow'),
  },
  limits: {
    slow: above(
      { critical: 0 },
      {
        unit: 'count',
        of: 'times that routes, gateways or leafnodes of one server, each kind by itself, were too slow to be written to',
        over: minutes(10),
      },
    ),
  },
  for: minutes(0),
  rule: { alert: 'NatsSlowConsumers', limit: 'slow' },
  why:
    'Something does not read as fast as the server writes to it. Behind another server (route, gateway, leafnode) all traffic ' +
    "between the two waits, JetStream's raft included, and is lost for clients when it is cut off. A slow client, which the rule " +
    'counts too, is cut off and loses what waited.',
  remedy:
    'If finding SERVER_004 is open, look at the server at the other end: is it short of CPU, does it swap, is it paused? Then at the ' +
    'network between them: CLUSTER_115, SERVER_010, SERVER_018 and LEAF_002 name slow ones. The log names the connection ("Slow Consumer"). Else it is clients: ' +
    'CONN_102 names them. Take work out of their message handlers, or share their load over a queue group.',
  evaluate({ target, varz, closed, history }, { at, limits }) {
    const stats = varz.slow_consumer_stats;
    const totals: Record<Kind, number> = {
      routes: stats?.routes ?? 0,
      gateways: stats?.gateways ?? 0,
      leafnodes: stats?.leafs ?? 0,
    };
    const grown: Record<Kind, number> = {
      routes: history.routesTotal(totals.routes)?.value ?? 0,
      gateways: history.gatewaysTotal(totals.gateways)?.value ?? 0,
      leafnodes: history.leafnodesTotal(totals.leafnodes)?.value ?? 0,
    };
    const { keys } = history.slow(kinds.map((key) => ({ key, at, count: grown[key], note: { at } })));
    const slowLeafnodes = (closed.ok ? closed.value.rows : []).filter(
      (row) => row.kind === 'Leafnode' && row.reason.startsWith('Slow Consumer'),
    );
    const evicted = history.evicted(slowLeafnodes.map(() => ({ key: 'leafnodes', at }))).total;
    const counts = kinds.flatMap((kind) => {
      const { total = 0, samples = [] } = keys.get(kind) ?? {};
      const isFresh = at - (samples.at(-1)?.note.at ?? 0) < rowsComeWithin;
      const value = kind === 'leafnodes' ? (isFresh ? 0 : Math.max(0, total - evicted)) : total;
      return value > 0 ? [{ kind, value }] : [];
    });
    const { cores, ...load } = loadOf(varz);
    const seen = counts.map(({ kind, value }) => `${kind} ${formatCount(value)}`).join(', ');
    return measured(
      `${seen === '' ? 'none slow' : `slow: ${seen}`} in ${formatDuration(limits.slow.over)}`,
      counts.map(({ kind, value }) => ({
        limit: 'slow' as const,
        entity: { kind: 'connections' as const, name: `${kind} of ${target.name}` },
        value,
        data: {
          target,
          kind,
          over: limits.slow.over,
          writeDeadlineMs: varz.write_deadline / 1e6,
          load: loadWords({ ...load, cores }),
          total: known(() => varz.slow_consumers),
        },
      })),
    );
  },
  describe: ({ value, data: { target, kind, over, writeDeadlineMs, load, total } }) => ({
    summary: `${target.name} counted ${kind} as slow ${plural(value, 'time')} within ${formatDuration(over)}.`,
    evidence: [
      `a write that takes longer than ${formatDuration(writeDeadlineMs)} (write_deadline) counts`,
      ...(kind === 'leafnodes'
        ? []
        : [`which ${kind}: not shown, the closed ring keeps clients and leafnodes only`]),
      ...(total === null ? [] : [`slow consumers of all kinds since its start: ${formatCount(total)}`]),
      load,
    ],
    commands: {
      nats: `nats server report ${kind}`,
      curl: `curl -s '${target.url}/varz' | grep -A5 '"slow_consumer_stats"'`,
    },
  }),
});
