import type { AnsweringServer, Endpoint, FailedPath, PeerView, Read, Readings, Reads } from '../../define.ts';
import type { DnsLook } from '../../readings/found-by-name.ts';
import { isGone, type Failure, type Reading, type Target } from '../../readings/reading.ts';
import { ImpossibleFigure } from '../../readings/decoders/impossible.ts';
import type { LeftOut } from '../../readings/decoders/left-out.ts';
import { endpointPath } from '../endpoint-path.ts';
import { plural } from '../format.ts';
import type { Unseen } from '../../define.ts';
import { hasFrom } from '../versions.ts';

/** What one run read of one server. */
export type TargetReadings = {
  readonly target: Target;
  readonly readings: { readonly [E in Endpoint]?: Reading<Readings[E]> };
  /** Who answered; absent where it does not matter. */
  readonly answering?: Answering;
};

/** Who answered at a target's URL. */
export type Answering = {
  /** The process whose replies were taken; null where none tells. */
  readonly id?: string | null;
  /** Under which histories of this server are kept. */
  readonly slot: string;
  /** Who answered lately, the latest first; more than one where the URL leads to several servers. */
  readonly servers: readonly AnsweringServer[];
  /** The target at which the same server counts. */
  readonly twin: Target | null;
};

/** The readings of one run, with the time they were taken; pure data. */
export type Snapshot = {
  readonly at: number;
  readonly servers: readonly TargetReadings[];
  /** What was found behind DNS names. */
  readonly looks?: readonly DnsLook[];
};

/** Who answered; where nobody asked, the target's server and no other. */
export const answeringOf = ({ target, answering }: Pick<TargetReadings, 'target' | 'answering'>): Answering =>
  answering ?? { slot: target.name, servers: [], twin: null };

/**
 * What was not seen of these endpoints on a server that was read: rows that are not as expected, what verdicts asked for, servers
 * behind its URL.
 */
export function unseenOf(read: TargetReadings, reads: Reads): readonly Unseen[] {
  const { target, readings } = read;
  const names = Object.keys(reads) as Endpoint[];
  return [
    ...(answeringOf(read).servers.length > 1 ? [behind(target)] : []),
    ...names.flatMap((endpoint) => {
      const reading = readings[endpoint];
      const whole = `${target.name} ${endpointPath(endpoint)}`;
      if (reading?.ok) return missingIn(reading.value).map((words) => failed(`${words} of ${whole}`));
      const isUnseen = reads[endpoint]?.mode === 'asked' && reading !== undefined && !isGone(reading.failure);
      return isUnseen ? [failed(whole)] : [];
    }),
  ];
}

const failed = (name: string): Unseen => ({ name, why: 'failed' });

export const behind = ({ name }: Target): Unseen => {
  return { name: `another server behind the URL of ${name}`, why: 'hidden' };
};

/** A reply whose rows are not all there. */
type Gaps = { readonly leftOut?: LeftOut | null; readonly unaccounted?: number };

function missingIn(reply: object): readonly string[] {
  const { leftOut, unaccounted = 0 }: Gaps = reply;
  return [
    ...(leftOut ? [`${plural(leftOut.count, 'row')} (${leftOut.problem})`] : []),
    ...(unaccounted > 0 ? [`${plural(unaccounted, 'new row')} (the clock was set back)`] : []),
  ];
}

export type Readable = { readonly view: PeerView<Reads>; readonly read: TargetReadings };
export type Unread = { readonly target: Target; readonly failure: Failure };

/** How a sentence names what could not be read; where something was, with what is wrong in it. */
export const asUnseen = ({ target: { name }, failure: { code, message } }: Unread): Unseen => {
  const wrong = code === 'unexpected-shape' ? ` (${message.replace(`${name} `, '')})` : '';
  return { name: `${name}${wrong}`, why: 'failed' };
};

/** `isApart`: it has no part in what others are asked. */
type TooOld = { readonly target: Target; readonly reason: string; readonly isApart: boolean };

/** Servers that have every reading asked for, those that failed, and those too old to have it. */
export type Views = {
  readonly readable: readonly Readable[];
  readonly unread: readonly Unread[];
  readonly tooOld: readonly TooOld[];
};

/** Every reading that `reads` implies: a server's `/varz` tells its version and start, so it always counts. */
const implied = (reads: Reads): readonly (readonly [Endpoint, Read])[] =>
  Object.entries({ varz: { mode: 'required', firstReleases: [] }, ...reads } satisfies Reads) as [
    Endpoint,
    Read,
  ][];

const notRead = ({ name }: Target, endpoint: Endpoint): Reading<never> => ({
  ok: false,
  failure: { code: 'unreachable', message: `${name} ${endpointPath(endpoint)}: not read` },
});

function view(
  reads: readonly (readonly [Endpoint, Read])[],
  read: TargetReadings,
): Readable | Unread | TooOld {
  const { target, readings } = read;
  const version = readings.varz?.ok ? readings.varz.value.version : null;
  const values: [Endpoint, unknown][] = [];
  for (const [endpoint, { mode, firstReleases, olderIsApart }] of reads) {
    if (version !== null && firstReleases.length > 0 && !hasFrom(version, firstReleases)) {
      return {
        target,
        reason: `nats-server ${version} does not show it (from ${firstReleases.join(', ')} on)`,
        isApart: olderIsApart === true,
      };
    }
    if (mode === 'explaining' || mode === 'asked') {
      values.push([endpoint, readings[endpoint] ?? null]);
      continue;
    }
    const reading: Reading<unknown> = readings[endpoint] ?? notRead(target, endpoint);
    if (mode === 'required' && !reading.ok) return { target, failure: reading.failure };
    values.push([endpoint, mode === 'required' && reading.ok ? reading.value : reading]);
  }
  return { read, view: { target, ...Object.fromEntries(values) } as unknown as PeerView<Reads> };
}

export function viewServers(reads: Reads, servers: readonly TargetReadings[]): Views {
  const asked = implied(reads);
  const all = servers.map((server) => view(asked, server));
  return {
    readable: all.filter((each) => 'view' in each),
    unread: all.filter((each) => 'failure' in each),
    tooOld: all.filter((each) => 'reason' in each),
  };
}

/** Which of these endpoints failed on a server, and how. */
export const failuresOf = (
  { readings }: TargetReadings,
  endpoints: readonly Endpoint[],
): readonly FailedPath[] =>
  endpoints.flatMap((endpoint) => {
    const reading = readings[endpoint];
    return reading?.ok === false ? [{ path: endpointPath(endpoint), failure: reading.failure }] : [];
  });

/** The server of which a figure was read that cannot be, and that as its failure. @throws whatever else was thrown */
export function impossibleOf(error: unknown, readable: readonly Readable[]): readonly [Readable, Failure] {
  if (!(error instanceof ImpossibleFigure)) throw error;
  for (const each of readable) {
    const { target, readings } = each.read;
    const own = Object.entries(readings) as [Endpoint, Reading<unknown>][];
    const found = own.find(([, reading]) => reading.ok && reading.value === error.reply);
    if (found === undefined) continue;
    const message = `${target.name} ${endpointPath(found[0])}: ${error.message}`;
    return [each, { code: 'unexpected-shape', message }];
  }
  throw error;
}
