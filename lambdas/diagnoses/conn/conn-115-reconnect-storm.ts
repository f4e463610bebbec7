import {
  above,
  defineDiagnosis,
  earlier,
  explaining,
  formatDuration,
  increase,
  measured,
  minutes,
  nothing,
  previous,
  type ClosedConnection,
  type ClusterFacts,
} from '../../define.ts';
import { meansClient } from '../../engine/client-patterns.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { clientName, shown } from '../client-name.ts';
import { leastLevel } from '../clients/least-level.ts';
import { tally } from '../tally.ts';
import { classified } from './closed-classes.ts';
import { closedReportCommand, closedRowsCommand } from './closed-rows.ts';

/** Of the clients that are connected, so many leave and come within a minute: in five minutes more than there are. */
const share = 0.25;
/** Times what is usual. */
const unusual = 5;
/** What is usual is the mean of a day, and known after an hour. */
const [fewestRuns, dayRuns] = [60, 1_440];
/** A storm takes days to become usual. */
const stormRuns = 10 * dayRuns;
/** Clients a minute in the mean, and of how many runs. */
type Usual = readonly [mean: number, runs: number];
const usualOf = (figures: readonly number[] | null): Usual => [figures?.[0] ?? 0, figures?.[1] ?? 0];

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Neither what other diagnoses tell of nor what nobody wants to be told: refused and broken connections, health probes, who is ignored. */
const leftByThemselves =
  ({ closeReasons, clients: { ignore } }: ClusterFacts) =>
  (varz: Varz, rows: readonly ClosedConnection[]): readonly ClosedConnection[] => {
    const { classes, ofNobody } = classified(varz, rows, closeReasons);
    return classes.planned.filter(
      (row) =>
        row.kind === 'Client' &&
        !ofNobody.has(row) &&
        !ignore.some((each) =>
          meansClient(each, { account: row.account ?? '$G', name: clientName(row) ?? '' }),
        ),
    );
  };

/**
 * Clients that come and go of their own accord, while their number stays: CLUSTER_006 tells where it changes, CONN_003 and
 * CONN_101 to CONN_104 where the server or the network cut them off. A deployment replaces each client once.
 */
export default defineDiagnosis({
  id: 'CONN_115',
  title: 'Clients connect and leave again and again',
  scope: 'cluster',
  reads: { closed: explaining(minutes(2)) },
  history: { opened: increase(), connections: previous(), usual: earlier() },
  limits: {
    churn: above(
      { warning: 1_000 },
      {
        unit: 'count',
        of: 'clients of a cluster a minute that connected in place of others that left, a quarter of them or more and five times the usual',
      },
    ),
  },
  for: minutes(5),
  why:
    'Each connection costs a login, perhaps with TLS, and all subscriptions anew: together they can take the servers more than their ' +
    'messages do, and what is sent while a client is away is lost without JetStream.',
  remedy:
    'The finding names who comes and goes and how long they stay. Seconds: an application that connects for each request, or crashes ' +
    'and starts again. Always the same time: a time-out in front of the server, as of a load balancer or NAT. All at once: a ' +
    'client library or proxy that loses its connections. Let them wait longer between attempts until it is found.',
  evaluate({ servers, history }, { cluster, limits }) {
    const ownOf = leftByThemselves(cluster);
    const changes = servers.map(({ target, varz, closed, history: own }) => {
      const connections = varz.connections;
      const opened = own.opened(varz.total_connections);
      const before = own.connections(connections);
      const isKnown = opened !== null && before !== null && !opened.restarted && opened.seconds > 0;
      const came = isKnown ? Math.max(0, opened.value - Math.max(0, connections - before.value)) : 0;
      const all = closed?.ok === true ? closed.value.rows : [];
      const rows = ownOf(varz, all);
      const elsewhere = all.filter(({ kind }) => kind === 'Client').length - rows.length;
      const passed = isKnown ? opened.seconds / 60 : 1;
      return { target, connections, rows, rate: Math.max(0, came - elsewhere) / passed, isKnown };
    });
    const rate = changes.reduce((sum, each) => sum + each.rate, 0);
    const connections = changes.reduce((sum, each) => sum + each.connections, 0);
    const seen = `${plural(Math.round(rate), 'client')} a minute came in place of others, of ${formatCount(connections)}`;
    const isStorm = ([mean, runs]: Usual) =>
      runs >= fewestRuns &&
      rate > leastLevel(limits.churn) &&
      rate >= connections * share &&
      rate >= mean * unusual;
    const isKnown = changes.some((each) => each.isKnown);
    const learn = (figures: readonly number[] | null): Usual => {
      const [mean, runs] = usualOf(figures);
      if (!isKnown) return [mean, runs];
      const next = Math.min(runs + 1, dayRuns);
      return [mean + (rate - mean) / (isStorm([mean, runs]) ? stormRuns : next), next];
    };
    const before = usualOf(history.usual(new Map([['churn', learn]])).of('churn'));
    if (!isKnown || !isStorm(before)) return nothing(seen);
    const data = { changes, connections, usual: before[0], rows: changes.flatMap((each) => each.rows) };
    return measured(seen, [
      { limit: 'churn', entity: { kind: 'cluster', name: cluster.name }, value: rate, data },
    ]);
  },
  describe({ value, data: { changes, connections, usual, rows } }, { cluster }) {
    const ranked = (of: (row: ClosedConnection) => string) =>
      inline(
        tally(rows.map(of)).map(([text, count]) => `${shown(text)} ${formatCount(count)}`),
        5,
      );
    const [first] = changes.toSorted((a, b) => b.rate - a.rate);
    return {
      summary:
        `${plural(Math.round(value), 'client')} a minute connect to cluster ${cluster.name} and as many leave, while it holds ` +
        `${formatCount(connections)}; usual are ${formatCount(Math.round(usual))}.`,
      evidence: [
        ...(rows.length === 0
          ? ['who they are is not known: their closed connections could not be read, or were overwritten']
          : [
              `who left: ${ranked((row) => clientName(row) ?? '(unnamed)')}`,
              `from: ${ranked(({ ip }) => ip)}`,
              `they stayed ${formatDuration(middle(rows.map(({ lifetimeSeconds }) => lifetimeSeconds)) * 1_000)} in the middle`,
              `reasons: ${ranked(({ reason }) => reason)}`,
            ]),
        `servers: ${changes.map(({ target, rate }) => `${target.name} ${formatCount(Math.round(rate))} a minute`).join(', ')}`,
      ],
      commands: {
        nats: closedReportCommand(),
        curl: first === undefined ? '' : closedRowsCommand(first.target.url),
      },
    };
  },
});
