import { measured, notApplicable, type Entity, type Target } from '../../define.ts';
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
