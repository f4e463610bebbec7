import type { DnsLook } from '../../define.ts';

const expected = ({ dns: { expect } }: DnsLook): number => expect ?? 1;

/** Servers that are not behind a DNS name though settings expect them there; where DNS does not say, as it said last. */
export const missedBehind = (look: DnsLook): number => Math.max(0, expected(look) - look.servers.length);

/** Of all names together. */
export const missedBehindNames = (looks: readonly DnsLook[]): number =>
  looks.reduce((sum, look) => sum + missedBehind(look), 0);
