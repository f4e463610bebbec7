import { atLeast, measured, notApplicable, type Entity, type Target } from '../../define.ts';
import { formatBytes, formatPercent } from '../../engine/format.ts';

export const jetStreamIsOffHere = notApplicable('JetStream is off on this server');

export const serverEntity = ({ name }: Target): Entity => ({ kind: 'server', name });

/** What is in use of something that has a maximum, in bytes. */
export type Share = { readonly target: Target; readonly part: number; readonly most: number };

export const shareText = ({ part, most }: Share): string =>
  `${formatBytes(part)} of ${formatBytes(most)} (${formatPercent(part / most)})`;

/** One server's share of a maximum, compared with this limit. */
export const measuredShare = <const LimitName extends string, S extends Share>(limit: LimitName, share: S) =>
  measured(shareText(share), [
    { limit, entity: serverEntity(share.target), value: share.part / share.most, data: share },
  ]);

/**
 * Limits of a store. The built-in rules on both warn earlier, by `/varz`: it has no maximum after a start during which it was asked
 * before JetStream ran. For such a server no rule pages.
 */
export const storeLimits = (option: string) => ({
  used: atLeast({ warning: 0.9, critical: 0.95 }, { unit: 'ratio', of: `\`${option}\` in use` }),
  unseen: atLeast(
    { warning: 0.9, critical: 0.95 },
    { unit: 'ratio', of: 'the same of a server whose `/varz` shows no maximum, so that rules cannot tell' },
  ),
});

/** @param shown the maximum in `/varz`, 0 where it shows none */
export const measuredStore = <S extends Share>(share: S, shown: number) =>
  measuredShare(shown > 0 ? 'used' : 'unseen', share);
