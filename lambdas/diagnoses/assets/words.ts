import { inline } from '../../engine/format.ts';
import type { Group } from '../../readings/decoders/assets.ts';
import { accountQuery, shellQuoted } from '../shell-quoted.ts';
import type { Consumer, Held, Replicated, Stream } from './assets.ts';

/** For a shell: names of streams and consumers may hold what it would read otherwise. */
const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : shellQuoted(text));

type Placed = Pick<Replicated<{ readonly group: Group }>, 'leaderName' | 'replicas' | 'leader'>;

/** `led by n1, replicas on n2 and n3`, `without a leader, replicas on n1, n2`. */
export function placement({ leaderName, replicas, leader }: Placed): string {
  const known = replicas.map(({ server }) => server.name);
  const told = (leader?.row.group ?? replicas[0]?.row.group ?? noGroup).replicas.map(({ name }) => name);
  const others = [...new Set([...known, ...told])].filter((name) => name !== leaderName).toSorted();
  const leads = leaderName === null ? 'without a leader' : `led by ${leaderName}`;
  return others.length === 0 ? leads : `${leads}, replicas on ${inline(others, 5)}`;
}

const noGroup: Pick<Group, 'replicas'> = { replicas: [] };

/** `nats` commands act in the account of their context: it is named where it is not the global one. */
const contextOf = ({ accountName }: Pick<Stream, 'accountName'>): string =>
  accountName === '$G' ? '' : ` # with a context of account ${accountName.replaceAll(/[\n\r]/g, ' ')}`;

export const streamCommands = (stream: Stream) => ({
  nats: `nats stream info ${quoted(stream.name)}${contextOf(stream)}`,
  curl: curlOf(stream, stream.leader ?? stream.replicas[0], `streams=true&config=true`),
});

/** Stream and consumer as `nats consumer` commands take them. */
export const asArguments = ({ name, stream }: Consumer): string => `${quoted(stream.name)} ${quoted(name)}`;

export const consumerCommands = (consumer: Consumer) => ({
  nats: `nats consumer info ${asArguments(consumer)}${contextOf(consumer.stream)}`,
  curl: curlOf(consumer.stream, consumer.leader ?? consumer.replicas[0], `consumers=true&config=true`),
});

/** From the server that leads, whose row counts. */
function curlOf({ account }: Stream, from: Held<unknown> | undefined, asked: string): string {
  return jszOf(from?.server.target.url ?? '', account, asked);
}

const jszOf = (url: string, account: string, asked: string): string =>
  `curl -s '${url}/jsz?${accountQuery(account)}&${asked}'`;

/** For a stream that no server shows any more: what its account holds. */
export const accountCommands = (gone: Pick<Stream, 'account' | 'accountName'>, url: string) => ({
  nats: `nats stream ls${contextOf(gone)}`,
  curl: `${jszOf(url, gone.account, 'streams=true')} | grep '"name"'`,
});
