import type { Severity } from '../../../lambdas/define.ts';
import type { Seen } from './seen.ts';

export type Told = readonly [severity: Severity, entity: string];

/** What another tool tells, by a rule of its own. */
export type Rule = {
  readonly id: string;
  /** Our diagnoses that answer the same question. */
  readonly ours: readonly string[];
  /** How grave alone is compared where ours names by their servers what it has in common. */
  readonly compares: 'entities' | 'severity';
  /** At a moment, and what it was like at the one before. */
  readonly tells: (seen: Seen, before: Seen | null) => readonly Told[];
};

export type Compares = Pick<Rule, 'compares'>;
export const bySeverity: Compares = { compares: 'severity' };

export const rule = (
  id: string,
  ours: readonly string[],
  tells: Rule['tells'],
  { compares }: Compares = { compares: 'entities' },
): Rule => ({ id, ours, compares, tells });

type Named = { readonly name: string };

/** Those of which it holds, told alike. */
export const where = <T extends Named>(
  severity: Severity,
  all: readonly T[],
  holds: (one: T) => boolean,
): readonly Told[] => all.filter(holds).map(({ name }): Told => [severity, name]);

const monitor = 'io.nats.monitor.';

/** A level that an owner set in metadata, durations in nanoseconds; null for none, for 0 and less. */
export function owned(metadata: Readonly<Record<string, string>>, key: string): number | null {
  const value = metadata[monitor + key] ?? '';
  const level = value.endsWith('s') ? Number(value.slice(0, -1)) * 1e9 : Number(value);
  return level > 0 ? level : null;
}
export const reaches = (metadata: Readonly<Record<string, string>>, key: string, value: number): boolean =>
  value >= (owned(metadata, key) ?? Infinity);
export const exceeds = (metadata: Readonly<Record<string, string>>, key: string, value: number): boolean =>
  value > (owned(metadata, key) ?? Infinity);
export const wantsPinned = (metadata: Readonly<Record<string, string>>): boolean =>
  metadata[`${monitor}pinned`] === 'true';

const written = (levels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(levels).map(([key, value]) => [monitor + key, value]));

/** As if the owners of what was recorded had set levels. */
export const ownersOf = {
  stream: written({
    'peer-expect': '3',
    'peer-lag-critical': '10',
    'peer-seen-critical': '5s',
    'msgs-warn': '20',
    'msgs-critical': '10',
    'subjects-warn': '5',
    'subjects-critical': '1',
  }),
  /** Of a mirror, and of a stream with sources: these beside the others. */
  copy: written({
    'lag-critical': '5',
    'seen-critical': '30s',
    'min-sources': '1',
    'max-sources': '1',
    'msgs-warn': '10',
    'msgs-critical': '20',
  }),
  consumer: written({
    'outstanding-ack-critical': '5',
    'waiting-critical': '1',
    'unprocessed-critical': '5',
    'last-delivery-critical': '300s',
    'last-ack-critical': '300s',
    'redelivery-critical': '3',
  }),
  /** Of the consumers of a stream with one replica, beside the others. */
  worker: written({ pinned: 'true' }),
};
