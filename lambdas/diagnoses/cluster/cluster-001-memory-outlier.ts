import { above, defineDiagnosis, hours, known, measured, minutes } from '../../define.ts';
import { formatBytes, formatCount, plural } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { membersOf, notCompared, type Member } from '../members.ts';

/** Two servers have no majority that could be the measure. */
const leastMembers = 3;
/** A server that has just started uses little, and would make outliers of all others. */
const settled = hours(6);
/** Above the average; less is no trouble however many times it is. */
const leastExcess = 512 * 2 ** 20;

type Cluster = { readonly name: string; readonly members: readonly Member[]; readonly average: number };

function comparable(members: readonly Member[]): readonly Cluster[] {
  const running = members.filter(({ varz }) => varz.uptime >= settled / 1_000);
  return [...Map.groupBy(running, ({ cluster }) => cluster)].flatMap(([name, own]) =>
    own.length < leastMembers
      ? []
      : [{ name, members: own, average: own.reduce((sum, { varz }) => sum + varz.mem, 0) / own.length }],
  );
}

const holds = ({ connections, subscriptions }: Varz): string =>
  `, ${plural(connections, 'client')}, ${plural(subscriptions, 'subscription')}`;

/** In a cluster of three 1.5 times the average is twice what each of the others uses, twice the average four times that. */
export default defineDiagnosis({
  id: 'CLUSTER_001',
  title: 'A server uses far more memory than the others of its cluster',
  brief: ['memory', 'far more than others'],
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    times: above(
      { info: 1.5, warning: 2 },
      { unit: 'count', servers: 3, of: "times the average memory of the cluster's servers" },
    ),
  },
  for: minutes(30),
  why:
    'Load is not spread: this server meets its limit while the others have room, and when it ends all of its clients and leaders ' +
    'come to them at once.',
  remedy:
    'Compare clients and leaders of streams over the servers (`nats server list`, `nats server report jetstream`). Clients that know one ' +
    'URL only stay there: give them all. Leaders stay where they came together after a restart: `nats stream cluster balance` moves ' +
    'them, with a pause of a second for each such stream. If neither is uneven, it may leak: SERVER_141.',
  evaluate({ servers, unread }) {
    const clusters = comparable(membersOf(servers));
    if (clusters.length === 0)
      return notCompared(unread, 'no cluster of three servers that have run for six hours');
    return measured(
      clusters.map(({ name, average }) => `${name}: ${formatBytes(average)} on average`).join(', '),
      clusters.flatMap(({ members, average }) =>
        members
          .filter(({ varz }) => varz.mem - average >= leastExcess)
          .map((member) => ({
            limit: 'times' as const,
            entity: { kind: 'server' as const, name: member.target.name },
            value: member.varz.mem / average,
            data: { member, average, others: members.filter((each) => each !== member) },
          })),
      ),
    );
  },
  describe: ({ value, data: { member, average, others } }) => ({
    summary:
      `${member.target.name} uses ${formatBytes(member.varz.mem)} of memory, ${formatCount(value)} times the average of ` +
      `cluster ${member.cluster} (${formatBytes(average)}).`,
    evidence: [member, ...others].map(
      ({ target, varz }) => `${target.name}: ${formatBytes(varz.mem)}${known(() => holds(varz)) ?? ''}`,
    ),
    commands: {
      nats: 'nats server report mem',
      curl: `curl -s '${member.target.url}/varz' | grep -E '"(mem|connections|subscriptions|uptime)"'`,
    },
  }),
});
