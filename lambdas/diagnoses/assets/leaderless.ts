import { measured, nothing, type Description } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { hasFrom } from '../../engine/versions.ts';
import type { ClusterAssets, Consumer, Stream } from './assets.ts';
import {
  byCause,
  leaderless,
  takingPart,
  type Asset,
  type Lacking,
  type Leaderless,
  type Suffering,
} from './membership.ts';
import type { Whereabouts } from './whereabouts.ts';
import { consumerCommands, streamCommands } from './words.ts';

/** Without a majority of their replicas, or with one. */
export function sufferingLeaderless<A extends Asset>(
  all: readonly A[],
  assets: ClusterAssets,
  { hasQuorum }: { readonly hasQuorum: boolean },
): readonly Suffering<Leaderless<A>>[] {
  if (all.every(({ leaderName }) => leaderName !== null)) return [];
  const living = takingPart(assets);
  const own = leaderless(all, living).filter((each) => each.hasQuorum === hasQuorum);
  return own.length === 0 ? [] : byCause(own, assets, living, fullStoresOf);
}

/** Consumers without a leader. One whose stream has none suffers from that, and is none of them. */
export const leaderlessOfLedStreams = ({ consumers }: ClusterAssets): readonly Consumer[] =>
  consumers.unled().filter(({ leaderName, stream }) => leaderName === null && stream.leaderName !== null);

type Commands = Description['commands'];

/** What is told of streams and of consumers alike. */
export type Kind<A extends Asset> = {
  readonly one: string;
  /** What they do without a leader. */
  readonly stops: { readonly one: string; readonly many: string };
  readonly commandsOf: (asset: A) => Commands;
  /** Shows all of an account. */
  readonly report: string;
};

export const ofStreams: Kind<Stream> = {
  one: 'stream',
  stops: { one: 'takes no message', many: 'take no message' },
  commandsOf: streamCommands,
  report: 'nats stream report --leaders',
};

export const ofConsumers: Kind<Consumer> = {
  one: 'consumer',
  stops: { one: 'delivers nothing', many: 'deliver nothing' },
  commandsOf: consumerCommands,
  report: 'nats consumer report --leaders',
};

/** `14 streams without a leader`. */
export const seenOf = (all: readonly Suffering<Lacking>[], one: string, lack: string): string =>
  `${plural(
    all.reduce((sum, { cases }) => sum + cases.length, 0),
    one,
  )} ${lack}`;

/**
 * The answer about those without a leader, or without a quorum.
 * @param total of all there are
 */
export const answerOn = <A extends Asset>(
  all: readonly Suffering<Leaderless<A>>[],
  { one, lack, total }: { readonly one: string; readonly lack: string; readonly total: number },
  whereabouts: () => Whereabouts,
) => {
  if (all.length === 0) return nothing(`${plural(total, one)}, none ${lack}`);
  const known = whereabouts();
  return measured(
    seenOf(all, one, lack),
    all.map((each) => ({
      limit: 'without' as const,
      entity: each.entity,
      value: each.cases.length,
      data: { ...each, whereabouts: known },
    })),
  );
};

export const namesOf = (cases: readonly { readonly asset: Asset }[]): string =>
  inline(
    cases.map(({ asset }) => asset.entity.name),
    5,
  );

export const missingOf = (cases: readonly Lacking[]): readonly string[] => [
  ...new Set(cases.flatMap(({ missing }) => missing)),
];

export const areMissing = (names: readonly string[]): string =>
  `${inline(names, 5)} ${names.length === 1 ? 'is' : 'are'} missing`;

/** `the store of n3 is full`. */
const areFull = (names: readonly string[]): string =>
  `the ${names.length === 1 ? 'store' : 'stores'} of ${inline(names, 5)} ${names.length === 1 ? 'is' : 'are'} full`;

/** Of one its own commands, of several the report. */
export const commandsOf = <A extends Asset>(
  [first, ...others]: readonly Lacking<A>[],
  kind: Kind<A>,
): Commands => {
  if (first === undefined) return { nats: kind.report, curl: '' };
  const own = kind.commandsOf(first.asset);
  return others.length === 0 ? own : { ...own, nats: kind.report };
};

/** `ORDERS (APP): on n1, n2, n3, 2 needed, n1 left`. */
const row = ({ asset, members, missing, quorum }: Leaderless): string => {
  const left = members.filter((name) => !missing.includes(name));
  const rest = left.length === 0 ? 'none' : inline(left, 5);
  return `${asset.entity.name}: on ${inline(members, 5)}, ${quorum} needed, ${rest} left`;
};

type Told<A extends Asset> = Suffering<Leaderless<A>> & { readonly whereabouts: Whereabouts };

const evidence = <A extends Asset>({ cases, whereabouts }: Told<A>): readonly string[] => [
  ...missingOf(cases).map(whereabouts),
  ...cases.map(row),
];

export const describeQuorumLost = <A extends Asset>(told: Told<A>, kind: Kind<A>): Description => {
  const { cases } = told;
  const isOne = cases.length === 1;
  return {
    summary:
      `${areMissing(missingOf(cases))}: ${plural(cases.length, kind.one)} ${isOne ? 'has' : 'have'} no quorum and no leader, and ` +
      `${isOne ? kind.stops.one : kind.stops.many}: ${namesOf(cases)}.`,
    evidence: evidence(told),
    commands: commandsOf(cases, kind),
  };
};

export const describeNoLeader = <A extends Asset>(told: Told<A>, kind: Kind<A>): Description => {
  const { cases, cause } = told;
  const isOne = cases.length === 1;
  const missing = missingOf(cases);
  const there =
    missing.length === 0
      ? 'though all replicas are there'
      : `though a majority is there, ${areMissing(missing)}`;
  const but = cause.kind === 'full' ? `for ${areFull(cause.names)}` : there;
  return {
    summary:
      `${plural(cases.length, kind.one)} ${isOne ? 'has' : 'have'} no leader and ${isOne ? kind.stops.one : kind.stops.many}, ` +
      `${but}: ${namesOf(cases)}.`,
    evidence: evidence(told),
    ...causeTexts(told),
    commands: commandsOf(cases, kind),
  };
};

/** From 2.12 on what was in memory, or changed its size, waits for the replica that holds the newest copy. */
const waitsForNewest = ({ asset }: Leaderless): boolean =>
  asset.replicas.some(({ server }) => hasFrom(server.varz.version, ['2.12.0']));

/** Servers of its replicas that refuse to store more: large messages from 90 % on. */
const fullStoresOf = ({ asset }: Leaderless): readonly string[] =>
  asset.replicas.flatMap(({ server: { name, reading } }) =>
    reading.config.max_storage > 0 && reading.storage >= 0.9 * reading.config.max_storage ? [name] : [],
  );

/** Empty where the diagnosis' own texts say it. */
function causeTexts({ cause, cases }: Suffering<Leaderless>): Pick<Description, 'why' | 'remedy'> {
  if (cause.kind === 'cut')
    return {
      why:
        "JetStream's meta layer has no leader either. The servers answer us: they do not reach each other, or others that are " +
        'not watched are gone.',
      remedy:
        'Are the cluster ports (usually 6222) open between all servers, both ways? Look for route errors in their logs. Restart ' +
        'nothing before: each server that restarts has to catch up first.',
    };
  if (cause.kind === 'full') {
    return {
      why:
        `${areFull(cause.names).replace('the', 'The')}: a leader that cannot write gives up, and no other is elected. The others may ` +
        'go on naming it.',
      remedy:
        'Give the store room as SERVER_019 says. A purge of a stream without a leader is refused, and a restart alone changes nothing.',
    };
  }
  const missing = missingOf(cases);
  if (missing.length === 0 || !cases.some(waitsForNewest)) return {};
  return {
    why:
      'A majority of the replicas is there, and they elect no leader. From nats-server 2.12 on they may wait for one more: ' +
      `${inline(missing)} may hold the newest copy.`,
    remedy:
      `Bring ${inline(missing)} back, with its store: what it holds may be newer than what the others have. Only if it is gone for ` +
      'good, remove it (`nats server cluster peer-remove`): its replicas move to other servers, and what only it held is lost.',
  };
}
