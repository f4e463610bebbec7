import { formatDuration } from '../../define.ts';
import { formatBytes, formatCount, plural } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { mostCommon } from '../alike.ts';
import type { Member } from '../members.ts';

/** One option of a server's configuration, in words that no other value has; null where it cannot be compared. */
type Option = { readonly name: string; readonly of: (varz: Varz) => string | null };

const onOrOff = (is: boolean | undefined): string => (is === true ? 'on' : 'off');
const nanoseconds = (n: number): string =>
  n % 1e9 === 0 && n < 3_600e9 ? formatDuration(n / 1e6) : `${n / 1e9} s`;
/** `8 MiB`; what is no round figure in full. */
const bytes = (n: number): string => {
  const unit = [1_024 ** 3, 1_024 ** 2, 1_024].find((each) => n >= each) ?? 1;
  return n % unit === 0 ? formatBytes(n) : `${formatCount(n)} B`;
};
const limit = (n: number | undefined): string => (n === undefined || n <= 0 ? 'none' : formatCount(n));

/**
 * Of JetStream's maxima those that somebody chose: without one it is three quarters of what memory or disk had free at the
 * start, another figure on each server and after each start.
 */
const chosen = (n: number): string | null =>
  n > 0 && (n % 1e6 === 0 || n % 1_024 ** 2 === 0) ? bytes(n) : null;

type JetStream = NonNullable<Varz['jetstream']['config']>;
const jetStream = (name: string, of: (config: JetStream) => string | null): Option => ({
  name: `jetstream.${name}`,
  of: ({ jetstream: { stats, config } }) => (stats === undefined || config === undefined ? null : of(config)),
});

/** How many remotes each account has: their addresses differ where each server dials the hub that is near. */
function remotesOf({ leaf: { remotes } }: Varz): string {
  const byAccount = Map.groupBy(remotes, ({ local_account: account = '$G' }) => account);
  const counted = [...byAccount].map(
    ([account, own]) => `${plural(own.length, 'remote')} of account ${account}`,
  );
  return counted.toSorted().join(', ') || 'none';
}

/** The own name included. */
const gatewaysOf = ({ gateway: { gateways = [], name } }: Varz): string =>
  [...new Set([...gateways.map((each) => each.name), ...(name === undefined ? [] : [name])])]
    .toSorted()
    .join(', ') || 'none';

const options: readonly Option[] = [
  { name: 'max_payload', of: ({ max_payload: n }) => bytes(n) },
  { name: 'max_connections', of: ({ max_connections: n }) => limit(n) },
  { name: 'max_subscriptions', of: ({ max_subscriptions: n }) => limit(n) },
  { name: 'max_pending', of: ({ max_pending: n }) => bytes(n) },
  { name: 'max_control_line', of: ({ max_control_line: n }) => (n === undefined ? null : bytes(n)) },
  { name: 'ping_interval', of: ({ ping_interval: n }) => nanoseconds(n) },
  { name: 'ping_max', of: ({ ping_max: n }) => formatCount(n) },
  { name: 'write_deadline', of: ({ write_deadline: n }) => nanoseconds(n) },
  { name: 'tls', of: ({ tls_required: is }) => onOrOff(is) },
  { name: 'tls.verify', of: ({ tls_verify: is }) => onOrOff(is) },
  { name: 'cluster.tls', of: ({ cluster: { tls_required: is } }) => onOrOff(is) },
  {
    name: 'cluster.pool_size',
    of: ({ cluster: { pool_size: n } }) => (n === undefined ? null : formatCount(n)),
  },
  { name: 'leafnodes.remotes', of: remotesOf },
  { name: 'gateway.gateways', of: gatewaysOf },
  jetStream('domain', ({ domain = '' }) => domain || 'none'),
  jetStream('max_memory_store', ({ max_memory: n }) => chosen(n)),
  jetStream('max_file_store', ({ max_storage: n }) => chosen(n)),
  jetStream('sync_interval', ({ sync_interval: n, sync_always: always }) =>
    always === true ? 'always' : n === undefined ? null : nanoseconds(n),
  ),
];

const flagOption = (name: string): Option => ({
  name: `feature_flags.${name}`,
  of: ({ feature_flags: flags = {} }) => {
    const is = flags[name];
    return is === undefined ? null : onOrOff(is);
  },
});

/** Defaults of flags are others from release to release. */
function flagOptions(members: readonly Member[]): readonly Option[] {
  if (new Set(members.map(({ varz }) => varz.version)).size > 1) return [];
  const names = new Set(members.flatMap(({ varz }) => Object.keys(varz.feature_flags ?? {})));
  return [...names].toSorted().map(flagOption);
}

/** An option in which the members of a cluster differ. */
export type Drift = {
  readonly option: string;
  /** What most have, or where none is most, the one that has started last. */
  readonly most: string;
  readonly isMajority: boolean;
  readonly others: readonly { readonly member: Member; readonly value: string }[];
};

/** By meaning: names, ports, addresses and folders are each server's own, and so is `config_digest`. */
export const driftsOf = (members: readonly Member[]): readonly Drift[] =>
  [...options, ...flagOptions(members)].flatMap(({ name, of }): readonly Drift[] => {
    const compared = members.filter(({ varz }) => of(varz) !== null);
    if (compared.length < 2) return [];
    const valueOf = ({ varz }: Member) => of(varz) ?? '';
    const { value: most, isMajority, others } = mostCommon(compared, valueOf);
    if (others.length === 0) return [];
    return [
      {
        option: name,
        most,
        isMajority,
        others: others.map((member) => ({ member, value: valueOf(member) })),
      },
    ];
  });
