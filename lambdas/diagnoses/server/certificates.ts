import { hours, type Levels } from '../../define.ts';
import type { Certificate } from '../../readings/certificates.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Listener } from './listeners.ts';

/** What handshakes with a listener showed; times are epoch ms. */
export type Looked = {
  /** Null while none showed it. */
  readonly certificate: Certificate | null;
  /** When one last showed it. */
  readonly seenAt: number;
  readonly triedAt: number;
};

export const encoded = ({ certificate, seenAt, triedAt }: Looked): string =>
  JSON.stringify([certificate?.notBefore ?? null, certificate?.notAfter ?? null, seenAt, triedAt]);

export function decoded(text: string): Looked {
  const [notBefore, notAfter, seenAt, triedAt] = JSON.parse(text) as [
    ...[notBefore: number | null, notAfter: number | null],
    ...[seenAt: number, triedAt: number],
  ];
  const certificate = notBefore === null || notAfter === null ? null : { notBefore, notAfter };
  return { certificate, seenAt, triedAt };
}

/** For so long a certificate is told of that the last handshakes did not show: a port may be out of reach for a while. */
const believedFor = hours(24);

/** What is known of a listener after this run, by what was known before and what a handshake gave now. */
export function lookedAt(
  now: Reading<Certificate> | undefined,
  before: Looked | null,
  at: number,
): Looked | null {
  if (now === undefined) return before;
  if (now.ok) return { certificate: now.value, seenAt: at, triedAt: at };
  const isBelieved = before !== null && at - before.seenAt <= believedFor;
  return { certificate: null, seenAt: at, ...(isBelieved ? before : {}), triedAt: at };
}

/** Until when a listener's certificate is valid. */
export type Expiry = {
  readonly listener: Listener;
  /** Epoch ms. */
  readonly notAfter: number;
  /** From its first to its last day, ms; null where no handshake showed it. */
  readonly issuedFor: number | null;
  /** When a handshake showed it, epoch ms; null where `/varz` says it. */
  readonly seenAt: number | null;
};

export function expiryOf(listener: Listener, looked: Looked | null): Expiry | null {
  const shown = looked?.certificate ?? null;
  const notAfter = listener.notAfter ?? shown?.notAfter;
  if (notAfter === undefined) return null;
  const issuedFor = shown?.notAfter === notAfter ? notAfter - shown.notBefore : null;
  return {
    listener,
    notAfter,
    issuedFor,
    seenAt: listener.notAfter === null ? (looked?.seenAt ?? null) : null,
  };
}

const pause = { whileDue: hours(1), else: hours(6) } as const;

/**
 * Whether a handshake with a listener would tell what is not known: when its certificate expires, or of one that `/varz` says
 * expires soon, for how long it was issued.
 * @param soon ms before it expires
 */
export function isWanted(listener: Listener, looked: Looked | null, soon: number, at: number): boolean {
  const expiry = expiryOf(listener, looked);
  const isDue = expiry !== null && expiry.notAfter - at <= soon;
  if (listener.notAfter !== null && (!isDue || expiry.issuedFor !== null)) return false;
  const isAnswering = looked !== null && looked.seenAt === looked.triedAt && looked.certificate !== null;
  return looked === null || at - looked.triedAt >= (isDue && isAnswering ? pause.whileDue : pause.else);
}

/** Shares of its time that are the least to be told of: who renews when a third is left is well. */
const shares = { info: 2, warning: 4, critical: 12 } as const;

/** The levels, in seconds, for a certificate that was issued for so long, ms: one of a day is renewed within hours. */
export const levelsFor = (levels: Levels, issuedFor: number | null): Levels | undefined =>
  issuedFor === null
    ? undefined
    : Object.fromEntries(
        Object.entries(shares).flatMap(([severity, parts]) => {
          const level = levels[severity as keyof Levels];
          return level === undefined ? [] : [[severity, Math.min(level, issuedFor / 1_000 / parts)]];
        }),
      );
